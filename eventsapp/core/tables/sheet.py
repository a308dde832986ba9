"""A table as it was read: the titles of its columns, and its records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from eventsapp.core.i18n import Text

MOST_MEGABYTES = 4
MOST_LINES = 5000
MOST_COLUMNS = 100

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no text holds these

Knows = Callable[[str], bool]  # tells whether a title is one that the reader expects


@dataclass(frozen=True)
class Row:
    """One record, with the number of the line on which it begins."""

    number: int
    cells: tuple[str, ...]

    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """A file read: the titles of its columns and its records, blank ones left out. ``how`` it was read, in words."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    how: Text
