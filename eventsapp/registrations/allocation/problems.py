"""What makes an allocation impossible, said in words to the organiser who can mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import Text, _l
from eventsapp.meetings.rules import overlap
from eventsapp.registrations.allocation.case import Case, Person, Workshop

Numbered = TypeVar("Numbered", Person, Workshop)


@dataclass(frozen=True)
class Problem:
    """One thing to mend before an allocation, with the ids of whom and what it is about."""

    kind: str
    text: Text
    people: tuple[int, ...] = ()
    workshops: tuple[int, ...] = ()


class AllocationIsImpossible(DomainError):
    """``problems`` says everything that stands in the way."""

    message = _l("L’affectation n’est pas possible : corrigez d’abord ce qui suit.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__()


def find_problems(people: Collection[Person], workshops: Collection[Workshop], case: Case) -> list[Problem]:
    """Return what stands in the way of an allocation; people and workshops are those the case was made of."""
    shape = [*_twice(people, workshops), *_bad_workshops(workshops), *_bad_wishes(case)]
    return shape or [*_overfull(case), *_over_limit(case), *_in_two_places(case)]


def _twice(people: Collection[Person], workshops: Collection[Workshop]) -> Iterator[Problem]:
    for person in _repeated(people):
        text = _l("%(person)s figure deux fois dans la liste des personnes.", person=person.name)
        yield Problem("person_twice", text, people=(person.id,))
    for workshop in _repeated(workshops):
        text = _l("« %(workshop)s » figure deux fois dans la liste des ateliers.", workshop=workshop.title)
        yield Problem("workshop_twice", text, workshops=(workshop.id,))


def _bad_workshops(workshops: Iterable[Workshop]) -> Iterator[Problem]:
    for one in workshops:
        if one.ends_at <= one.starts_at:
            text = _l("« %(workshop)s » finit avant de commencer : corrigez ses heures.", workshop=one.title)
            yield Problem("hours_reversed", text, workshops=(one.id,))
        if one.capacity is not None and one.capacity < 0:
            text = _l("« %(workshop)s » a un nombre de places négatif.", workshop=one.title)
            yield Problem("capacity_negative", text, workshops=(one.id,))
        if one.most_per_organisation is not None and one.most_per_organisation < 1:
            text = _l(
                "« %(workshop)s » n’admet personne d’un même organisme : la limite doit être d’au moins 1.",
                workshop=one.title,
            )
            yield Problem("limit_below_one", text, workshops=(one.id,))


def _bad_wishes(case: Case) -> Iterator[Problem]:
    for person in case.people:
        listed = [id_ for wishes in person.wishes.values() for id_ in wishes]
        if unknown := sorted({*listed, *person.confirmed, *person.pinned} - set(case.workshops)):
            text = _l("%(person)s a un vœu ou une place dans un atelier supprimé.", person=person.name)
            yield Problem("workshop_unknown", text, (person.id,), tuple(unknown))
            continue
        for id_ in sorted(one for one, times in Counter(listed).items() if times > 1):
            text = _l("%(person)s a classé deux fois « %(workshop)s ».", **_names(case, person, id_))
            yield Problem("wish_twice", text, (person.id,), (id_,))
        for slot, wishes in sorted(person.wishes.items()):
            for id_ in wishes:
                if case.workshops[id_].slot != slot:
                    text = _l(
                        "%(person)s a classé « %(workshop)s » dans un créneau qui n’est pas le sien.",
                        **_names(case, person, id_),
                    )
                    yield Problem("wish_in_another_slot", text, (person.id,), (id_,))


def _overfull(case: Case) -> Iterator[Problem]:
    for id_, confirmed in case.confirmed.items():
        workshop = case.workshops[id_]
        if workshop.capacity is not None and len(confirmed) > workshop.capacity:
            text = _l(
                "« %(workshop)s » : le nombre de personnes confirmées (%(people)d) dépasse celui des places "
                "(%(places)d). Ajoutez des places ou libérez-en.",
                workshop=workshop.title,
                people=len(confirmed),
                places=workshop.capacity,
            )
            yield Problem("more_confirmed_than_places", text, _ids(confirmed), (id_,))


def _over_limit(case: Case) -> Iterator[Problem]:
    for id_, confirmed in case.confirmed.items():
        most = case.workshops[id_].most_per_organisation
        for organisation in sorted({one.organisation for one in confirmed if one.organisation}):
            colleagues = [one for one in confirmed if one.organisation == organisation]
            if most is not None and len(colleagues) > most:
                text = _l(
                    "« %(workshop)s » : %(people)d personnes de %(organisation)s sont déjà confirmées, "
                    "pour une limite de %(most)d par organisme.",
                    workshop=case.workshops[id_].title,
                    people=len(colleagues),
                    organisation=colleagues[0].organisation_name or organisation,
                    most=most,
                )
                yield Problem("organisation_over_limit", text, _ids(colleagues), (id_,))


def _in_two_places(case: Case) -> Iterator[Problem]:
    for person in case.people:
        for one, other in combinations(sorted(person.confirmed | person.pinned), 2):
            first, second = case.workshops[one], case.workshops[other]
            is_settled_twice = {one, other} <= person.confirmed and first.slot == second.slot
            if overlap(first, second) or is_settled_twice:
                kind, text = _two_places(person, first, second)
                yield Problem(kind, text, (person.id,), (one, other))


def _two_places(person: Person, first: Workshop, second: Workshop) -> tuple[str, Text]:
    if not {first.id, second.id} & person.pinned:
        return "confirmed_twice", _l(
            "%(person)s a une place dans « %(first)s » et dans « %(second)s », dans le même créneau.",
            **_both(person, first, second),
        )
    if {first.id, second.id} <= person.pinned:
        return "pinned_twice", _l(
            "%(person)s intervient dans « %(first)s » et dans « %(second)s », qui ont lieu en même temps.",
            **_both(person, first, second),
        )
    in_order = (first, second) if first.id in person.pinned else (second, first)
    return "confirmed_while_pinned", _l(
        "%(person)s intervient dans « %(first)s » et a une place dans « %(second)s », en même temps.",
        **_both(person, *in_order),
    )


def _both(person: Person, first: Workshop, second: Workshop) -> dict[str, str]:
    return {"person": person.name, "first": first.title, "second": second.title}


def _repeated(items: Collection[Numbered]) -> list[Numbered]:
    """One of each group of items that have the same id."""
    times = Counter(one.id for one in items)
    named = {one.id: one for one in items}
    return [named[id_] for id_ in sorted(times) if times[id_] > 1]


def _names(case: Case, person: Person, workshop_id: int) -> dict[str, str]:
    return {"person": person.name, "workshop": case.workshops[workshop_id].title}


def _ids(people: Iterable[Person]) -> tuple[int, ...]:
    return tuple(person.id for person in people)
