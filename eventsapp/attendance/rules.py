"""Half-days of a meeting and the names of lists: pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

MORNING, AFTERNOON = "am", "pm"
# How somebody counts for the whole meeting: the first of these noted for any half-day.
STANDINGS = ("present", "represented", "excused", "absent")
# Hours of an ordinary day, used where neither the meeting nor its programme says anything.
DAY_BEGINS, DAY_ENDS = time(9), time(18)
LUNCH_BEGINS, LUNCH_ENDS = time(12, 30), time(14)
MIDDAY, EVENING = time(13), time(17, 30)
# A half-day shorter than this belongs to the other one: a meeting that ends at 13 h 15 has no afternoon.
SHORTEST = timedelta(minutes=30)

# Lower-case particles stay as typed before a name in capitals: «de LA TOUR», «d’ALEMBERT».
_PARTICLES = re.compile(r"^((?:(?:de|von|van|zu|der|den|di|da|dos|af)\s+|d['’]\s*)+)(?=\S)")


# A document of so many rows takes half a gigabyte and a dozen seconds to make; memory grows with them.
ROWS_OF_A_FILE = 2_600
MOST_LISTED = 10_000
ROWS_OF_A_HEAD = 3  # the room that the caption and the header of a table take


class Timed(Protocol):
    """What has hours: a session of the programme."""

    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class HalfDay:
    """One morning or afternoon; ``key`` is '2026-12-01:am', the date being the meeting's own."""

    key: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str

    @property
    def part(self) -> str:
        """'am', 'pm' or, for what begins after working hours, 'evening'."""
        begins = self.starts_at.astimezone(ZoneInfo(self.time_zone)).time()
        return "evening" if begins >= EVENING else self.key[-2:]


def half_days(
    starts_at: datetime, ends_at: datetime, time_zone: str, sessions: Iterable[Timed] = ()
) -> list[HalfDay]:
    """Return the half-days of a meeting in its own zone; hours follow the programme where there is one."""
    zone = ZoneInfo(time_zone)
    working = [session for session in sessions if session.kind != "break"]
    found = [
        half_day
        for begins, ends in _days(starts_at.astimezone(zone), ends_at.astimezone(zone))
        for half_day in _halves(begins, ends, _on(begins.date(), working, zone), time_zone)
    ]
    return found or [_half_day(starts_at.astimezone(zone), ends_at.astimezone(zone), AFTERNOON, time_zone)]


def _days(starts: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each day as wall-clock hours; the nights of a meeting of several days are left out."""
    day = starts.date()
    while day <= ends.date():
        begins = starts if day == starts.date() else _at(day, DAY_BEGINS, starts)
        # An evening that goes on past midnight belongs to the day it began.
        usual = ends if begins.time() >= EVENING else _at(day, DAY_ENDS, starts)
        finishes = ends if day == ends.date() else usual
        if finishes > begins:
            yield begins, finishes
        day += timedelta(days=1)


def _at(day: date, hour: time, like: datetime) -> datetime:
    return datetime.combine(day, hour, tzinfo=like.tzinfo)


def _on(day: date, sessions: Sequence[Timed], zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    local = ((x.starts_at.astimezone(zone), x.ends_at.astimezone(zone)) for x in sessions)
    return [(begins, ends) for begins, ends in local if begins.date() == day]


def _halves(
    begins: datetime, ends: datetime, sessions: list[tuple[datetime, datetime]], time_zone: str
) -> Iterator[HalfDay]:
    midday = _at(begins.date(), MIDDAY, begins)
    has_morning = midday - begins >= SHORTEST
    has_afternoon = ends - midday >= SHORTEST or not has_morning
    if has_morning:
        until = _morning_ends(midday, sessions) if has_afternoon else ends
        yield _half_day(begins, max(min(until, ends), begins), MORNING, time_zone)
    if has_afternoon:
        since = _afternoon_begins(midday, ends, sessions) if has_morning else begins
        yield _half_day(since, ends, AFTERNOON, time_zone)


def _morning_ends(midday: datetime, sessions: list[tuple[datetime, datetime]]) -> datetime:
    known = [_cut(ends, midday) for begins, ends in sessions if begins < midday]
    return max(known, default=_at(midday.date(), LUNCH_BEGINS, midday))


def _afternoon_begins(
    midday: datetime, ends: datetime, sessions: list[tuple[datetime, datetime]]
) -> datetime:
    known = [begins for begins, _ends in sessions if begins >= midday]
    return min(known, default=min(_at(midday.date(), LUNCH_ENDS, midday), ends - SHORTEST))


def _cut(ends: datetime, midday: datetime) -> datetime:
    # A session over lunch is signed for twice: its morning ends at midday.
    return midday if ends >= _at(midday.date(), LUNCH_ENDS, midday) else ends


def _half_day(begins: datetime, ends: datetime, part: str, time_zone: str) -> HalfDay:
    return HalfDay(f"{begins:%Y-%m-%d}:{part}", begins, ends, time_zone)


def present_half_day(choices: Sequence[HalfDay], at: datetime) -> HalfDay:
    """Return the half-day that runs or comes next at that instant; the last one when all are over."""
    return next((choice for choice in choices if choice.ends_at >= at), choices[-1])


def in_capitals(family_name: str) -> str:
    """Return the NOM of a list: capitals with their accents, typed lower-case particles kept."""
    particle = _PARTICLES.match(family_name)
    kept = particle[0] if particle else ""
    return kept + family_name[len(kept) :].upper()


def standing(states: Iterable[str]) -> str:
    """Return how somebody counts for the whole meeting, from the states of each half-day; '' when unknown.

    Present once is present; represented comes before excused, excused before absent.
    """
    seen = set(states)
    return next((state for state in STANDINGS if state in seen), "")


def tally(values: Iterable[str]) -> Mapping[str, int]:
    """Count the values, in the order of their first appearance."""
    counted: dict[str, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return counted


def cut(lengths: Sequence[int], most: int) -> list[list[tuple[int, slice]]]:
    """Share the rows of tables of these lengths out among files of ``most`` rows, in order; return at least one file.

    A file is parts of tables: which table, and which of its rows.
    """
    files: list[list[tuple[int, slice]]] = [[]]
    room = most
    for table, length in enumerate(lengths):
        begun = 0
        while begun < length:
            if room <= ROWS_OF_A_HEAD:
                files.append([])
                room = most
            taken = min(length - begun, room - ROWS_OF_A_HEAD)
            files[-1].append((table, slice(begun, begun + taken)))
            begun, room = begun + taken, room - ROWS_OF_A_HEAD - taken
    return files
