"""Allocations: prepared beside the writers, moved by hand, then committed under lock or thrown away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsapp.accounts.models import Account
from eventsapp.core.db import beside_writers, db, lock
from eventsapp.core.i18n import _l
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places
from eventsapp.registrations.allocation.allocate import allocate
from eventsapp.registrations.allocation.case import Person
from eventsapp.registrations.allocation.moves import decide
from eventsapp.registrations.allocation.outcome import WHY_NOT, Unplaced, Why
from eventsapp.registrations.errors import (
    AllocationHasChanged,
    AllocationIsOver,
    MoveIsRefused,
    WishesAreStillOpen,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.mails import allocation as allocation_mails
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import Allocation, Registration, SessionPlace
from eventsapp.registrations.offer import SLOT
from eventsapp.registrations.places import Held
from eventsapp.registrations.proposals import Proposal, load_proposal, stored_result
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.queries.wishes import certain_registrations, find_draft, load_wishes
from eventsapp.registrations.services.history import record_events
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.wishing import WorkshopStep, workshop_step


@dataclass(frozen=True)
class Prepared:
    """A new draft, and those whose place by hand in the draft before could not be kept."""

    draft: Allocation
    lost: tuple[Person, ...]


def prepare_allocation(*, meeting: Meeting, by: Account, at: datetime) -> Prepared:
    """The best allocation of the wishes as they are waits for a decision, instead of any earlier draft.

    What was moved by hand in that draft stays as it was moved, as far as it still can. Nobody waits during
    the search. Raises AllocationIsImpossible, whose ``problems`` say what to mend, and AllocationHasChanged
    when somebody was moved meanwhile.
    """
    meeting_id, account_id = meeting.id, by.id
    with beside_writers():
        wishes = load_wishes(meeting.workshops, get_setup(meeting_id))
        moves = _moves_of(meeting_id)
        decided = decide(wishes.people, wishes.workshops, {key: move["to"] for key, move in moves.items()})
        outcome = allocate(decided.people, wishes.workshops)
    lock(Meeting, meeting_id)
    if _moves_of(meeting_id) != moves:
        raise AllocationHasChanged
    if earlier := find_draft(meeting_id):
        earlier.state = "discarded"
        db.session.flush()
    draft = Allocation(
        meeting_id=meeting_id,
        fingerprint=wishes.fingerprint,
        result=stored_result(outcome),
        adjustments=[moves[key] for key in decided.kept],
        made_at=at,
        made_by_id=account_id,
    )
    db.session.add(draft)
    db.session.flush()
    return Prepared(draft, decided.lost)


def _moves_of(meeting_id: int) -> dict[tuple[int, int], Mapping[str, Any]]:
    """What was last moved by hand in the meeting's draft, by person and slot."""
    draft = find_draft(meeting_id)
    return {(move["person"], move["slot"]): move for move in draft.adjustments} if draft else {}


def move_by_hand(
    *, draft: Allocation, person_id: int, places_in: Mapping[int, int | None], by: Account, at: datetime
) -> None:
    """The draft gives this person these workshops by slot, or none; every limit still holds.

    Raises AllocationIsOver, AllocationHasChanged, WorkshopIsUnknown, MoveIsRefused saying why.
    """
    held = places.hold_whole(draft.meeting_id)
    db.session.refresh(draft)
    for slot, workshop_id in places_in.items():
        proposal = _checked(draft, held)
        person = proposal.person(person_id)
        if proposal.places.get((person_id, slot)) == workshop_id:
            continue
        if workshop_id is not None:
            _check_move(proposal, person, slot, workshop_id)
        move = {"person": person_id, "slot": slot, "to": workshop_id, "by": by.id, "at": at.isoformat()}
        draft.adjustments = [*draft.adjustments, move]
    db.session.flush()


def discard_allocation(*, draft: Allocation) -> None:
    """Nothing comes of the draft. Twice changes nothing."""
    lock(Meeting, draft.meeting_id)
    db.session.refresh(draft)
    if draft.state == "draft":
        draft.state = "discarded"
        db.session.flush()


def commit_allocation(*, draft: Allocation, by: Account, at: datetime) -> None:
    """Everybody has the places of the draft, and is told. Those confirmed before keep theirs. Twice changes nothing.

    Whoever got nothing in a slot waits for the best of their wishes that is full, where there is a waiting
    list. Raises AllocationIsOver, AllocationHasChanged, WishesAreStillOpen.
    """
    held = places.hold_whole(draft.meeting_id)
    db.session.refresh(draft)
    if draft.state == "committed":
        return
    places.check_goes_on(held.meeting)
    if workshop_step(held.meeting, held.setup, at) is WorkshopStep.WISHES:
        raise WishesAreStillOpen
    proposal = _checked(draft, held)
    concerned = {one.id for one in proposal.wishes.people if any(one.wishes.values())}
    registrations = certain_registrations(concerned | {key[0] for key in proposal.places}, held.meeting.id)
    _give_places(held, proposal, registrations, at)
    _put_in_line(held, proposal, registrations, at)
    draft.state, draft.committed_at = "committed", at
    db.session.add(held.setup)
    held.setup.allocated_at = at
    _tell(held, draft, proposal, registrations, by, at)
    offer_free_places(held, at=at)


def _checked(draft: Allocation, held: Held) -> Proposal:
    if draft.state != "draft":
        raise AllocationIsOver
    proposal = load_proposal(draft, held.sessions, held.setup)
    if proposal.is_stale:
        raise AllocationHasChanged
    return proposal


def _check_move(proposal: Proposal, person: Person, slot: int, workshop_id: int) -> None:
    workshop = proposal.case.workshops.get(workshop_id)
    if workshop is None or workshop.slot != slot:
        raise WorkshopIsUnknown
    if slot in proposal.settled_slots(person):
        raise MoveIsRefused(
            _l("Cette personne a déjà une place confirmée dans ce créneau : changez-la depuis sa fiche."),
            field=f"{SLOT}{slot}",
        )
    if why := proposal.without(person, slot).refusal(person, workshop, slot):
        text = _l("« %(workshop)s » : %(why)s.", workshop=workshop.title, why=WHY_NOT[why])
        raise MoveIsRefused(text, field=f"{SLOT}{slot}")


def _give_places(
    held: Held, proposal: Proposal, registrations: Mapping[int, Registration], at: datetime
) -> None:
    """The draft becomes places: numbers nobody has, never past the capacity; other wishes of the slot go."""
    sessions = {session.id: session for session in held.sessions}
    free = {id_: places.free_session_numbers(session) for id_, session in sessions.items()}
    for (person_id, slot), session_id in sorted(proposal.places.items()):
        registration = registrations[person_id]
        place = places.place_in(registration, sessions[session_id])
        number = next(free[session_id], None)
        if number is None:
            raise WorkshopIsFull([sessions[session_id]])
        place.state, place.place_number, place.queue_rank, place.taken_at = "confirmed", number, None, at
        for other in _asked_in(proposal, registration, slot):
            registration.places.remove(other)
    db.session.flush()


def _put_in_line(
    held: Held, proposal: Proposal, registrations: Mapping[int, Registration], at: datetime
) -> None:
    """Whoever got nothing in a slot waits for the best of their wishes that is full, in the order of registration."""
    if not held.setup.has_waiting_list:
        return
    ranks = dict(places.next_session_ranks([session.id for session in held.sessions]))
    for one in proposal.unplaced:
        asked = _asked_in(proposal, registrations[one.person_id], one.slot) if one.wishes else []
        full = next((id_ for id_, why in one.wishes if why is Why.FULL), None)
        if full is None or any(place.state == "waiting" for place in asked):
            continue
        place = next(place for place in asked if place.session_id == full)
        place.state, place.queue_rank, place.taken_at = "waiting", ranks[full], at
        ranks[full] += 1
    db.session.flush()


def _asked_in(proposal: Proposal, registration: Registration, slot: int) -> list[SessionPlace]:
    """What the registration wishes or waits for in the slot."""
    workshops = proposal.case.workshops
    return [
        place
        for place in registration.places
        if place.place_number is None and workshops[place.session_id].slot == slot
    ]


def _tell(
    held: Held,
    draft: Allocation,
    proposal: Proposal,
    registrations: Mapping[int, Registration],
    by: Account,
    at: datetime,
) -> None:
    """History and message of everybody whom the draft concerns."""
    without: dict[int, list[Unplaced]] = defaultdict(list)
    for one in proposal.unplaced:
        if one.wishes:
            without[one.person_id].append(one)
    given = {}
    for registration in registrations.values():
        registration.revision += 1
        registration.changed_at = at
        given[registration] = ", ".join(session.title for session in chosen_sessions(registration))
    db.session.flush()
    record_events(given, "allocated", at=at, by=by)
    allocation_mails.queue_results(draft, held, registrations.values(), without, at=at)
