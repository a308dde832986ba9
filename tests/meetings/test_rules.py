"""Programme and dates, on plain values."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.zones import instant_at, local_day, local_hour, shift_days
from eventsapp.meetings import rules
from eventsapp.meetings.models import MEETING_STATES

DAY = datetime(2027, 5, 20, 7, tzinfo=UTC)
ZONES = ["Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "America/Cayenne", "Indian/Mayotte"]


@dataclass(frozen=True)
class Part:
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    speaker_names: tuple[str, ...] = field(default=())


def part(start, minutes, **more):
    starts_at = DAY + timedelta(minutes=start)
    return Part(starts_at, starts_at + timedelta(minutes=minutes), **more)


parts = st.lists(st.builds(part, st.integers(0, 600), st.integers(1, 180)), max_size=12)
instants = st.datetimes(datetime(2014, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(parts)
def test_every_session_is_in_exactly_one_slot(sessions):
    grouped = [one for slot in rules.slots(sessions) for one in slot.sessions]
    assert sorted(map(id, grouped)) == sorted(map(id, sessions))


@given(parts)
def test_slots_follow_one_another_without_overlapping(sessions):
    slots = rules.slots(sessions)
    assert all(first.ends_at <= second.starts_at for first, second in pairwise(slots))


@given(parts)
def test_sessions_that_overlap_share_a_slot(sessions):
    slot_of = {id(one): number for number, slot in enumerate(rules.slots(sessions)) for one in slot.sessions}
    for one, other in combinations(sessions, 2):
        assert not rules.overlap(one, other) or slot_of[id(one)] == slot_of[id(other)]


@given(parts)
def test_a_slot_lasts_from_its_first_beginning_to_its_last_end(sessions):
    for slot in rules.slots(sessions):
        assert slot.starts_at == min(one.starts_at for one in slot.sessions)
        assert slot.ends_at == max(one.ends_at for one in slot.sessions)


def test_sessions_that_begin_together_keep_their_order():
    first, second = part(0, 60, room="A"), part(0, 30, room="B")
    assert rules.slots([first, second])[0].sessions == (first, second)


def test_a_session_may_begin_when_another_ends():
    assert not rules.overlap(part(0, 60), part(60, 60))
    assert rules.overlap(part(0, 60), part(59, 60))


@given(instants, st.integers(-800, 800), st.sampled_from(ZONES))
def test_a_shifted_instant_keeps_its_local_hour_whatever_the_clocks_did(instant, days, zone):
    shifted = shift_days(instant, days, zone)
    wanted = local_day(instant, zone) + timedelta(days=days)
    hour = local_hour(instant, zone)
    exists = datetime.combine(wanted, hour, ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    assert local_day(shifted, zone) == wanted
    if exists.time() == hour:
        assert local_hour(shifted, zone) == hour
    else:
        assert zone == "Europe/Paris"  # an hour that the spring change skips
        assert local_hour(shifted, zone).hour == hour.hour + 1


def test_a_meeting_moved_over_the_autumn_change_still_begins_at_nine():
    before = instant_at(date(2027, 10, 28), time(9), "Europe/Paris")
    after = shift_days(before, 7, "Europe/Paris")
    assert (before.hour, after.hour) == (7, 8)


def test_an_hour_that_does_not_exist_is_pushed_after_the_gap():
    assert local_hour(instant_at(date(2027, 3, 28), time(2, 30), "Europe/Paris"), "Europe/Paris") == time(
        3, 30
    )


@pytest.mark.parametrize(
    ("state", "target"),
    [
        ("draft", "published"),
        ("published", "cancelled"),
        ("published", "held"),
        ("postponed", "published"),
        ("held", "archived"),
    ],
)
def test_a_meeting_may_pass(state, target):
    assert rules.may_become(state, target)


@pytest.mark.parametrize(
    ("state", "target"), [("draft", "held"), ("cancelled", "published"), ("held", "draft")]
)
def test_a_meeting_may_not_pass(state, target):
    assert not rules.may_become(state, target)


def test_every_state_says_what_may_follow():
    assert set(rules.NEXT_STATES) == set(MEETING_STATES)
    assert set().union(*rules.NEXT_STATES.values()) <= set(MEETING_STATES)


def test_one_room_for_two_sessions_at_once_is_a_clash():
    sessions = [
        part(0, 60, room="Salle Ain"),
        part(30, 60, room="salle  ain "),
        part(60, 60, room="Salle Ain"),
    ]
    clashes = rules.room_clashes(sessions)
    assert [(clash.first, clash.second) for clash in clashes] == [
        (sessions[0], sessions[1]),
        (sessions[1], sessions[2]),
    ]


def test_sessions_without_a_room_never_clash():
    assert rules.room_clashes([part(0, 60), part(0, 60)]) == []


def test_one_person_in_two_sessions_at_once_is_a_clash():
    sessions = [
        part(0, 60, speaker_names=("Camille Exemple",)),
        part(0, 60, speaker_names=("camille exemple",)),
    ]
    assert [clash.what for clash in rules.speaker_clashes(sessions)] == ["Camille Exemple"]


def test_a_meeting_overseas_follows_the_clocks_of_its_region():
    assert rules.zone_of("04", "Europe/Paris") == "Indian/Reunion"
    assert rules.zone_of("53", "Europe/Paris") == "Europe/Paris"
    assert rules.zone_of(None, "Europe/Paris") == "Europe/Paris"
