"""Lists of people come back equal from every way in which spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from eventsapp.core.columns import Column
from eventsapp.core.exports import list_file
from eventsapp.core.keys import search_key
from eventsapp.core.tables import errors
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.sheet import MOST_COLUMNS, MOST_LINES, MOST_MEGABYTES
from eventsapp.core.tables.titles import TITLES as PEOPLE
from eventsapp.core.tables.titles import guess_columns, titles_of

TITLES = ["Courriel", "Nom", "Prénom", "Organisme", "Fonction", "Civilité"]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16"]

# Letters of Windows-1252, separators, quotes and line breaks; no other control characters.
_letters = [chr(n) for n in range(0xA0, 0x100)] + list("œŒ€’«»…–—") + [chr(n) for n in range(0x20, 0x7F)]
cells = st.text(st.sampled_from([*_letters, ";", ",", "\t", '"', "\n", "\r"]), max_size=12)


def read_sheet(content):
    return read_table(content, lambda title: search_key(title) in titles_of(PEOPLE))


@st.composite
def tables(draw):
    titles = draw(st.lists(st.sampled_from(TITLES[1:]), unique=True, max_size=5))
    header = draw(st.permutations([TITLES[0], *titles]))
    row = st.lists(cells, min_size=len(header), max_size=len(header)).filter(
        lambda found: any(cell.strip() for cell in found)
    )
    return header, draw(st.lists(row, min_size=1, max_size=8))


def written(rows, delimiter=";", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


@given(
    table=tables(),
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_rows_come_back_equal_whatever_the_separator_and_the_encoding(
    table, delimiter, encoding, quoting
):
    header, rows = table
    content = written([header, *rows], delimiter, quoting).encode(encoding)
    if encoding == "cp1252" and not content.isascii():
        assume(not is_utf8(content))  # bytes that are both can only be read one way
    sheet = read_sheet(content)
    assert list(sheet.header) == header
    assert [list(row.cells) for row in sheet.rows] == rows


def is_utf8(content):
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_are_refused_with_a_sentence(content):
    refusals = []
    try:
        assert read_sheet(content).rows
    except errors.TableIsNotAccepted as refusal:
        refusals.append(str(refusal.message))
    assert all(refusals)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileIsEmpty),
        (b" \r\n\r\n", errors.FileIsEmpty),
        (codecs.BOM_UTF8, errors.FileIsEmpty),
        (b"Nom;Courriel\r\n", errors.FileIsEmpty),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", errors.WorkbookIsUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", errors.WorkbookIsOld),
        (b"%PDF-1.7\n%\xe2\xe3", errors.FileIsAPdf),
        (b"\x89PNG\r\n\x1a\n\x00\x00", errors.FileIsNoTable),
        (b"nom;courriel\r\nA;a@exemple.fr\x00", errors.FileIsNoTable),
        (b"nom;courriel\r\n\x81\x8d;a@exemple.fr", errors.FileIsNoTable),
        ("\ufeffa;b".encode("utf-16")[:-1], errors.FileIsNoTable),
        (b'nom;courriel\r\n"A;a@exemple.fr\r\n', errors.FileIsBadlyQuoted),
        (b"Camille;camille@exemple.fr\r\nDominique;d@exemple.fr", errors.FileHasNoHeader),
        (b"courriel;" + b"x;" * MOST_COLUMNS + b"\r\na@b.fr", errors.FileHasTooManyColumns),
        (b"courriel\r\n" + b"a@b.fr\r\n" * (MOST_LINES + 1), errors.FileHasTooManyLines),
        (b"courriel\r\n" + b"a" * MOST_MEGABYTES * 1024 * 1024, errors.FileIsTooHeavy),
    ],
)
def test_a_wrong_file_is_refused_by_its_own_name(content, refusal):
    with pytest.raises(refusal):
        read_sheet(content)


def test_as_many_lines_as_allowed_are_read():
    assert len(read_sheet(b"courriel\r\n" + b"a@b.fr\r\n" * MOST_LINES).rows) == MOST_LINES


def test_a_quote_left_open_is_told_with_its_line():
    with pytest.raises(errors.FileIsBadlyQuoted) as refusal:
        read_sheet(b'courriel;nom\r\na@b.fr;A\r\nc@d.fr;"B\r\n')
    assert "ligne 3" in str(refusal.value.message)


def test_blank_lines_are_left_out_and_numbers_stay_those_of_the_file():
    sheet = read_sheet(b'courriel;nom\r\n\r\na@b.fr;"A\r\nB"\r\n;\r\nc@d.fr;C\r\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (3, ("a@b.fr", "A\r\nB")),
        (6, ("c@d.fr", "C")),
    ]


def test_the_line_that_names_the_separator_is_obeyed_and_counted():
    sheet = read_sheet(b"sep=,\r\ncourriel,nom;x\r\na@b.fr,A\r\n")
    assert sheet.header == ("courriel", "nom;x")
    assert sheet.rows[0].number == 3


def test_a_line_of_old_macintosh_endings_is_read():
    assert len(read_sheet(b"courriel;nom\ra@b.fr;A\rc@d.fr;B").rows) == 2


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        (["Civilité", "NOM", "Prénom", "Mél."], ["civility", "family_name", "given_name", "email"]),
        (["E-mail", "Structure", "Qualité"], ["email", "organisation", "job_title"]),
        (["First name", "Surname", "Email address"], ["given_name", "family_name", "email"]),
        (["ADRESSE ÉLECTRONIQUE", "Code postal", "Courriel"], ["email", "", ""]),
        (["Company", "Job title", "Title", "Langue"], ["organisation", "job_title", "civility", "locale"]),
    ],
)
def test_titles_are_recognised_in_french_and_english(titles, fields):
    assert guess_columns(titles, titles_of(PEOPLE)) == fields


# --- Workbooks ------------------------------------------------------------------------------------


def workbook(fill):
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        fill(book)
    return file.getvalue()


def one_sheet(*rows):
    def fill(book):
        sheet = book.add_worksheet("Personnes")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for number, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, number, value, day)
                else:
                    sheet.write(line, number, value)

    return workbook(fill)


def test_cells_of_a_workbook_are_the_texts_that_people_see():
    sheet = read_sheet(
        one_sheet(
            ["Courriel", "Téléphone", "Nombre", "Jour", "Instant", "Accord"],
            ["a@b.fr", 33612345678, 1.5, date(2026, 12, 1), datetime.fromisoformat("2026-12-01T09:05"), True],
            ["c@d.fr", "+33 6 12 34 56 78", 0, "", "", False],
        )
    )
    assert [row.cells for row in sheet.rows] == [
        ("a@b.fr", "33612345678", "1,5", "01/12/2026", "01/12/2026 09:05", "oui"),
        ("c@d.fr", "+33 6 12 34 56 78", "0", "", "", "non"),
    ]
    assert "Personnes" in str(sheet.how)


def test_the_result_of_a_formula_is_read_never_the_formula():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Courriel", "Nom"])
        sheet.write(1, 0, "a@b.fr")
        sheet.write_formula(1, 1, '=HYPERLINK("http://exemple.fr")', None, "Étienne")

    assert read_sheet(workbook(fill)).rows[0].cells == ("a@b.fr", "Étienne")


def test_blank_lines_and_hidden_sheets_of_a_workbook_are_left_out():
    def fill(book):
        book.add_worksheet("Notes").hide()
        book.get_worksheet_by_name("Notes").write_row(0, 0, ["secret", "x"])
        book.add_worksheet("Vide")
        sheet = book.add_worksheet("Liste")
        sheet.activate()
        sheet.write_row(2, 0, ["Courriel", "Nom"])
        sheet.write_row(5, 0, ["a@b.fr", "A"])

    sheet = read_sheet(workbook(fill))
    assert sheet.header == ("Courriel", "Nom")
    assert [(row.number, row.cells) for row in sheet.rows] == [(6, ("a@b.fr", "A"))]


@pytest.mark.parametrize("kind", ["ods", "xlsx", "csv"])
def test_a_list_that_was_exported_is_read_again(app, kind):
    columns = [Column("email", "Courriel", lambda x: x[0]), Column("name", "Nom", lambda x: x[1])]
    people = [("a@exemple.fr", "d’Été"), ("b@exemple.fr", "+33 6")]
    with app.test_request_context():
        content = list_file(kind, columns, people, title="Liste", filename="liste", tz="Europe/Paris").data
    sheet = read_sheet(content)
    assert sheet.header == ("Courriel", "Nom")
    assert [row.cells for row in sheet.rows] == people


def test_a_cell_filled_at_the_end_of_the_sheet_ends_no_process_of_ours():
    rows = [["Courriel"], ["a@b.fr"]]

    def fill(book):
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(errors.WorkbookIsUnreadable):
        read_sheet(workbook(fill))


def test_a_workbook_that_unpacks_into_gigabytes_is_refused():
    packed = io.BytesIO(one_sheet(["Courriel"], ["a@b.fr"]))
    with zipfile.ZipFile(packed) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            with archive.open(name, "w") as part:
                if name.startswith("xl/sharedStrings"):
                    part.write(content.replace(b"</sst>", b""))
                    for _time in range(60):
                        part.write(b"<si><t>" + b"a" * 2**24 + b"</t></si>")
                    part.write(b"</sst>")
                else:
                    part.write(content)
    assert len(file.getvalue()) < MOST_MEGABYTES * 2**20
    with pytest.raises(errors.WorkbookIsUnreadable):
        read_sheet(file.getvalue())


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (one_sheet(), errors.FileIsEmpty),
        (one_sheet(["Courriel", "Nom"]), errors.FileIsEmpty),
        (one_sheet(["a@b.fr", "A"], ["c@d.fr", "B"]), errors.FileHasNoHeader),
        (one_sheet(["Courriel", *"x" * MOST_COLUMNS], ["a@b.fr"]), errors.FileHasTooManyColumns),
        (one_sheet(["Courriel"], *[["a@b.fr"]] * (MOST_LINES + 1)), errors.FileHasTooManyLines),
    ],
    ids=["empty", "titles alone", "no titles", "columns", "lines"],
)
def test_a_wrong_workbook_is_refused_by_its_own_name(content, refusal):
    with pytest.raises(refusal):
        read_sheet(content)
