"""The aims of an allocation, settled one after another; none ever costs anything to those before it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from eventsapp.meetings.rules import overlap
from eventsapp.registrations.allocation.case import Ask, Case, Places
from eventsapp.registrations.allocation.paths import Choice, Paths
from eventsapp.registrations.allocation.solver import Programme, Settled, Terms


@dataclass(frozen=True)
class Stage:
    """What one aim came to: lower is better, and nothing as good for the aims before it is below ``bound``."""

    name: str
    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        return self.value == self.bound


def settle_all(case: Case) -> tuple[Places, tuple[Stage, ...]]:
    """Return the best places, and what each aim came to, in their order.

    ``unplaced``: wishes of a person in a slot that got no place. ``steps``: how far the places given are below
    first choices, in all. ``worst``: the most steps one person bears in all slots, where no place costs as much
    as the longest list of wishes. ``bearers``: how many people bear that. ``uneven``: the sum of 1 + 2 + … over
    each person's steps, least when they are shared most evenly. ``excess``: people above the share of their
    type of organisation in the workshops to balance.
    """
    model = _Model(case)
    stages = [model.settle_unplaced(), model.settle_steps()]
    model.add_paths()
    stages += [*model.settle_worst(), model.settle_uneven(), model.settle_excess()]
    return model.places(), tuple(stages)


class _Model:
    """The case as a programme: one column for each wish that may be granted, then those of the aims."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.programme = Programme()
        wanted = [(ask.key, id_) for ask in case.asks for id_ in ask.options]
        self.column = dict(zip(wanted, self.programme.add_choices(len(wanted)), strict=True))
        self.solution: Sequence[int] = (0,) * len(wanted)
        self.ends: Mapping[int, Sequence[int]] = {}  # columns of the people who bear so many steps
        self._keep_to_one_a_slot()
        self._keep_apart_what_overlaps()
        self._keep_within_limits()

    def places(self) -> Places:
        """Return the places of the solution found last."""
        return {key: id_ for (key, id_), column in self.column.items() if self.solution[column]}

    def settle_unplaced(self) -> Stage:
        found = self._settle(dict.fromkeys(self.column.values(), -1))
        asked = len(self.case.asks)
        return Stage("unplaced", asked + found.value, asked + found.bound)

    def settle_steps(self) -> Stage:
        options = [(ask, id_) for ask in self.case.asks for id_ in ask.options]
        found = self._settle({self.column[ask.key, id_]: ask.steps(id_) for ask, id_ in options})
        return Stage("steps", found.value, found.bound)

    def add_paths(self) -> None:
        """What people bear becomes columns, which the aims of fairness put a price on."""
        borne = self.case.steps_borne(self.places())
        least, most = self.programme.bounds()
        paths = Paths(self.programme, most=max(borne.values(), default=0))
        for person_id in borne:
            asks = self.case.asks_by_person[person_id]
            paths.add(asks[0].person.steps_held, [self._choices(ask, least, most) for ask in asks])
        self.ends = paths.ends

    def settle_worst(self) -> Iterator[Stage]:
        """From what an even sharing needs downwards: nobody bears it if that can be, else as few as can be."""
        self.solution = self.programme.probe(self._unevenness(), self._known()).solution
        reached = max(self.case.steps_borne(self.places()).values(), default=0)
        self.programme.forbid([x for total, columns in self.ends.items() if total > reached for x in columns])
        for total in range(reached, 0, -1):
            found = self._settle(dict.fromkeys(self.ends[total], 1))
            if found.value:
                yield Stage("worst", total, total if found.bound else total - 1)
                yield Stage("bearers", found.value, found.bound)
                return
        yield from (Stage("worst", 0, 0), Stage("bearers", 0, 0))

    def settle_uneven(self) -> Stage:
        found = self._settle(self._unevenness())
        return Stage("uneven", found.value, found.bound)

    def _unevenness(self) -> Mapping[int, int]:
        return {x: total * (total + 1) // 2 for total, columns in self.ends.items() for x in columns}

    def settle_excess(self) -> Stage:
        excess = [self._excess_above(share, terms) for share, terms in self._shares()]
        found = self._settle(dict.fromkeys(excess, 1))
        return Stage("excess", found.value, found.bound)

    def _settle(self, objective: Mapping[int, int]) -> Settled:
        found = self.programme.settle(objective, self._known())
        self.solution = found.solution
        return found

    def _known(self) -> Sequence[int]:
        return self.solution[: len(self.column)]

    def _terms(self, asks: Sequence[Ask], id_: int) -> Terms:
        return [(self.column[ask.key, id_], 1) for ask in asks]

    def _keep_to_one_a_slot(self) -> None:
        for ask in self.case.asks:
            self.programme.keep_at_most(1, [(self.column[ask.key, id_], 1) for id_ in ask.options])

    def _keep_apart_what_overlaps(self) -> None:
        """Workshops of two slots may overlap too."""
        workshops = self.case.workshops
        for asks in self.case.asks_by_person.values():
            for one, other in combinations(asks, 2):
                for first in one.options:
                    for second in other.options:
                        if overlap(workshops[first], workshops[second]):
                            pair = self.column[one.key, first], self.column[other.key, second]
                            self.programme.keep_at_most(1, [(column, 1) for column in pair])

    def _keep_within_limits(self) -> None:
        for id_, asks in self.case.askers.items():
            workshop, confirmed = self.case.workshops[id_], self.case.confirmed[id_]
            if workshop.capacity is not None:
                self.programme.keep_at_most(workshop.capacity - len(confirmed), self._terms(asks, id_))
            if workshop.most_per_organisation is not None:
                held = Counter(person.organisation for person in confirmed)
                for name, colleagues in _grouped(asks, lambda ask: ask.person.organisation).items():
                    if name:
                        left = workshop.most_per_organisation - held[name]
                        self.programme.keep_at_most(left, self._terms(colleagues, id_))

    def _choices(self, ask: Ask, least: Sequence[float], most: Sequence[float]) -> Sequence[Choice]:
        """What may still come of an ask."""
        granted = [(self.column[ask.key, id_], ask.steps(id_)) for id_ in ask.options]
        decided = [Choice(column, steps) for column, steps in granted if least[column]]
        undecided = [Choice(column, steps) for column, steps in granted if most[column]]
        return decided or [*undecided, Choice(None, self.case.longest)]

    def _shares(self) -> Iterator[tuple[int, Terms]]:
        """Each type's places left in its share of the workshops to balance, and who would take them."""
        for id_, asks in self.case.askers.items():
            workshop = self.case.workshops[id_]
            if workshop.balances_types:
                held = Counter(person.kind for person in self.case.confirmed[id_])
                alike = _grouped(asks, lambda ask: ask.person.kind)
                for kind in self.case.kinds:
                    yield self.case.share(workshop, kind) - held[kind], self._terms(alike.get(kind, ()), id_)

    def _excess_above(self, share: int, terms: Terms) -> int:
        [excess] = self.programme.add_amounts(1)
        self.programme.keep_at_most(share, [*terms, (excess, -1)])
        return excess


def _grouped(asks: Sequence[Ask], key: Callable[[Ask], str]) -> Mapping[str, Sequence[Ask]]:
    found: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        found[key(ask)].append(ask)
    return found
