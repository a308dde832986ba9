"""Who may register and which place they get, decided on plain values."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations, count
from typing import Protocol, TypeVar

from eventsapp.meetings.rules import Timed, overlap

# Said on the phone and typed at the desk: no letter or digit that looks like another.
_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"

Part = TypeVar("Part", bound=Timed)


class Opening(StrEnum):
    """Whether registration is possible, and if not, why."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    FULL = "full"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"


class Window(Protocol):
    """What of a meeting decides on its registrations."""

    @property
    def state(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def registration_opens_at(self) -> datetime | None: ...

    def registration_ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Occupancy:
    """How many places are taken, and the highest number given."""

    taken: int = 0
    highest: int = 0

    def has_gap(self) -> bool:
        return self.highest > self.taken


def opening(meeting: Window, at: datetime) -> Opening:
    """Return whether the meeting takes registrations at that instant, whatever the places left."""
    if meeting.state in ("cancelled", "postponed"):
        return Opening(meeting.state)
    if meeting.state != "published" or meeting.ends_at <= at:
        return Opening.HELD
    if meeting.registration_opens_at and at < meeting.registration_opens_at:
        return Opening.NOT_YET
    return Opening.OPEN if at < meeting.registration_ends_at() else Opening.CLOSED


def opening_with_places(meeting: Window, at: datetime, remaining: int | None) -> Opening:
    """Like ``opening``, and full when no place remains."""
    state = opening(meeting, at)
    return Opening.FULL if state is Opening.OPEN and remaining is not None and remaining <= 0 else state


def may_change(meeting: Window, at: datetime) -> bool:
    """Tell whether a registered person may still change their choices: until registration ends."""
    return meeting.state in ("published", "postponed") and at < meeting.registration_ends_at()


def may_cancel(meeting: Window, at: datetime) -> bool:
    """Tell whether a registered person may still give the place back: until the meeting begins."""
    return meeting.state in ("published", "postponed") and at < meeting.starts_at


def remaining(capacity: int | None, taken: int) -> int | None:
    """Return the places left, never below nought; None when they are not limited."""
    return None if capacity is None else max(0, capacity - taken)


def is_full(capacity: int | None, taken: int) -> bool:
    """Tell whether nobody else may come in."""
    return capacity is not None and taken >= capacity


def lowest_free(taken: Collection[int]) -> int:
    """Return the lowest place number nobody holds."""
    return next(number for number in count(1) if number not in taken)


def first_overlap(sessions: Iterable[Part]) -> tuple[Part, Part] | None:
    """Return two sessions under way at a common instant, or None."""
    return next(((one, other) for one, other in combinations(sessions, 2) if overlap(one, other)), None)


def make_reference() -> str:
    """Return a new reference such as «K7RM-3XQA», not to be guessed."""
    letters = [secrets.choice(_LETTERS) for _letter in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def read_reference(text: str) -> str | None:
    """Return the text when it has the form of a reference."""
    parts = text.split("-")
    well_formed = [len(part) for part in parts] == [4, 4] and set("".join(parts)) <= set(_LETTERS)
    return text if well_formed else None
