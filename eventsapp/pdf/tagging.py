"""Repairs the tag tree that WeasyPrint writes, so that people who listen to a document can follow it.

WeasyPrint builds its tree page by page: a table over three pages becomes three tables, a repeated header
is content, running headers sit in the tree, header cells have no scope. Here every fragment of an element
becomes one element again, and what repeats on each page becomes an artifact.

It is called by `write_pdf` as its finisher (public), and knows the boxes through `origins` (private hook).
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pydyf

from eventsapp.pdf.origins import Memory

HEADINGS = {"/H1", "/H2", "/H3", "/H4", "/H5", "/H6"}
# Fragments of these on different pages are one element.
DIVISIBLE = HEADINGS | {
    "/Table", "/TBody", "/TR", "/TH", "/TD", "/L", "/LI", "/P", "/BlockQuote", "/Sect", "/Art", "/Part",
    "/Caption",
}  # fmt: skip
# Lines of text need no Span of their own in these.
TEXT_HOLDERS = HEADINGS | {"/P", "/TD", "/TH", "/Caption", "/LBody", "/Lbl", "/Link", "/Span"}
INLINE_TAGS = {"strong", "em", "b", "i", "abbr", "small", "time", "code", "sup", "sub", "cite", "q"}
LIST_NUMBERINGS = {
    "decimal": "/Decimal", "lower-alpha": "/LowerAlpha", "upper-alpha": "/UpperAlpha",
    "lower-roman": "/LowerRoman", "upper-roman": "/UpperRoman", "none": "/None",
}  # fmt: skip


class Null(pydyf.Object):  # type: ignore[misc]
    """Takes the place of an object that nothing refers to any more."""

    data: ClassVar[bytes] = b"null"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class TagTree:
    """The structure tree of one document, repaired in place by `repair`."""

    def __init__(self, pdf: Any, memory: Memory) -> None:
        root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
        self.pdf = pdf
        self.origins = memory.origins
        self.top = self.get(root["K"][0])
        self.parents: list[Any] = self.get(root["ParentTree"])["Nums"]
        self.artifacts = {page: set(marks) for page, marks in memory.margins.items()}
        self.page_numbers = {reference: page for page, reference in enumerate(pdf.page_references)}

    def repair(self) -> None:
        """Every element cut by page ends is one again; repetitions and decoration leave the tree."""
        waiting = [self.top]
        while waiting:
            node = waiting.pop()
            self._join_fragments(node)
            self._pair_terms(node)
            for child in filter(None, map(self._element, node["K"])):
                self._dress(child)
                if "K" in child and child.number in self.origins:
                    waiting.append(child)
        self._turn_into_artifacts()

    def get(self, reference: bytes) -> Any:
        return self.pdf.objects[_number(reference)]

    def _element(self, kid: Any) -> Any:
        """The structure element a child refers to; None for marked content and annotations."""
        child = self.get(kid) if isinstance(kid, bytes) else None
        return child if isinstance(child, pydyf.Dictionary) and child.get("Type") == "/StructElem" else None

    # -- one element for all its fragments -------------------------------------------------------------

    def _join_fragments(self, node: Any) -> None:
        siblings = _Siblings()
        for kid in node["K"]:
            element = self._element(kid)
            if element is None:
                siblings.kids.append(kid)
            elif self._is_bare_line(node, element):
                siblings.kids.append(self._lift_line(node, element))
            else:
                self._place(element, siblings)
        node["K"] = pydyf.Array(siblings.kids)

    def _place(self, element: Any, siblings: "_Siblings") -> None:
        """Keep the element among its siblings, or give its content to the fragment it continues."""
        key = self._key(element)
        first = siblings.first.get(key) if key else None
        if self._is_decoration(element) or (element["S"] == "/THead" and first is not None):
            self._remove(element)
            return
        if first is not None and self._continues(first, element, siblings):
            self._absorb(first, element)
            return
        if first is not None and element["S"] == "/TFoot":
            siblings.kids.remove(first.reference)  # a repeated footer counts once, where the table ends
            self._remove(first)
        siblings.keep(element, key)

    def _continues(self, first: Any, element: Any, siblings: "_Siblings") -> bool:
        origin = self.origins[element.number]
        if element["S"] == "/TFoot" or self.origins[first.number].page == origin.page:
            return False
        return (element["S"] in DIVISIBLE and not origin.is_anonymous) or siblings.previous is first

    def _key(self, element: Any) -> tuple[Any, str, str] | None:
        origin = self.origins.get(element.number)
        if origin is None or origin.box.element is None:
            return None
        return origin.box.element, origin.box.element_tag, element["S"]

    def _is_bare_line(self, node: Any, element: Any) -> bool:
        return element["S"] == "/Span" and node["S"] in TEXT_HOLDERS and element.number not in self.origins

    def _lift_line(self, node: Any, span: Any) -> Any:
        """Put the marked content of a line directly into its parent."""
        mark, page = span["K"][0], self.page_numbers[span["Pg"]]
        self.parents[2 * page + 1][mark] = node.reference
        if span["Pg"] == node["Pg"]:
            self._free(span)
            return mark
        span.clear()  # its parent began on another page: a reference that names the page
        span.update({"Type": "/MCR", "Pg": self.pdf.page_references[page], "MCID": mark})
        return span.reference

    def _absorb(self, first: Any, element: Any) -> None:
        page = self.origins[element.number].page
        for kid in element["K"]:
            first["K"].append(self._adopt(first, element, kid, page))
        for i in range(2 * len(self.page_numbers) + 1, len(self.parents), 2):
            if self.parents[i] == element.reference:  # the annotation of a link cut by a page end
                self.parents[i] = first.reference
        self.origins[first.number].page = page
        self._free(element)

    def _adopt(self, first: Any, element: Any, kid: Any, page: int) -> Any:
        if isinstance(kid, int):
            marked = pydyf.Dictionary({"Type": "/MCR", "Pg": element["Pg"], "MCID": kid})
            self.pdf.add_object(marked)
            self.parents[2 * page + 1][kid] = first.reference
            return marked.reference
        child = self.get(kid)
        if "P" in child:
            child["P"] = first.reference
        return kid

    def _pair_terms(self, node: Any) -> None:
        """In a <dl>, a term is the label of the descriptions that follow it, not an item of its own."""
        if node["S"] != "/L" or self._html_tag(node) != "dl":
            return
        kids: list[Any] = []
        for item in map(self.get, node["K"]):
            if self._html_tag(item) == "dd" and kids:
                self._absorb(self.get(kids[-1]), item)
            else:
                self._name_label(item)
                kids.append(item.reference)
        node["K"] = pydyf.Array(kids)

    def _name_label(self, item: Any) -> None:
        for label in filter(None, map(self._element, item["K"])):
            if self._html_tag(label) == "dt" and label["S"] == "/LBody":
                label["S"] = "/Lbl"

    def _html_tag(self, element: Any) -> str | None:
        origin = self.origins.get(element.number)
        return None if origin is None or origin.box.element is None else origin.box.element.tag

    # -- out of the tree ------------------------------------------------------------------------------

    def _is_decoration(self, element: Any) -> bool:
        origin = self.origins.get(element.number)
        if element["S"] != "/Figure" or origin is None or origin.box.element is None:
            return False
        attributes = origin.box.element.attrib
        marks = (("alt", ""), ("role", "presentation"), ("aria-hidden", "true"))
        return any(attributes.get(name) == value for name, value in marks)

    def _remove(self, element: Any) -> None:
        """Take a branch out of the tree; what it shows becomes an artifact of its page."""
        waiting = [(element, self.origins[element.number].page)]
        while waiting:
            node, page = waiting.pop()
            self._free(node)
            for kid in node.get("K", ()):
                if isinstance(kid, int):
                    self.artifacts.setdefault(page, set()).add(kid)
                elif isinstance(child := self.get(kid), pydyf.Dictionary):
                    origin = self.origins.get(child.number)
                    waiting.append((child, origin.page if origin else page))

    def _free(self, element: Any) -> None:
        self.pdf.objects[element.number] = Null(element.number)

    def _turn_into_artifacts(self) -> None:
        for page, marks in self.artifacts.items():
            content = self.get(self.get(self.pdf.page_references[page])["Contents"])
            _mark_as_pagination(content.stream, marks)
            owners = self.parents[2 * page + 1]
            for mark in marks:
                if owners[mark] != b"null":
                    self._free(self.get(owners[mark]))
                owners[mark] = b"null"

    # -- what the elements say about themselves -------------------------------------------------------

    def _dress(self, element: Any) -> None:
        origin = self.origins.get(element.number)
        if origin is None or origin.box.element is None:
            return
        if element["S"] in ("/TH", "/TD"):
            _dress_cell(element, origin.box.element.attrib)
        if origin.is_element:
            _dress_element(element, origin.box)


@dataclass
class _Siblings:
    """The children of one node, as far as they are sorted out."""

    kids: list[Any] = field(default_factory=list)
    first: dict[tuple[Any, str, str], Any] = field(default_factory=dict)
    previous: Any = None

    def keep(self, element: Any, key: tuple[Any, str, str] | None) -> None:
        if key:
            self.first[key] = element
        self.previous = element
        self.kids.append(element.reference)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _mark_as_pagination(stream: list[Any], marks: set[int]) -> None:
    for i, item in enumerate(stream):
        if type(item) is pydyf.Dictionary and item.get("MCID") in marks:
            stream[i - 1] = "/Artifact"
            stream[i] = pydyf.Dictionary({"Type": "/Pagination"})


def _dress_cell(cell: Any, attributes: Any) -> None:
    # Scope instead of Headers: WeasyPrint's identifiers repeat from page to page.
    cell.pop("ID", None)
    table_attributes = cell["A"]
    table_attributes.pop("Headers", None)
    if cell["S"] == "/TH":
        is_row = attributes.get("scope", "").startswith("row")
        table_attributes["Scope"] = "/Row" if is_row else "/Column"
    elif len(table_attributes) == 1:
        del cell["A"]


def _dress_element(element: Any, box: Any) -> None:
    html, attributes = box.element, box.element.attrib
    if element["S"] == "/L":
        numbering = LIST_NUMBERINGS.get(str(box.style["list_style_type"]), "/Disc")
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
    elif element["S"] == "/NonStruct" and html.tag in INLINE_TAGS:
        element["S"] = "/Span"
    elif element["S"] == "/Link" and box.link_annotation:
        _name_link(box.link_annotation, html)
    if attributes.get("lang") and html.tag != "html":
        element["Lang"] = pydyf.String(attributes["lang"])
    if html.tag == "abbr" and attributes.get("title"):
        element["E"] = pydyf.String(attributes["title"])


def _name_link(annotation: Any, html: Any) -> None:
    words = " ".join("".join(html.itertext()).split())
    name = html.attrib.get("aria-label") or html.attrib.get("title") or words
    if name:  # WeasyPrint writes the bare target: '#p' or an address
        annotation["Contents"] = pydyf.String(name)
