"""When a reminder leaves, decided on plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.reminders.rules import At, Progress, due_instant, is_due, progress

PARIS = "Europe/Paris"
FIRST, LAST = datetime(2024, 1, 1), datetime(2034, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
ZONES = [PARIS, "America/Martinique", "Indian/Reunion", "America/Cayenne"]


@dataclass(frozen=True)
class Meeting:
    starts_at: datetime
    time_zone: str = PARIS
    state: str = "published"


@dataclass(frozen=True)
class Rule:
    days_before: int
    hour: int
    created_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)


def local(*parts, zone=PARIS):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("starts", "zone", "days", "due"),
    [
        ((2027, 6, 10, 9, 30), PARIS, 7, (2027, 6, 3, 9)),
        ((2027, 3, 29, 9), PARIS, 1, (2027, 3, 28, 9)),  # clocks go forward that Sunday
        ((2027, 3, 30, 9), PARIS, 7, (2027, 3, 23, 9)),  # and between the two
        ((2027, 10, 31, 23), PARIS, 1, (2027, 10, 30, 9)),
        ((2027, 6, 10, 8), "Indian/Reunion", 1, (2027, 6, 9, 9)),
        ((2027, 6, 10, 22), "America/Martinique", 1, (2027, 6, 9, 9)),  # already the 11th in UTC
    ],
)
def test_a_reminder_leaves_at_that_hour_of_the_clocks_of_the_place(starts, zone, days, due):
    meeting = Meeting(local(*starts, zone=zone).astimezone(UTC), zone)
    assert due_instant(meeting, At(days, 9)) == local(*due, zone=zone)


def test_an_hour_that_spring_skips_is_pushed_after_it():
    meeting = Meeting(local(2027, 3, 29, 9))
    assert due_instant(meeting, At(1, 2)).astimezone(ZoneInfo(PARIS)).hour == 3


@given(
    starts=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    days=st.integers(0, 60),
    hour=st.integers(4, 23),
)
def test_the_day_and_the_hour_are_right_all_year_round_in_every_zone(starts, zone, days, hour):
    meeting = Meeting(starts, zone)
    due = due_instant(meeting, At(days, hour)).astimezone(ZoneInfo(zone))
    day = meeting.starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=days)
    assert (due.date(), due.hour, due.minute) == (day, hour, 0)


MEETING = Meeting(local(2027, 6, 10, 9, 30))
RULE = Rule(7, 9)
DUE = due_instant(MEETING, RULE)


def test_a_reminder_is_due_from_its_instant_and_for_a_day():
    assert not is_due(MEETING, RULE, DUE - timedelta(seconds=1))
    assert is_due(MEETING, RULE, DUE)
    assert is_due(MEETING, RULE, DUE + timedelta(hours=23))
    assert not is_due(MEETING, RULE, DUE + timedelta(hours=24))


def test_no_reminder_leaves_once_the_meeting_has_begun():
    same_day = Rule(0, 9)
    assert is_due(MEETING, same_day, MEETING.starts_at - timedelta(minutes=1))
    assert not is_due(MEETING, same_day, MEETING.starts_at)


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled", "held", "archived"])
def test_only_a_published_meeting_has_reminders(state):
    assert not is_due(Meeting(MEETING.starts_at, PARIS, state), RULE, DUE)


def test_a_rule_made_after_its_own_instant_reminds_nobody():
    late = Rule(7, 9, created_at=DUE + timedelta(hours=1))
    assert not is_due(MEETING, late, DUE + timedelta(hours=2))
    assert progress(MEETING, late, DUE + timedelta(hours=2)) is Progress.PAST


def test_an_organiser_is_told_where_each_rule_stands():
    assert progress(MEETING, RULE, DUE - timedelta(days=1)) is Progress.TO_COME
    assert progress(MEETING, RULE, DUE) is Progress.LEAVING
    assert progress(MEETING, RULE, DUE + timedelta(days=2)) is Progress.PAST
    cancelled = Meeting(MEETING.starts_at, PARIS, "cancelled")
    assert progress(cancelled, RULE, DUE - timedelta(days=1)) is Progress.STOPPED
