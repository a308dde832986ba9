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

from eventsapp.core.i18n import Text, _l
from eventsapp.core.tables.errors import FileHasTooManyLines, FileIsBadlyQuoted, FileIsNoTable
from eventsapp.core.tables.sheet import CONTROLS, MOST_LINES, Knows, Row

DELIMITERS = {";": _l("point-virgule"), ",": _l("virgule"), "\t": _l("tabulation")}
ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # «Texte Unicode»
_HINT = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)  # a line that one spreadsheet writes and hides


def read_text(content: bytes, knows: Knows) -> tuple[list[Row], Text]:
    """Return the lines of the file that hold something, and in words how they were read."""
    text, encoding = _decode(content)
    hint = _HINT.match(text)
    body, skipped = (text[hint.end() :], 1) if hint else (text, 0)
    delimiter = hint[1] if hint else _recognise_delimiter(body, knows)
    how = _l(
        "séparateur : %(delimiter)s, encodage : %(encoding)s",
        delimiter=DELIMITERS[delimiter],
        encoding=ENCODINGS[encoding],
    )
    return list(_records(body, delimiter, skipped)), how


def _decode(content: bytes) -> tuple[str, str]:
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROLS.search(text):
            raise FileIsNoTable
        return text, encoding
    raise FileIsNoTable


def _encodings(content: bytes) -> tuple[str, ...]:
    # Text in Windows-1252 with accents is almost never valid UTF-8, so UTF-8 is tried first.
    return ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")


def _recognise_delimiter(text: str, knows: Knows) -> str:
    return max(DELIMITERS, key=lambda delimiter: _plausibility(text, delimiter, knows))


def _plausibility(text: str, delimiter: str, knows: Knows) -> tuple[int, float, int]:
    """Rank a separator: titles it lets us recognise, then records as long as the titles, then columns."""
    lengths: list[int] = []
    known = 0
    try:
        for row in _records(text, delimiter, 0):
            known = known if lengths else sum(map(knows, row.cells))
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
            row = Row(begins + skipped, tuple(cells))
            if not row.is_blank():
                count += 1
                if count > MOST_LINES + 1:
                    raise FileHasTooManyLines(MOST_LINES)
                yield row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileIsBadlyQuoted(begins + skipped) from error
