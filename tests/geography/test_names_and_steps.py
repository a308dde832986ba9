"""Names as typed, and classes of the map."""

from itertools import pairwise

import pytest

from eventsapp.geography.names import search_name
from eventsapp.geography.steps import Step, shade_of, steps_up_to


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("St Etienne", "saint etienne"),
        ("Ste-Foy-lès-Lyon", "sainte foy les lyon"),
        ("  L’Haÿ-les-Roses ", "l hay les roses"),
        ("Œuilly", "oeuilly"),
        ("St", "st"),
        ("…", ""),
    ],
)
def test_accents_hyphens_and_short_saints_do_not_count(typed: str, found: str) -> None:
    assert search_name(typed) == found


def test_a_map_of_nothing_has_one_step() -> None:
    assert steps_up_to(0) == [Step(0, 0, 0)]


def test_few_counts_keep_well_apart() -> None:
    assert steps_up_to(2) == [Step(0, 0, 0), Step(1, 1, 2), Step(2, 2, 4)]


@pytest.mark.parametrize("highest", [*range(1, 300), 999, 1000, 1001, 54_321])
def test_every_count_has_exactly_one_step_and_six_steps_are_enough(highest: int) -> None:
    steps = steps_up_to(highest)
    assert 2 <= len(steps) <= 6
    assert all(before.high + 1 == after.low for before, after in pairwise(steps))
    assert steps[-1].low <= highest <= steps[-1].high
    assert [step.shade for step in steps] == sorted({step.shade for step in steps})
    assert shade_of(0, steps) == 0
    assert 1 <= shade_of(highest, steps) <= 5
