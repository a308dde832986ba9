"""Tells from which box each structure element of WeasyPrint came.

This is the ONE private hook of the project into WeasyPrint: `weasyprint.pdf.tags._build_box_tree`.
`tests/pdf/test_tagging.py` fails when it moves; the version of WeasyPrint is pinned.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags


@dataclass
class Origin:
    """Where a structure element came from."""

    box: Any
    page: int

    @property
    def is_anonymous(self) -> bool:
        return type(self.box.style).__name__ == "AnonymousStyle"

    @property
    def is_element(self) -> bool:
        """True for the principal box of an HTML element, false for anonymous boxes and ::before."""
        return not self.is_anonymous and "::" not in (self.box.element_tag or "")


@dataclass
class Memory:
    """What the hook learned while WeasyPrint built its tree."""

    origins: dict[int, Origin] = field(default_factory=dict)
    margins: dict[int, set[int]] = field(default_factory=dict)


@contextmanager
def remembered_boxes() -> Iterator[Memory]:
    """While open, each structure element WeasyPrint makes is remembered with its box and page."""
    memory = Memory()
    stock_builder, stock_references = tags._build_box_tree, pydyf.PDF.page_references
    tags._build_box_tree = _remembering(stock_builder, memory)
    pydyf.PDF.page_references = property(_cached_page_references)
    try:
        yield memory
    finally:
        tags._build_box_tree, pydyf.PDF.page_references = stock_builder, stock_references


def _remembering(stock: Callable[..., Iterable[Any]], memory: Memory) -> Callable[..., Iterator[Any]]:
    def build(
        box: Any, parent: Any, pdf: Any, page: int, nums: dict[int, Any], annotations: Any, content: Any
    ) -> Iterator[Any]:
        if isinstance(box, boxes.MarginBox):
            before = set(nums)
            for _ in stock(box, parent, pdf, page, nums, annotations, content):
                pass
            memory.margins.setdefault(page, set()).update(set(nums) - before)
            return
        for element in stock(box, parent, pdf, page, nums, annotations, content):
            memory.origins.setdefault(element.number, Origin(box, page))
            yield element

    return build


def _cached_page_references(pdf: Any) -> tuple[bytes, ...]:
    # pydyf builds this tuple anew at each access, once per element: quadratic in the number of pages.
    numbers = pdf.pages["Kids"][::3]
    cached: tuple[bytes, ...] = pdf.__dict__.get("_cached_references", ())
    if len(cached) != len(numbers):
        cached = pdf._cached_references = tuple(f"{number} 0 R".encode("ascii") for number in numbers)
    return cached
