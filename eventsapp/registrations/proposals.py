"""A proposal of allocation as it stands: what was computed, what was moved by hand, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.exc import NoResultFound

from eventsapp.meetings.models import Session
from eventsapp.registrations.allocation.allocate import Outcome
from eventsapp.registrations.allocation.case import Case, Person, Workshop, make_case
from eventsapp.registrations.allocation.outcome import Figures, Filling, Unplaced, explain, measure
from eventsapp.registrations.allocation.problems import Problem, find_problems
from eventsapp.registrations.models import Allocation, RegistrationSetup
from eventsapp.registrations.queries.wishes import Wishes, load_wishes


@dataclass(frozen=True)
class Proposal:
    """A draft and the wishes as they are now. When they are not those it was made from, ``is_stale``."""

    draft: Allocation
    wishes: Wishes

    @property
    def is_stale(self) -> bool:
        return self.draft.fingerprint != self.wishes.fingerprint

    @property
    def is_proven(self) -> bool:
        """Tell whether what was computed is the best there is; what was moved by hand aside."""
        return all(stage["value"] == stage["bound"] for stage in self.draft.result["stages"])

    @cached_property
    def case(self) -> Case:
        return make_case(self.wishes.people, self.wishes.workshops)

    @cached_property
    def places(self) -> dict[tuple[int, int], int]:
        """The workshop given by person and slot; people and workshops that are gone are left out."""
        given = {(person, slot): workshop for person, slot, workshop in self.draft.result["places"]}
        for move in self.draft.adjustments:
            given[move["person"], move["slot"]] = move["to"]
        people, workshops = {one.id for one in self.wishes.people}, self.case.workshops
        return {key: to for key, to in given.items() if to in workshops and key[0] in people}

    def person(self, person_id: int) -> Person:
        """Return somebody who takes part; NoResultFound (404) for anybody else."""
        for one in self.wishes.people:
            if one.id == person_id:
                return one
        raise NoResultFound

    def workshop(self, workshop_id: int) -> Workshop:
        """Return one of the workshops; NoResultFound (404) for any other."""
        if workshop_id not in self.case.workshops:
            raise NoResultFound
        return self.case.workshops[workshop_id]

    def settled_slots(self, person: Person) -> set[int]:
        """The slots where the person has a place already, which no proposal changes."""
        return {self.case.workshops[id_].slot for id_ in person.confirmed}

    @cached_property
    def filling(self) -> Filling:
        return Filling(self.case, self.places)

    @cached_property
    def unplaced(self) -> tuple[Unplaced, ...]:
        return explain(self.filling)

    @cached_property
    def figures(self) -> Figures:
        return measure(self.filling, self.unplaced)

    def without(self, person: Person, slot: int) -> Filling:
        """Return how full workshops would be without what the person has in the slot."""
        return Filling(self.case, {key: to for key, to in self.places.items() if key != (person.id, slot)})

    def holders(self, workshop_id: int) -> list[Held]:
        """Those who would be in the workshop, by name."""
        inside = {person.id for person in self.filling.holders[workshop_id]}
        return [self._held(one, workshop_id) for one in self.wishes.people if one.id in inside]

    def _held(self, person: Person, workshop_id: int) -> Held:
        wishes = person.wishes.get(self.case.workshops[workshop_id].slot, ())
        rank = wishes.index(workshop_id) + 1 if workshop_id in wishes else None
        return Held(person, rank, is_confirmed=workshop_id in person.confirmed)

    @property
    def left_out(self) -> list[tuple[Person, Unplaced]]:
        """Those who wish for something in a slot and would have nothing there, by name."""
        people = {one.id: (n, one) for n, one in enumerate(self.wishes.people)}
        found = [(*people[one.person_id], one) for one in self.unplaced if one.wishes]
        return [(person, one) for _n, person, one in sorted(found, key=lambda x: (x[0], x[2].slot))]


@dataclass(frozen=True)
class Held:
    """Somebody in a workshop: with which wish, none by hand or before the wishes; ``is_confirmed`` from before."""

    person: Person
    rank: int | None
    is_confirmed: bool


@dataclass(frozen=True)
class Demand:
    """The wishes before any proposal: figures by workshop, and what stands in the way."""

    wishes: Wishes
    figures: Figures
    problems: Sequence[Problem]

    def workshop(self, workshop_id: int) -> Workshop:
        return next(one for one in self.wishes.workshops if one.id == workshop_id)

    @property
    def answered(self) -> int:
        return len(self.wishes.people) - len(self.wishes.without_wish)


def load_demand(sessions: Sequence[Session], setup: RegistrationSetup) -> Demand:
    """Return what is asked for: three statements."""
    wishes = load_wishes(sessions, setup)
    case = make_case(wishes.people, wishes.workshops)
    problems = find_problems(wishes.people, wishes.workshops, case)
    return Demand(wishes, measure(Filling(case, {}), ()), problems)


def load_proposal(draft: Allocation, sessions: Sequence[Session], setup: RegistrationSetup) -> Proposal:
    """Return the draft and the wishes as they are: three statements."""
    return Proposal(draft, load_wishes(sessions, setup))


def stored_result(outcome: Outcome) -> Mapping[str, Any]:
    """Return what a draft keeps of what was computed: places and proofs; the rest follows from the wishes."""
    places = [[person, slot, workshop] for (person, slot), workshop in sorted(outcome.places.items())]
    stages = [{"name": x.name, "value": x.value, "bound": x.bound} for x in outcome.stages]
    return {"places": places, "stages": stages}
