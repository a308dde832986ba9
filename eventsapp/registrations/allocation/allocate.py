"""The one entry: people and workshops in, the best allocation out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eventsapp.registrations.allocation.case import Person, Places, Workshop, make_case
from eventsapp.registrations.allocation.outcome import Figures, Filling, Unplaced, explain, measure
from eventsapp.registrations.allocation.problems import AllocationIsImpossible, find_problems
from eventsapp.registrations.allocation.stages import Stage, settle_all


@dataclass(frozen=True)
class Outcome:
    """Who is where, who is nowhere and why, the figures, and what each aim came to, in order."""

    places: Places
    unplaced: tuple[Unplaced, ...]
    figures: Figures
    stages: tuple[Stage, ...]

    @property
    def is_proven(self) -> bool:
        """Tell whether no allocation is better, aim after aim."""
        return all(stage.is_proven for stage in self.stages)


def allocate(people: Collection[Person], workshops: Collection[Workshop]) -> Outcome:
    """Return the best allocation, the same whatever the order; raise AllocationIsImpossible saying what to mend."""
    case = make_case(people, workshops)
    if problems := find_problems(people, workshops, case):
        raise AllocationIsImpossible(problems)
    places, stages = settle_all(case)
    filling = Filling(case, places)
    unplaced = explain(filling)
    return Outcome(places, unplaced, measure(filling, unplaced), stages)
