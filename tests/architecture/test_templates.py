"""What a template may hold, and that each one serves."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment

from tests.architecture.source_tree import ROOT, TEMPLATES, modules, name_of, templates

LONGEST_PAGE = 150
# Written the same in every language, or names.
SAME_EVERYWHERE = re.compile(
    r"^(?:PDF|CSV|ODS|XLSX|iCalendar|Atom|JSON|API|QR|RSS|Rencontres|Français|English|UTC|e-mail|https?://\S*|[a-z]{1,2}|&[a-z]+;)$",
    re.IGNORECASE,
)
READ_ALOUD = {"alt", "title", "placeholder", "aria-label", "aria-description", "content"}
VOID_TAGS = set(re.findall(r"\w+", "area base br col embed hr img input link meta source track wbr"))
SILENT_TAGS = {"script", "style", "code", "kbd"}
# Outside any element a macro or a block may compute a class name; text for people has capitals or accents.
KEYWORDS = re.compile(r"[a-z0-9\s\N{WHITE SQUARE}_-]*")
LETTERS = re.compile(r"[^\W\d_]{2,}")
lexer = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def is_page(path):
    """Mails and printed documents have style sheets of their own and no browser policy."""
    parts = path.relative_to(TEMPLATES).parts
    is_apart = "mail" in parts or "pdf" in parts or path.stem.startswith(("mail", "document"))
    return path.suffix == ".html" and not is_apart


def pages():
    return [path for path in templates() if is_page(path)]


def markup_of(path):
    """The literal markup, with every expression replaced by one character that is not a letter."""
    tokens = lexer.lex(path.read_text(encoding="utf-8"))
    pieces, inside = [], False
    for _line, kind, value in tokens:
        if kind == "data":
            pieces.append(value)
            inside = False
        elif not inside:
            pieces.append("\N{WHITE SQUARE}")
            inside = True
    return "".join(pieces)


class Words(HTMLParser):
    """Collects what a person reads: text nodes and spoken attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID_TAGS:
            self.open.append(tag)
        names = dict(attrs)
        for name, value in attrs:
            spoken = name in READ_ALOUD and not (name == "content" and names.get("name") != "description")
            if spoken and value and LETTERS.search(value):
                self.keep(value)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        is_keyword = not self.open and KEYWORDS.fullmatch(data)
        if not is_keyword and not SILENT_TAGS.intersection(self.open):
            self.keep(data)

    def keep(self, text):
        words = [
            word for word in re.split(r"[\s\N{WHITE SQUARE}·:,.;/()«»–—-]+", text) if LETTERS.search(word)
        ]
        if any(not SAME_EVERYWHERE.match(word) for word in words):
            self.found.append((self.getpos()[0], " ".join(text.split())))


def test_every_text_a_person_reads_is_marked_for_translation():
    unmarked = []
    for path in templates():
        if "gallery" in path.parts:  # seen by developers only
            continue
        words = Words()
        if path.suffix == ".html":
            words.feed(markup_of(path))
        elif path.suffix == ".txt":
            words.handle_data(markup_of(path))
        unmarked += [f"{name_of(path)}:{line} {text[:60]!r}" for line, text in words.found]
    assert unmarked == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("an inline handler", r"<[^>]*\son[a-z]+\s*="),
        ("an inline style sheet", r"<style\b"),
        ("an inline script", r"<script\b(?![^>]*\s(?:src=|type=\"application/(?:ld\+)?json\"))"),
        ("a javascript: address", r"(?:href|action)\s*=\s*[\"']?\s*javascript:"),
        (
            "an address of another host",
            r"<(?:script|link|img|iframe|source)\b[^>]*\s(?:src|href)=[\"'](?:https?:)?//",
        ),
    ],
)
def test_no_page_holds(what, pattern):
    rule = re.compile(pattern, re.IGNORECASE)
    assert [name_of(path) for path in pages() if rule.search(markup_of(path))] == [], what


def test_every_form_that_changes_something_carries_its_token():
    """Forms come from components/form.html and post_button, which put the token in."""
    allowed = {"templates/components/form.html", "templates/components/post_button.html"}
    rule = re.compile(r"<form\b[^>]*method=[\"']?post", re.IGNORECASE)
    bare = [
        name_of(path)
        for path in pages()
        if rule.search(markup_of(path))
        and "csrf_token" not in path.read_text()
        and name_of(path) not in allowed
    ]
    assert bare == []


def test_page_templates_stay_short():
    assert [name_of(path) for path in templates() if len(path.read_text().splitlines()) > LONGEST_PAGE] == []


def test_no_template_trusts_what_it_shows():
    """`|safe` is for HTML that the markdown filter cleaned, and that filter already says so."""
    assert [name_of(path) for path in templates() if re.search(r"\|\s*safe\b", path.read_text())] == []


def test_every_template_is_used():
    """A mail is named by its folder: `"registrations/mail/confirmation"`, or `"confirmation"` beside the slice's name."""
    sources = [path.read_text(encoding="utf-8") for path in [*modules(), *templates()]]
    everything = "\n".join(sources)
    unused = []
    for path in templates():
        name = path.relative_to(TEMPLATES).as_posix()
        folder = name.rsplit("/", 1)[0]
        is_found_by_folder = "/mail/" in name and (
            folder in everything or f'"{folder.rsplit("/", 1)[1]}"' in everything
        )
        if name not in everything and not name.startswith("errors/") and not is_found_by_folder:
            unused.append(name)
    assert unused == []


def test_every_macro_is_used():
    texts = {path: path.read_text(encoding="utf-8") for path in templates()}
    unused = []
    for path, text in texts.items():
        for macro in re.findall(r"{%-?\s*macro\s+(\w+)", text):
            elsewhere = any(re.search(rf"\b{macro}\b", other) for at, other in texts.items() if at != path)
            if not elsewhere and len(re.findall(rf"\b{macro}\b", text)) < 2:
                unused.append(f"{name_of(path)} {macro}")
    assert unused == []


def test_every_script_is_used():
    texts = [
        path.read_text(encoding="utf-8")
        for path in [*modules(), *templates(), *ROOT.glob("static/js/**/*.js")]
    ]
    scripts = ROOT.glob("static/js/**/*.js")
    assert [name_of(path) for path in scripts if not any(path.stem in text for text in texts)] == []
