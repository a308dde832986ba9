"""A list as a file that a French spreadsheet opens well: CSV, ODS or XLSX, written a row at a time."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from flask import Response
from xlsxwriter import Workbook

from eventsapp.core.columns import Column, Item

MEDIA_TYPES = {
    "csv": "text/csv",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_IN_MEMORY = 2**20  # bytes; a longer file is written on the disk

Cell = str | int | float | Decimal | date | None  # a datetime is a date too, here without a zone

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PHONE_OR_NUMBER = re.compile(r"[+-]?[\d .,()/-]+")  # starts as a formula may, can do no harm
_UNWRITABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
)  # XML 1.0 has no word for them
_LONGEST_TEXT = 32_767  # in a cell of a workbook


@dataclass(frozen=True)
class Table:
    """What a file holds: titles, widths in letters, rows of typed cells."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def list_file(
    kind: str, columns: Sequence[Column[Item]], items: Iterable[Item], *, title: str, filename: str, tz: str
) -> Response:
    """Return the list as a file of that kind (a key of MEDIA_TYPES); instants are in the zone ``tz``.

    Read and written row by row: the memory it takes does not grow with the list.
    """
    table = Table(
        title,
        [str(column.label) for column in columns],
        [column.width for column in columns],
        ([cell(column.exported(item), tz) for column in columns] for item in items),
    )
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - closed with the response
    try:
        WRITERS[kind](file, table)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{filename}.{kind}"',
        "Content-Length": str(file.tell()),
    }
    response = Response(_pieces(file), mimetype=MEDIA_TYPES[kind], headers=headers)
    response.call_on_close(file.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(2**16):
            yield piece


def cell(value: object, tz: str) -> Cell:
    """Return the value as a spreadsheet knows it: number, date or text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(tz)).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date | int | float | Decimal):
        return value
    return _UNWRITABLE.sub("", str(value))[:_LONGEST_TEXT]


# -- CSV -------------------------------------------------------------------------------------------


def write_csv(file: IO[bytes], table: Table) -> None:
    """«;», decimal comma, and the mark of UTF-8 that spreadsheets look for."""
    out = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([csv_text(heading) for heading in table.headings])
    writer.writerows([csv_text(value) for value in row] for row in table.rows)
    out.detach()


def csv_text(value: Cell) -> str:
    """Return the text of a cell. One that a spreadsheet would run as a formula is disarmed by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    is_dangerous = value.startswith(_FORMULA) and not _PHONE_OR_NUMBER.fullmatch(value)
    return f"'{value}" if is_dangerous else value


# -- XLSX ------------------------------------------------------------------------------------------


def write_xlsx(file: IO[bytes], table: Table) -> None:
    """Texts are texts, never formulas nor links; the first row stays in sight."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(table.title))
        bold = book.add_format({"bold": True})
        formats: dict[Any, Any] = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for number, width in enumerate(table.widths):
            sheet.set_column(number, number, width)
        sheet.freeze_panes(1, 1)
        for number, heading in enumerate(table.headings):
            sheet.write_string(0, number, heading, bold)
        for line, row in enumerate(table.rows, 1):
            for number, value in enumerate(row):
                _write_xlsx_cell(sheet, line, number, value, formats)


def _write_xlsx_cell(sheet: Any, line: int, number: int, value: Cell, formats: dict[Any, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, number, value, formats[type(value)])
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, number, value)
    elif value:
        sheet.write_string(line, number, value)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "1"


# -- ODS -------------------------------------------------------------------------------------------

_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPES["ods"]}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_DAY = '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
_HOUR = '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
_STYLES = (
    f'<number:date-style style:name="jour">{_DAY}</number:date-style>'
    f'<number:date-style style:name="instant">{_DAY}{_HOUR}</number:date-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>'
    '<style:style style:name="datetime" style:family="table-cell" style:data-style-name="instant"/>'
    '<style:style style:name="titre" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
)
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
    }.items()
)
_BLANKS = re.compile(r" {2,}|^ +| +$")  # OpenDocument keeps one blank of several, and none at the ends
_MILLIMETRES_A_LETTER = 2


def write_ods(file: IO[bytes], table: Table) -> None:
    """OpenDocument 1.3: texts are texts, dates and numbers are typed."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MEDIA_TYPES["ods"], zipfile.ZIP_STORED)  # first and not compressed
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.writelines(piece.encode() for piece in _ods_content(table))


def _ods_content(table: Table) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3">'
    widths = sorted(set(table.widths))
    columns = "".join(
        f'<style:style style:name="l{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * _MILLIMETRES_A_LETTER}mm"/></style:style>'
        for width in widths
    )
    yield f"<office:automatic-styles>{_STYLES}{columns}</office:automatic-styles>"
    yield f'<office:body><office:spreadsheet><table:table table:name="{escape(table.title, {chr(34): "&quot;"})}">'
    yield "".join(f'<table:table-column table:style-name="l{width}"/>' for width in table.widths)
    headings = "".join(_ods_text(heading, "titre") for heading in table.headings)
    yield f"<table:table-header-rows><table:table-row>{headings}</table:table-row></table:table-header-rows>"
    for row in table.rows:
        yield f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def _ods_cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        style = type(value).__name__
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="date" '
            f'office:date-value="{value.isoformat()}"><text:p>{csv_text(value)}</text:p></table:table-cell>'
        )
    if isinstance(value, int | float | Decimal):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{csv_text(value)}</text:p></table:table-cell>"
        )
    return _ods_text(value)


def _ods_text(text: str, style: str = "") -> str:
    styled = f' table:style-name="{style}"' if style else ""
    lines = "".join(f"<text:p>{_kept_blanks(line)}</text:p>" for line in text.splitlines() or [""])
    return f'<table:table-cell{styled} office:value-type="string">{lines}</table:table-cell>'


def _kept_blanks(line: str) -> str:
    return _BLANKS.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(line))


WRITERS: dict[str, Callable[[IO[bytes], Table], None]] = {
    "csv": write_csv,
    "ods": write_ods,
    "xlsx": write_xlsx,
}
