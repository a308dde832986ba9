"""What every table of the statistics is made of: lines and columns, the same on screen and in files. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eventsapp.core.columns import Column
from eventsapp.core.i18n import NBSP, Text, _l, format_number

MOST_LINES = 12  # of a table whose lines people make; the last one is for all the others
_WIDE = 44  # letters


@dataclass(frozen=True)
class Table:
    """One table. ``key`` names it in addresses; ``of`` is what its longest bar stands for, nought: no bars.

    ``is_split``: bars tell those confirmed from the others.
    """

    key: str
    title: Text
    columns: Sequence[Column[Any]]
    rows: Sequence[Any]
    of: int = 0
    note: str = ""
    is_split: bool = False


@dataclass(frozen=True)
class Line:
    """People who have something in common. ``of``: what their share is a share of."""

    label: Text
    expected: int
    of: int
    confirmed: int = 0

    @property
    def others(self) -> int:
        """Those expected whose place is not confirmed."""
        return self.expected - self.confirmed

    @property
    def share(self) -> float | None:
        """In per cent; None of nobody."""
        return percent(self.expected, self.of)


def percent(part: int, of: int | None) -> float | None:
    """Return the share in per cent, to a tenth; None of nothing."""
    return round(100 * part / of, 1) if of else None


def text_column(
    key: str, label: Text, value: Callable[[Any], object], *, width: int = _WIDE, on_screen: bool = True
) -> Column[Any]:
    return Column(key, label, value, width=width, on_screen=on_screen)


def number_column(
    key: str,
    label: Text,
    value: Callable[[Any], object],
    export: Callable[[Any], object] | None = None,
    *,
    on_screen: bool = True,
) -> Column[Any]:
    return Column(key, label, value, export, width=16, on_screen=on_screen, is_number=True)


def share_column(key: str, label: Text, value: Callable[[Any], float | None]) -> Column[Any]:
    """A share: «62 %» on screen, the number in files."""
    return number_column(key, label, lambda x: percent_shown(value(x)), value)


def percent_shown(value: float | None) -> str:
    """«62 %», or nothing."""
    return "" if value is None else f"{format_number(round(value))}{NBSP}%"


def table_of_people(key: str, title: Text, label: Text, lines: Sequence[Line]) -> Table:
    """Return expected people in lines: those confirmed, all of them, a bar for both; files say the difference too."""
    columns = [
        text_column("label", label, lambda x: x.label),
        number_column("confirmed", _l("Confirmées"), lambda x: x.confirmed),
        number_column("others", _l("Non confirmées"), lambda x: x.others, on_screen=False),
        number_column("expected", _l("En tout"), lambda x: x.expected),
        share_column("share", _l("Part"), lambda x: x.share),
    ]
    return Table(key, title, columns, lines, _longest(lines), is_split=True)


def table_of_answers(key: str, title: Text, label: Text, lines: Sequence[Line], note: str) -> Table:
    """Return answers in lines, each with the number of those who gave it."""
    columns = [
        text_column("label", label, lambda x: x.label),
        number_column("expected", _l("Personnes"), lambda x: x.expected),
        share_column("share", _l("Part"), lambda x: x.share),
    ]
    return Table(key, title, columns, lines, _longest(lines), note)


def _longest(lines: Sequence[Line]) -> int:
    return max((line.expected for line in lines), default=0)
