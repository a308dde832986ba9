"""What came of an allocation: who is where, who is nowhere and why, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventsapp.core.i18n import _l
from eventsapp.meetings.rules import overlap
from eventsapp.registrations.allocation.case import Case, Person, Places, Workshop


class Why(StrEnum):
    """Why somebody has no place."""

    NO_WISH = "no_wish"
    CLASH = "clash"
    ORGANISATION = "organisation"
    FULL = "full"
    FREE = "free"


WHY_NOT = {
    Why.NO_WISH: _l("aucun vœu exprimé"),
    Why.CLASH: _l("en même temps qu’une autre séance de la personne"),
    Why.ORGANISATION: _l("limite par organisme atteinte"),
    Why.FULL: _l("complet"),
    Why.FREE: _l("il reste une place"),
}


@dataclass(frozen=True)
class Unplaced:
    """Somebody without a place in a slot: why in short, and why not each wish, the first choice first."""

    person_id: int
    slot: int
    why: Why
    wishes: tuple[tuple[int, Why], ...] = ()


@dataclass(frozen=True)
class WorkshopFigures:
    """One workshop: people who list it, who put it first, who hold a place, and how many of each type."""

    id: int
    capacity: int | None
    wished: int
    wished_first: int
    confirmed: int
    given: int
    kinds: Mapping[str, int]
    excess: int  # people above their type's share, where types are balanced

    @property
    def taken(self) -> int:
        return self.confirmed + self.given


@dataclass(frozen=True)
class Figures:
    """The whole: ``ranks`` counts first choices given, then second…; ``unplaced`` counts by reason.

    ``worst`` is the most steps below first choices that one person bears.
    """

    people: int
    asks: int
    placed: int
    ranks: tuple[int, ...]
    unplaced: Mapping[Why, int]
    worst: int
    workshops: tuple[WorkshopFigures, ...]

    def share(self, rank: int) -> float:
        """Return the part of the places given that are choices of this rank, from 0 to 1."""
        return self.ranks[rank - 1] / self.placed if self.placed and rank <= len(self.ranks) else 0.0


class Filling:
    """How full each workshop is with the places given: in all, by organisation, by type."""

    def __init__(self, case: Case, places: Places) -> None:
        self.case = case
        self.places = places
        people = {person.id: person for person in case.people}
        self.holders = {id_: list(confirmed) for id_, confirmed in case.confirmed.items()}
        for (person_id, _slot), id_ in sorted(places.items()):
            self.holders[id_].append(people[person_id])
        self.colleagues = Counter((id_, x.organisation) for id_, held in self.holders.items() for x in held)

    def refusal(self, person: Person, workshop: Workshop, slot: int) -> Why | None:
        """Return what keeps this person out of the workshop, whatever they have in this slot; None if nothing does."""
        held = {*person.confirmed, *person.pinned, *self._given_elsewhere(person, slot)}
        if any(overlap(workshop, self.case.workshops[id_]) for id_ in held):
            return Why.CLASH
        most = workshop.most_per_organisation
        if (
            most is not None
            and person.organisation
            and self.colleagues[workshop.id, person.organisation] >= most
        ):
            return Why.ORGANISATION
        is_full = workshop.capacity is not None and len(self.holders[workshop.id]) >= workshop.capacity
        return Why.FULL if is_full else None

    def _given_elsewhere(self, person: Person, slot: int) -> Iterator[int]:
        return (
            self.places[person.id, x] for x in self.case.slots if x != slot and (person.id, x) in self.places
        )


def explain(filling: Filling) -> tuple[Unplaced, ...]:
    """Return everybody without a place in a slot, and why."""
    return tuple(one for person in filling.case.people for one in _unplaced(filling, person))


def _unplaced(filling: Filling, person: Person) -> Iterator[Unplaced]:
    workshops = filling.case.workshops
    confirmed = {workshops[id_].slot for id_ in person.confirmed}
    busy = confirmed | {workshops[id_].slot for id_ in person.pinned}
    for slot in filling.case.slots:
        wishes = person.wishes.get(slot, ())
        if slot in confirmed or (person.id, slot) in filling.places or (not wishes and slot in busy):
            continue
        reasons = [(id_, filling.refusal(person, workshops[id_], slot) or Why.FREE) for id_ in wishes]
        yield Unplaced(person.id, slot, _in_short([why for _id, why in reasons]), tuple(reasons))


def _in_short(reasons: list[Why]) -> Why:
    """The reason nearest to a place: a place left, a limit, a full workshop, and only then the hours."""
    nearest = (Why.FREE, Why.ORGANISATION, Why.FULL, Why.CLASH)
    return next((why for why in nearest if why in reasons), Why.NO_WISH)


def measure(filling: Filling, unplaced: Collection[Unplaced]) -> Figures:
    """Return the figures of the places given."""
    case, places = filling.case, filling.places
    given = [ask.steps(places[ask.key]) for ask in case.asks if places.get(ask.key) in ask.wishes]
    ranks, reasons = Counter(given), Counter(one.why for one in unplaced)
    return Figures(
        people=len(case.people),
        asks=len(case.asks),
        placed=len(places),
        ranks=tuple(ranks[steps] for steps in range(case.longest)),
        unplaced={why: reasons[why] for why in Why if reasons[why]},
        worst=max(case.steps_borne(places).values(), default=0),
        workshops=_figures_of_workshops(filling),
    )


def _figures_of_workshops(filling: Filling) -> tuple[WorkshopFigures, ...]:
    """By hour."""
    case = filling.case
    wished = Counter(id_ for ask in case.asks for id_ in ask.wishes)
    first = Counter(ask.wishes[0] for ask in case.asks)
    return tuple(
        WorkshopFigures(
            id=one.id,
            capacity=one.capacity,
            wished=wished[one.id],
            wished_first=first[one.id],
            confirmed=len(case.confirmed[one.id]),
            given=len(filling.holders[one.id]) - len(case.confirmed[one.id]),
            kinds=(kinds := _kinds(filling, one.id)),
            excess=_excess(case, one, kinds),
        )
        for one in sorted(case.workshops.values(), key=lambda x: (x.starts_at, x.id))
    )


def _kinds(filling: Filling, workshop_id: int) -> Mapping[str, int]:
    return dict(sorted(Counter(person.kind for person in filling.holders[workshop_id]).items()))


def _excess(case: Case, workshop: Workshop, kinds: Mapping[str, int]) -> int:
    if not workshop.balances_types:
        return 0
    return sum(max(0, count - case.share(workshop, kind)) for kind, count in kinds.items())
