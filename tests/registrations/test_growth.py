"""Registrations over time, day by day or in longer steps: nobody is lost, whatever the days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.registrations.statistics.growth import MOST_PERIODS, periods

FIRST = date(2026, 3, 1)
days = st.dates(FIRST, FIRST + timedelta(days=900))
counts = st.dictionaries(days, st.integers(1, 50), max_size=30)


def test_every_day_has_its_line_quiet_ones_too():
    lines = periods({FIRST: 2}, {FIRST + timedelta(2): 1}, since=FIRST, until=FIRST + timedelta(2))
    assert [(one.begins, one.registered, one.ended, one.total) for one in lines] == [
        (FIRST, 2, 0, 2),
        (FIRST + timedelta(1), 0, 0, 2),
        (FIRST + timedelta(2), 0, 1, 1),
    ]


def test_a_long_time_is_told_by_weeks():
    lines = periods({FIRST: 2}, {}, since=FIRST, until=FIRST + timedelta(100))
    assert {(one.ends - one.begins).days for one in lines[:-1]} == {6}
    assert lines[-1].ends == FIRST + timedelta(100)


@given(counts, counts, days, days)
def test_nobody_is_lost_and_the_days_follow_each_other(arrivals, endings, since, until):
    lines = periods(arrivals, endings, since=since, until=until)
    assert len(lines) <= MOST_PERIODS
    assert sum(one.registered for one in lines) == sum(arrivals.values())
    assert sum(one.ended for one in lines) == sum(endings.values())
    assert lines[-1].total == sum(arrivals.values()) - sum(endings.values())
    assert all(after.begins == before.ends + timedelta(1) for before, after in pairwise(lines))
