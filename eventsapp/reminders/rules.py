"""When a reminder leaves: decided on plain values, in the zone of the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from eventsapp.core.zones import instant_at, local_day

# A worker that was stopped catches up; later than this a reminder would say little that is still useful.
LATEST = timedelta(hours=24)
MOST_DAYS_BEFORE = 60


class Dated(Protocol):
    """What of a meeting decides on its reminders."""

    @property
    def state(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def time_zone(self) -> str: ...


class Moment(Protocol):
    """A number of days before, and an hour of the meeting's clocks."""

    @property
    def days_before(self) -> int: ...

    @property
    def hour(self) -> int: ...


class Rule(Moment, Protocol):
    """A moment, and since when somebody wants it."""

    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class At:
    """A moment that is not stored."""

    days_before: int
    hour: int


class Progress(StrEnum):
    """Where a rule stands."""

    TO_COME = "to_come"
    LEAVING = "leaving"
    PAST = "past"
    STOPPED = "stopped"


def due_instant(meeting: Dated, moment: Moment) -> datetime:
    """Return the instant of that hour, that many days before, on the clocks of the place where it is held."""
    day = local_day(meeting.starts_at, meeting.time_zone) - timedelta(days=moment.days_before)
    return instant_at(day, time(moment.hour), meeting.time_zone)


def is_before_start(meeting: Dated, moment: Moment) -> bool:
    """Tell whether the reminder would leave before the meeting begins."""
    return due_instant(meeting, moment) < meeting.starts_at


def is_due(meeting: Dated, rule: Rule, at: datetime) -> bool:
    """Tell whether the reminder leaves now: its instant has come, not long ago, and the meeting is ahead.

    A rule made after its own instant waits for no one: those people were told otherwise.
    """
    due = due_instant(meeting, rule)
    return meeting.state == "published" and rule.created_at <= due <= at < min(
        due + LATEST, meeting.starts_at
    )


def progress(meeting: Dated, rule: Rule, at: datetime) -> Progress:
    """Tell an organiser where the rule stands."""
    if is_due(meeting, rule, at):
        return Progress.LEAVING
    if at >= due_instant(meeting, rule) or not is_before_start(meeting, rule):
        return Progress.PAST
    return Progress.TO_COME if meeting.state in ("published", "draft") else Progress.STOPPED
