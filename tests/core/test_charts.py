"""The geometry of charts: what is drawn is in the box, to scale, with round numbers beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.charts import STEPS, curve, round_top


def down_of(drawn):
    return [float(point.split(",")[1]) for point in drawn.points.split()]


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (1, 4), (5, 8), (9, 12), (13, 20), (40, 40), (41, 80), (1000, 1200)]
)
def test_the_scale_ends_on_a_round_number(highest, top):
    assert round_top(highest) == top


@given(st.integers(0, 10**7))
def test_the_scale_is_high_enough_and_never_much_higher(highest):
    top = round_top(highest)
    assert highest <= top <= max(STEPS, 2 * highest + STEPS)


def test_a_curve_goes_from_side_to_side_to_scale():
    drawn = curve([0, 10, 20])
    assert drawn.points == "0.00,100.00 50.00,50.00 100.00,0.00"
    assert drawn.scale == (20, 15, 10, 5, 0)
    assert drawn.limit is None


def test_a_limit_has_its_own_line_unless_it_would_flatten_the_curve():
    assert curve([0, 10], 20).limit == 0
    assert curve([0, 30], 20).limit == 50
    assert curve([0, 10], 31).limit is None


@given(st.lists(st.integers(0, 10**6), max_size=100), st.none() | st.integers(0, 10**6))
def test_nothing_is_drawn_out_of_the_box(values, limit):
    drawn = curve(values, limit)
    assert all(0 <= down <= 100 for down in down_of(drawn))
    assert drawn.limit is None or 0 <= drawn.limit <= 100
