"""One definition of a column feeds a list's screen table and its files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from eventsapp.core.i18n import Text, _, format_number

Item = TypeVar("Item")


@dataclass(frozen=True)
class Column(Generic[Item]):
    """A column of a list: ``value`` for the screen, ``export`` for files where it differs.

    Values are typed: files hold dates and numbers as such. ``sort`` names the order of the query that this
    column's heading asks for. ``on_screen`` false: shown only when somebody chooses it. ``width``: in letters.
    ``is_number``: set against the right side.
    """

    key: str
    label: Text
    value: Callable[[Item], object]
    export: Callable[[Item], object] | None = None
    sort: str | None = None
    on_screen: bool = True
    width: int = 18
    is_number: bool = False

    def exported(self, item: Item) -> object:
        """Return the value written in files."""
        return (self.export or self.value)(item)

    def shown(self, item: Item, tz: str) -> str:
        """Return the text of the cell on screen, instants in that zone."""
        return shown_value(self.value(item), tz)


def shown_value(value: object, tz: str) -> str:
    """Return a value as the screen shows it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(tz)):%d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def chosen_columns(columns: Sequence[Column[Item]], keys: Collection[str]) -> list[Column[Item]]:
    """Return the columns of these keys, in the order of the list; without a known key, those shown by default.

    The first column names the row: it is always there.
    """
    known = {column.key for column in columns} & set(keys)
    first, *others = columns
    return [first, *(x for x in others if (x.key in known if known else x.on_screen))]


def header_cells(
    columns: Iterable[Column[Item]], order: str, href: Callable[[str], str]
) -> list[dict[str, object]]:
    """Return the headings for components/data_table.html; ``href`` gives the address of an order."""
    return [_header(column, order, href) for column in columns]


def _header(column: Column[Item], order: str, href: Callable[[str], str]) -> dict[str, object]:
    if column.sort is None:
        return {"label": column.label, "num": column.is_number}
    current = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(order)
    following = f"-{column.sort}" if current == "ascending" else column.sort
    return {"label": column.label, "sort_href": href(following), "sort": current}
