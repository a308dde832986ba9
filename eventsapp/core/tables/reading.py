"""A file that people send, read as a table of texts, whatever wrote it."""

from __future__ import annotations

import re

from eventsapp.core.tables.errors import (
    FileHasNoHeader,
    FileHasTooManyColumns,
    FileIsAPdf,
    FileIsEmpty,
    FileIsTooHeavy,
    WorkbookIsOld,
)
from eventsapp.core.tables.sheet import MOST_COLUMNS, MOST_MEGABYTES, Knows, Row, Sheet
from eventsapp.core.tables.text import read_text
from eventsapp.core.tables.workbook import read_workbook

_ZIPPED = b"PK\x03\x04"  # XLSX and ODS
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS, and workbooks with a password
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_table(content: bytes, knows: Knows) -> Sheet:
    """Return the table held by the file; raise TableIsNotAccepted, saying what to do, when there is none.

    ``knows`` tells the titles expected: nothing in a CSV file says what separates its columns.
    """
    _check_kind(content)
    rows, how = read_workbook(content) if content.startswith(_ZIPPED) else read_text(content, knows)
    if not rows:
        raise FileIsEmpty
    header, records = rows[0], rows[1:]
    _check(header, records)
    return Sheet(header.cells, tuple(records), how)


def _check_kind(content: bytes) -> None:
    if not content.strip():
        raise FileIsEmpty
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise FileIsTooHeavy(MOST_MEGABYTES)
    if content.startswith(_COMPOUND):
        raise WorkbookIsOld
    if content.startswith(b"%PDF-"):
        raise FileIsAPdf


def _check(header: Row, records: list[Row]) -> None:
    if any(_ADDRESS.fullmatch(cell.strip()) for cell in header.cells):
        raise FileHasNoHeader
    if len(header.cells) > MOST_COLUMNS:
        raise FileHasTooManyColumns(MOST_COLUMNS)
    if not records:
        raise FileIsEmpty
