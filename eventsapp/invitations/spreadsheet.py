"""A CSV file as a spreadsheet writes it, whatever its separator and encoding. Pure.

French spreadsheets write « ; » and Windows-1252, others « , » or tabs and UTF-8, with or without the
mark that says so. Nothing in the file tells which: it is recognised here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from eventsapp.invitations.columns import guess_columns
from eventsapp.invitations.errors import (
    FileHasNoHeader,
    FileHasTooManyColumns,
    FileHasTooManyLines,
    FileIsAPdf,
    FileIsAWorkbook,
    FileIsBadlyQuoted,
    FileIsEmpty,
    FileIsNotText,
    FileIsTooHeavy,
)

MOST_MEGABYTES = 4
MOST_LINES = 5000
MOST_COLUMNS = 60
DELIMITERS = (";", ",", "\t")

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # XLSX and ODS; XLS
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # «Texte Unicode»
_HINT = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)  # a line that one spreadsheet writes and hides
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no text file holds these
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Row:
    """One record, with the number of the line on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file read: the titles of its columns and its records, blank ones left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    encoding: str


def read_sheet(content: bytes) -> Sheet:
    """Return the table held by the file; raise FileIsNotAccepted, saying what to do, when there is none."""
    text, encoding = _decode(content)
    hint = _HINT.match(text)
    body, skipped = (text[hint.end() :], 1) if hint else (text, 0)
    delimiter = hint[1] if hint else _recognise_delimiter(body)
    rows = list(_records(body, delimiter, skipped))
    if not rows:
        raise FileIsEmpty
    header, people = rows[0], rows[1:]
    _check(header, people)
    return Sheet(header.cells, tuple(people), delimiter, encoding)


def _check(header: Row, people: list[Row]) -> None:
    if any(_ADDRESS.fullmatch(cell.strip()) for cell in header.cells):
        raise FileHasNoHeader
    if len(header.cells) > MOST_COLUMNS:
        raise FileHasTooManyColumns(MOST_COLUMNS)
    if not people:
        raise FileIsEmpty


def _decode(content: bytes) -> tuple[str, str]:
    if not content.strip():
        raise FileIsEmpty
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise FileIsTooHeavy(MOST_MEGABYTES)
    if content.startswith(_WORKBOOKS):
        raise FileIsAWorkbook
    if content.startswith(b"%PDF-"):
        raise FileIsAPdf
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            raise FileIsNotText
        return text, encoding
    raise FileIsNotText


def _encodings(content: bytes) -> tuple[str, ...]:
    # Text in Windows-1252 with accents is almost never valid UTF-8, so UTF-8 is tried first.
    return ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")


def _recognise_delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _plausibility(text, delimiter))


def _plausibility(text: str, delimiter: str) -> tuple[int, float, int]:
    """Rank a separator: titles it lets us recognise, then records as long as the titles, then columns."""
    lengths: list[int] = []
    known = 0
    try:
        for row in _records(text, delimiter, 0):
            known = known if lengths else sum(map(bool, guess_columns(row.cells)))
            lengths.append(len(row.cells))
    except (FileIsBadlyQuoted, FileHasTooManyLines):
        pass  # told once the separator is chosen
    if not lengths:
        return (0, 0.0, 0)
    return (known, lengths.count(lengths[0]) / len(lengths), lengths[0])


def _records(text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count, begins = 0, 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MOST_LINES + 1:
                    raise FileHasTooManyLines(MOST_LINES)
                yield Row(begins + skipped, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileIsBadlyQuoted(begins + skipped) from error
