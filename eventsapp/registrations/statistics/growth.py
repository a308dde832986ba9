"""Registrations over time: who came and left, and how many were expected at the end of each day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from eventsapp.core.charts import Curve, curve
from eventsapp.core.i18n import _l
from eventsapp.registrations.statistics.tables import Table, number_column, text_column

MOST_PERIODS = 92  # three months day by day
STEPS = (1, 7, 28)  # days of a period


@dataclass(frozen=True)
class Period:
    """A day or more; ``total``: those expected at its end."""

    begins: date
    ends: date
    registered: int
    ended: int
    total: int


def periods(
    arrivals: Mapping[date, int], endings: Mapping[date, int], *, since: date, until: date
) -> list[Period]:
    """Return what happened from one day to another, a day, a week or four weeks at a time.

    Days before or after on which somebody came or left are there too: the last total is that of now.
    """
    days = [since, until, *arrivals, *endings]
    first, last = min(days), max(days)
    length = (last - first).days + 1
    step = next((days for days in STEPS if length <= days * MOST_PERIODS), STEPS[-1])
    came, gone = (_by_period(found, first, step) for found in (arrivals, endings))
    numbers = range(-(-length // step))
    totals = accumulate(came[at] - gone[at] for at in numbers)
    begins = [first + timedelta(at * step) for at in numbers]
    return [
        Period(day, min(last, day + timedelta(step - 1)), came[at], gone[at], total)
        for at, day, total in zip(numbers, begins, totals, strict=True)
    ]


def _by_period(found: Mapping[date, int], first: date, step: int) -> Counter[int]:
    numbers = Counter[int]()
    for day, number in found.items():
        numbers[(day - first).days // step] += number
    return numbers


def growth_curve(lines: Sequence[Period], capacity: int | None) -> Curve:
    """Return the curve of those expected, from nobody before the first day."""
    return curve([0, *(one.total for one in lines)], capacity)


def growth_table(lines: Sequence[Period]) -> Table:
    """Return the registrations over time, with both days of a period that has more than one."""
    if all(one.begins == one.ends for one in lines):
        days = [text_column("begins", _l("Jour"), lambda x: x.begins, width=14)]
    else:
        days = [
            text_column("begins", _l("Du"), lambda x: x.begins, width=14),
            text_column("ends", _l("Au"), lambda x: x.ends, width=14),
        ]
    columns = [
        *days,
        number_column("registered", _l("Reçues"), lambda x: x.registered),
        number_column("ended", _l("Annulées ou refusées"), lambda x: x.ended),
        number_column("total", _l("En cours, cumulées"), lambda x: x.total),
    ]
    return Table("jours", _l("Inscriptions au fil des jours"), columns, lines)
