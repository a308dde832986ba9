"""One definition of a column feeds a list's screen table and its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from flask import Response

from eventsapp.core.i18n import Text

Item = TypeVar("Item")

BOM = "\ufeff"  # tells spreadsheets that the file is in UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column(Generic[Item]):
    """A column of a list: ``value`` for the screen, ``export`` for files where it differs.

    ``sort`` names the order of the query that this column's heading asks for. ``on_screen`` false:
    in files only.
    """

    key: str
    label: Text
    value: Callable[[Item], object]
    export: Callable[[Item], object] | None = None
    sort: str | None = None
    on_screen: bool = True

    def exported(self, item: Item) -> object:
        """Return the value written in files."""
        return (self.export or self.value)(item)


def header_cells(
    columns: Iterable[Column[Item]], order: str, href: Callable[[str], str]
) -> list[dict[str, object]]:
    """Return the headings for components/data_table.html; ``href`` gives the address of an order."""
    return [_header(column, order, href) for column in columns if column.on_screen]


def _header(column: Column[Item], order: str, href: Callable[[str], str]) -> dict[str, object]:
    if column.sort is None:
        return {"label": column.label}
    current = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(order)
    following = f"-{column.sort}" if current == "ascending" else column.sort
    return {"label": column.label, "sort_href": href(following), "sort": current}


def csv_response(
    columns: Sequence[Column[Item]], items: Iterable[Item], *, filename: str, tz: str
) -> Response:
    """Return the list as a file that a French spreadsheet opens well: «;», UTF-8, decimal comma."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([csv_cell(str(column.label), tz) for column in columns])
    writer.writerows([csv_cell(column.exported(item), tz) for column in columns] for item in items)
    return Response(
        BOM + out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def csv_cell(value: object, tz: str) -> str:
    """Return the text of one cell. A text that a spreadsheet would run as a formula is disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(tz)):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) else text
