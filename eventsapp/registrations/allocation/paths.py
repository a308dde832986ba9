"""Steps borne in all, as paths: from slot to slot a person goes from one total to the next.

Each total has columns of its own, on which any price may be put. Without them the linear relaxation gives half a
place here and half a place there, takes that for a fair middle, and leaves all the work to the search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eventsapp.registrations.allocation.solver import Programme


@dataclass(frozen=True)
class Choice:
    """What may come of a slot: the column of the place, none when there is no place, and the steps it costs."""

    column: int | None
    steps: int


@dataclass
class Paths:
    """Everybody's paths. ``ends`` are the columns of those who bear so many steps, never above ``most``."""

    programme: Programme
    most: int
    ends: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, held: int, slots: Sequence[Sequence[Choice]]) -> None:
        """Add the paths of a person who bears ``held`` steps already, through the choices of each slot."""
        arriving: Mapping[int, list[int]] = {held: []}
        for choices in slots:
            arriving = self._cross(arriving, choices)
        for total, ways in arriving.items():
            self.ends[total] += ways

    def _cross(self, arriving: Mapping[int, list[int]], choices: Sequence[Choice]) -> Mapping[int, list[int]]:
        """Return the ways that arrive at each total after the slot."""
        leaving: dict[int, list[int]] = defaultdict(list)
        taking: dict[int, list[int]] = {one.column: [] for one in choices if one.column is not None}
        for total, arrived in arriving.items():
            within = [one for one in choices if total + one.steps <= self.most]
            ways = self.programme.add_amounts(len(within), 1)
            for way, choice in zip(ways, within, strict=True):
                leaving[total + choice.steps].append(way)
                if choice.column is not None:
                    taking[choice.column].append(way)
            entering = 0 if arrived else 1
            self.programme.keep_at(entering, [*((way, 1) for way in ways), *((way, -1) for way in arrived)])
        for column, ways_taken in taking.items():
            self.programme.keep_at(0, [(column, 1), *((way, -1) for way in ways_taken)])
        return leaving
