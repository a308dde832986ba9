"""What an allocation decides on: workshops, people with their wishes and what they hold already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby

from eventsapp.meetings.rules import overlap


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """A session people wish for. Without ``capacity`` it takes everybody."""

    id: int
    slot: int
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    capacity: int | None = None
    most_per_organisation: int | None = None  # people of one organisation
    balances_types: bool = False  # no type of organisation takes more than its share of the places


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody registered.

    ``organisation`` is a key: equal for colleagues, empty for people who come on their own. ``wishes`` are
    ids of workshops by slot, the first choice first. ``confirmed`` are places held already, which stay;
    ``steps_held`` says how far below first choices they are, in all. ``pinned`` are workshops this person
    has a part in: they fill the hours, and take no place.
    """

    id: int
    name: str = ""
    organisation: str = ""
    organisation_name: str = ""
    kind: str = "other"
    wishes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()
    steps_held: int = 0
    pinned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ask:
    """One person's wishes in one slot where a place is to be given; ``options`` are those their hours allow."""

    person: Person
    slot: int
    wishes: tuple[int, ...]
    options: tuple[int, ...]

    @property
    def key(self) -> tuple[int, int]:
        return self.person.id, self.slot

    def steps(self, workshop_id: int) -> int:
        """Return how far from the first choice: 0 for the first, 1 for the second…"""
        return self.wishes.index(workshop_id)


# Workshop given, by person and slot.
Places = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Case:
    """One meeting's people and workshops in the order of their ids, so that the order of rows decides nothing."""

    people: tuple[Person, ...]
    workshops: Mapping[int, Workshop]

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """Every person and slot in which a place is to be given."""
        return tuple(ask for person in self.people for ask in self._asks_of(person))

    @cached_property
    def asks_by_person(self) -> Mapping[int, tuple[Ask, ...]]:
        return {person_id: tuple(asks) for person_id, asks in groupby(self.asks, lambda ask: ask.person.id)}

    def _asks_of(self, person: Person) -> Iterator[Ask]:
        settled = {self.workshops[one].slot for one in person.confirmed}
        held = [self.workshops[one] for one in sorted(person.confirmed | person.pinned)]
        for slot, wishes in sorted(person.wishes.items()):
            if wishes and slot not in settled:
                allowed = (one for one in wishes if not any(overlap(self.workshops[one], x) for x in held))
                yield Ask(person, slot, wishes, tuple(allowed))

    @cached_property
    def slots(self) -> tuple[int, ...]:
        return tuple(sorted({workshop.slot for workshop in self.workshops.values()}))

    @cached_property
    def longest(self) -> int:
        """The length of the longest list of wishes: what a slot without a place costs, in steps."""
        return max((len(wishes) for person in self.people for wishes in person.wishes.values()), default=0)

    def steps_borne(self, places: Places) -> Mapping[int, int]:
        """Return how many steps each person whom these places concern bears in all."""
        return {
            person_id: asks[0].person.steps_held + sum(self._steps_of(ask, places) for ask in asks)
            for person_id, asks in self.asks_by_person.items()
            if any(ask.options for ask in asks)
        }

    def _steps_of(self, ask: Ask, places: Places) -> int:
        given = places.get(ask.key)
        return ask.steps(given) if given in ask.wishes else self.longest

    @cached_property
    def confirmed(self) -> Mapping[int, tuple[Person, ...]]:
        """Those who hold a place already, by workshop."""
        held: dict[int, list[Person]] = {id_: [] for id_ in self.workshops}
        for person in self.people:
            for id_ in sorted(person.confirmed):
                held[id_].append(person)
        return {id_: tuple(people) for id_, people in held.items()}

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        """How many people of each type of organisation are registered."""
        return Counter(person.kind for person in self.people)

    @cached_property
    def askers(self) -> Mapping[int, tuple[Ask, ...]]:
        """Who could be given a place in each workshop."""
        found: dict[int, list[Ask]] = {id_: [] for id_ in self.workshops}
        for ask in self.asks:
            for id_ in ask.options:
                found[id_].append(ask)
        return {id_: tuple(asks) for id_, asks in found.items()}

    def share(self, workshop: Workshop, kind: str) -> int:
        """Return the most places one type takes in a balanced workshop: its share of the people, rounded up."""
        demand = len(self.confirmed[workshop.id]) + len(self.askers[workshop.id])
        places = demand if workshop.capacity is None else min(workshop.capacity, demand)
        return -(-places * self.kinds[kind] // len(self.people))


def make_case(people: Iterable[Person], workshops: Iterable[Workshop]) -> Case:
    """Return the case of these people and workshops, whatever their order."""
    in_order = sorted(workshops, key=lambda one: one.id)
    return Case(tuple(sorted(people, key=lambda one: one.id)), {one.id: one for one in in_order})
