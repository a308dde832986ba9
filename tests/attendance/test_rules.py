"""Half-days in the meeting's own zone; names of lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.attendance.rules import (
    ROWS_OF_A_HEAD,
    cut,
    half_days,
    in_capitals,
    present_half_day,
    standing,
)

PARIS = "Europe/Paris"
GUADELOUPE = "America/Guadeloupe"


@dataclass
class Part:
    kind: str
    starts_at: datetime
    ends_at: datetime


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def of(zone, start, end, sessions=()):
    found = half_days(local(zone, *start), local(zone, *end), zone, sessions)
    clock = ZoneInfo(zone)
    return [
        (x.key, f"{x.starts_at.astimezone(clock):%H:%M}", f"{x.ends_at.astimezone(clock):%H:%M}")
        for x in found
    ]


def test_a_day_has_a_morning_and_an_afternoon_around_lunch():
    assert of(PARIS, (2026, 12, 1, 9, 30), (2026, 12, 1, 17, 0)) == [
        ("2026-12-01:am", "09:30", "12:30"),
        ("2026-12-01:pm", "14:00", "17:00"),
    ]


def test_hours_follow_the_programme_and_leave_breaks_out():
    def part(kind, begins, ends):
        return Part(kind, local(PARIS, 2026, 12, 1, *begins), local(PARIS, 2026, 12, 1, *ends))

    programme = [
        part("plenary", (9, 30), (12, 45)),
        part("break", (12, 45), (13, 45)),
        part("workshop", (13, 45), (15, 30)),
    ]
    assert of(PARIS, (2026, 12, 1, 9, 0), (2026, 12, 1, 17, 0), programme) == [
        ("2026-12-01:am", "09:00", "12:45"),
        ("2026-12-01:pm", "13:45", "17:00"),
    ]


def test_a_meeting_in_guadeloupe_has_its_own_days():
    # From 18 h to 21 h there it is already the 2nd in Paris and, at the end, in UTC.
    assert of(GUADELOUPE, (2026, 12, 1, 18, 0), (2026, 12, 1, 21, 0)) == [("2026-12-01:pm", "18:00", "21:00")]
    found = half_days(local(GUADELOUPE, 2026, 12, 1, 18), local(GUADELOUPE, 2026, 12, 1, 21), GUADELOUPE)
    assert found[0].part == "evening"


@pytest.mark.parametrize("first", [(2026, 3, 28), (2026, 10, 24)])
def test_two_days_across_a_change_of_clocks_keep_their_wall_hours(first):
    second = (first[0], first[1], first[2] + 1)
    found = of(PARIS, (*first, 14, 0), (*second, 12, 30))
    assert [hours[1:] for hours in found] == [("14:00", "18:00"), ("09:00", "12:30")]


def test_a_meeting_that_ends_at_a_quarter_past_one_has_no_afternoon():
    assert of(PARIS, (2026, 12, 1, 9, 0), (2026, 12, 1, 13, 15)) == [("2026-12-01:am", "09:00", "13:15")]


def test_a_session_over_lunch_is_signed_for_twice():
    over = Part("plenary", local(PARIS, 2026, 12, 1, 9), local(PARIS, 2026, 12, 1, 17))
    assert of(PARIS, (2026, 12, 1, 9, 0), (2026, 12, 1, 17, 0), [over])[0][2] == "13:00"


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - hypothesis adds no zone
    minutes=st.integers(1, 4 * 24 * 60),
    zone=st.sampled_from([PARIS, GUADELOUPE, "Indian/Reunion"]),
)
def test_half_days_are_never_missing_reversed_or_outside_the_meeting(start, minutes, zone):
    begins = start.replace(tzinfo=UTC)
    ends = begins + timedelta(minutes=minutes)
    found = half_days(begins, ends, zone)
    assert found
    assert all(begins <= x.starts_at.astimezone(UTC) <= x.ends_at.astimezone(UTC) <= ends for x in found)
    assert len({x.key for x in found}) == len(found)


def test_the_desk_opens_on_the_half_day_that_runs_or_comes_next():
    found = half_days(local(PARIS, 2026, 12, 1, 9), local(PARIS, 2026, 12, 1, 17), PARIS)
    assert present_half_day(found, local(PARIS, 2026, 11, 1, 9)) == found[0]
    assert present_half_day(found, local(PARIS, 2026, 12, 1, 13)) == found[1]
    assert present_half_day(found, local(PARIS, 2027, 1, 1, 9)) == found[1]


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("Élie", "ÉLIE"),
        ("de la Tour d’Auvergne", "de LA TOUR D’AUVERGNE"),
        ("d’Alembert", "d’ALEMBERT"),
        ("d'Ormesson", "d'ORMESSON"),
        ("Le Goff", "LE GOFF"),
        ("Desœuvre-Müller", "DESŒUVRE-MÜLLER"),
        ("von der Leyen", "von der LEYEN"),
        ("de", "DE"),
    ],
)
def test_names_of_lists_are_in_capitals_with_accents_and_keep_typed_particles(typed, listed):
    assert in_capitals(typed) == listed


def test_somebody_present_once_counts_as_present():
    assert standing(["excused", "present"]) == "present"
    assert standing(["absent", "excused"]) == "excused"
    assert standing([]) == ""


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(ROWS_OF_A_HEAD + 1, 40))
def test_files_hold_every_row_once_in_order_and_none_too_many(lengths, most):
    files = cut(lengths, most)
    rows = [(table, row) for file in files for table, part in file for row in range(lengths[table])[part]]
    assert rows == [(table, row) for table, length in enumerate(lengths) for row in range(length)]
    for file in files:
        assert sum(ROWS_OF_A_HEAD + part.stop - part.start for _table, part in file) <= most


def test_an_empty_list_is_one_file():
    assert cut([], 10) == cut([0, 0], 10) == [[]]
