"""What a person who listens to a document gets: one table is one table, and nothing is read at each page."""

import inspect

import weasyprint
from weasyprint.pdf import tags

from eventsapp.pdf.origins import remembered_boxes
from tests.pdf.conformity import assert_conforms, page_contents, structure, tag_counts
from tests.pdf.documents import page

FILLER = "<p>" + "Un long propos qui descend vers le bas de la page. " * 120 + "</p>"


def attribute(element, name):
    owners = element.get("/A", {})
    return owners.get(name)


def test_the_private_hook_of_weasyprint_has_not_moved():
    """When this fails after an upgrade, read `origins.py` and `tagging.py` again before anything else."""
    assert weasyprint.__version__ == "70.0"
    assert list(inspect.signature(tags._build_box_tree).parameters) == [
        "box", "parent", "pdf", "page_number", "nums", "annotations", "tags",
    ]  # fmt: skip
    source = inspect.getsource(tags._build_box_tree)
    assert source.count("= _build_box_tree(") + source.count("from _build_box_tree(") >= 3, (
        "no longer recursive"
    )
    assert "_build_box_tree(" in inspect.getsource(tags.add_tags)


def test_the_hook_is_taken_away_after_each_rendering(render):
    before = tags._build_box_tree
    render(page("<p>Bonjour</p>"))
    assert tags._build_box_tree is before
    with remembered_boxes():
        assert tags._build_box_tree is not before


def test_a_table_over_three_pages_is_one_table(sheet_pdf):
    counts = tag_counts(sheet_pdf)
    assert (counts["/Table"], counts["/THead"], counts["/TBody"], counts["/Caption"]) == (1, 1, 1, 1)
    assert counts["/TR"] == 46


def test_a_header_repeated_on_each_page_is_read_once(sheet_pdf):
    columns = [e for e in structure(sheet_pdf) if e["/S"] == "/TH" and attribute(e, "/Scope") == "/Column"]
    assert len(columns) == 6
    first, *others = page_contents(sheet_pdf)
    artifacts = [content.count(b"/Pagination") for content in (first, *others)]
    assert min(artifacts[1:]) >= artifacts[0] + 6


def test_header_cells_say_what_they_head(sheet_pdf):
    scopes = [attribute(e, "/Scope") for e in structure(sheet_pdf) if e["/S"] == "/TH"]
    assert scopes.count("/Column") == 6
    assert scopes.count("/Row") == 45


def test_running_headers_and_page_numbers_are_not_read(minutes_pdf):
    assert all(b"/Artifact" in content for content in page_contents(minutes_pdf))


def test_a_paragraph_cut_by_a_page_end_is_one_paragraph(render):
    pdf = render(page(FILLER * 3))
    assert tag_counts(pdf)["/P"] == 3
    assert_conforms(pdf)


def test_lists_and_rows_cut_by_page_ends_stay_whole(render):
    items = "".join(f"<li>{FILLER[3:1500]}</li>" for _ in range(6))
    cell = f"<table><tr><th scope=row>Propos</th><td>{FILLER[3:-4]}</td></tr></table>"
    pdf = render(page(f"<ol>{items}</ol>{cell}"))
    counts = tag_counts(pdf)
    assert (counts["/L"], counts["/LI"], counts["/Table"], counts["/TR"], counts["/TD"]) == (1, 6, 1, 1, 1)
    assert_conforms(pdf)


def test_a_footer_repeated_by_a_table_is_read_once_at_its_end(render):
    rows = "".join(f"<tr><td>{i}</td></tr>" for i in range(90))
    table = f"<table><thead><tr><th>N</th></tr></thead><tfoot><tr><td>Fin</td></tr></tfoot><tbody>{rows}</tbody></table>"
    counts = tag_counts(render(page(table)))
    assert (counts["/Table"], counts["/THead"], counts["/TFoot"], counts["/TR"]) == (1, 1, 1, 92)


def test_lists_say_how_they_are_numbered(render):
    pdf = render(page("<ul><li>a</li></ul><ol><li>b</li></ol>"))
    assert [attribute(e, "/ListNumbering") for e in structure(pdf) if e["/S"] == "/L"] == [
        "/Disc",
        "/Decimal",
    ]


def test_a_term_is_the_label_of_its_descriptions(render):
    pdf = render(page("<dl><dt>Date</dt><dd>mardi</dd><dt>Lieux</dt><dd>Lille</dd><dd>Arras</dd></dl>"))
    counts = tag_counts(pdf)
    assert (counts["/L"], counts["/LI"], counts["/Lbl"], counts["/LBody"]) == (1, 2, 2, 3)
    assert_conforms(pdf)


def test_foreign_words_abbreviations_and_links_are_explained(minutes_pdf):
    elements = list(structure(minutes_pdf))
    assert [e["/Lang"] for e in elements if "/Lang" in e] == ["en"]
    assert [e["/E"] for e in elements if "/E" in e] == ["économie sociale et solidaire"]


def test_a_link_is_named_by_its_words(render):
    pdf = render(page('<p><a href="https://rencontres.example/">l’ordre du jour</a></p>'))
    references = [e for e in structure(pdf) if e["/S"] == "/Link"]
    annotation = references[0]["/K"][0].get_object()["/Obj"]
    assert annotation["/Contents"] == "l’ordre du jour"


def test_decoration_leaves_the_tag_tree(render):
    drawing = "<svg aria-hidden='true' width='9' height='9'><rect width='9' height='9'/></svg>"
    pdf = render(page(f"<p>Avec une image de décor {drawing}</p>"))
    assert tag_counts(pdf)["/Figure"] == 0
    assert_conforms(pdf)


def test_a_line_of_text_has_no_tag_of_its_own(minutes_pdf):
    assert tag_counts(minutes_pdf)["/Span"] <= 6
