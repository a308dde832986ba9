"""What an organiser moved by hand, kept when the rest is computed anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from eventsapp.registrations.allocation.case import Case, Person, Workshop, make_case
from eventsapp.registrations.allocation.outcome import Filling

# The workshop decided on by person and slot; none: no place there.
Moves: TypeAlias = "Mapping[tuple[int, int], int | None]"


@dataclass(frozen=True)
class Decided:
    """People as if the moves were settled: ``kept`` those that still hold, ``lost`` the people of the others."""

    people: tuple[Person, ...]
    kept: Moves
    lost: tuple[Person, ...]


def decide(people: Collection[Person], workshops: Collection[Workshop], moves: Moves) -> Decided:
    """Return the people among whom the rest is to be allocated.

    A move holds as long as its person, workshop and hours are still there and no limit is broken; those made
    first come first. Whoever has left is not told of: there is nothing to decide for them.
    """
    case = make_case(people, workshops)
    known = {person.id: person for person in case.people}
    kept: dict[tuple[int, int], int | None] = {}
    lost: dict[int, Person] = {}
    for (person_id, slot), workshop_id in moves.items():
        if (person := known.get(person_id)) is None:
            continue
        if _holds(case, kept, person, slot, workshop_id):
            kept[person_id, slot] = workshop_id
        else:
            lost[person_id] = person
    settled = tuple(_settled(person, case, kept) for person in case.people)
    return Decided(settled, kept, tuple(lost.values()))


def _holds(case: Case, kept: Moves, person: Person, slot: int, workshop_id: int | None) -> bool:
    if slot in {case.workshops[one].slot for one in person.confirmed}:
        return False
    if workshop_id is None:
        return True
    workshop = case.workshops.get(workshop_id)
    if workshop is None or workshop.slot != slot:
        return False
    given = {key: to for key, to in kept.items() if to is not None}
    return Filling(case, given).refusal(person, workshop, slot) is None


def _settled(person: Person, case: Case, kept: Moves) -> Person:
    mine = {slot: to for (person_id, slot), to in kept.items() if person_id == person.id}
    if not mine:
        return person
    steps = sum(_steps(person.wishes.get(slot, ()), to, case.longest) for slot, to in mine.items())
    return replace(
        person,
        wishes={slot: wishes for slot, wishes in person.wishes.items() if slot not in mine},
        confirmed=person.confirmed | {to for to in mine.values() if to is not None},
        steps_held=person.steps_held + steps,
    )


def _steps(wishes: tuple[int, ...], given: int | None, longest: int) -> int:
    """How far below the first choice; nobody bears anything where they wished for nothing."""
    if not wishes:
        return 0
    return wishes.index(given) if given in wishes else longest
