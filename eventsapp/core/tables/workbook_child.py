"""The process that reads one workbook: started by ``workbook``, with limits of its own, and no part of the application.

It reads the file on its input and writes its texts on its output, as a person would see them.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

CPU_SECONDS = 15


def main() -> None:
    most_lines, most_columns, megabytes = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found: dict[str, Any] = {"name": "", "rows": [], "has_more": False}
    json.dump(found | _read(sys.stdin.buffer.read(), most_lines, most_columns), sys.stdout)


def _read(content: bytes, most_lines: int, most_columns: int) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
            continue
        rows: list[tuple[int, list[str]]] = []
        for row in _filled(book, sheet.name, most_columns):
            if len(rows) == most_lines:
                return {"has_more": True}
            rows.append(row)
        if rows:
            return {"name": sheet.name, "rows": rows}
    return {}


def _filled(book: CalamineWorkbook, name: str, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(book.get_sheet_by_name(name).iter_rows(), 1):
        cells = [text_of(cell) for cell in row[:most_columns]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def text_of(cell: object) -> str:
    """Return what a French spreadsheet shows; a whole number has no decimals, whatever the file says."""
    match cell:
        case bool():
            return "oui" if cell else "non"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}" if cell.time() != time() else f"{cell:%d/%m/%Y}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M}"
    return str(cell)


if __name__ == "__main__":
    main()
