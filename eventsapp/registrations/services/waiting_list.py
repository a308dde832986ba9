"""Waiting lists of a meeting and of its workshops: free places are offered in order, by themselves or by hand.

``offer_free_places`` looks at what is free and at who waits, whatever happened before: every write that may
free a place ends with it, under the lock of ``places.hold_whole``. So no free place waits for somebody who
waits for it, and doing it twice changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.registrations import places, rules
from eventsapp.registrations.errors import MeetingIsFull, NobodyWaits, OffersAreOver, WorkshopIsFull
from eventsapp.registrations.mails import queue as queue_mails
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.history import record_event

AT_ONCE = 100  # places offered between two looks at a workshop's list


# --- By themselves --------------------------------------------------------------------------------


def offer_free_places(held: Held, *, at: datetime) -> None:
    """Each free place of the meeting and of its workshops is offered to the first who waits and may take it.

    Nothing while offers are frozen, near the start, or when the meeting is not announced.
    """
    if not rules.offers_by_itself(held.meeting, held.setup, at):
        return
    exhausted: set[str] = set()  # quotas that have no place left
    while waiting := queues.first_in_line(held.meeting.id, but_of=exhausted):
        if not _offer_place(held, waiting, at):
            exhausted.add(waiting.quota_key)
    awaited = queues.sessions_awaited(held.meeting.id)
    for session in held.sessions:
        if session.id in awaited:
            _offer_session(held, session.id, at)


def _offer_place(held: Held, registration: Registration, at: datetime, by: Account | None = None) -> bool:
    number = places.claim_meeting_place(held, registration.quota_key, from_queue=True)
    if number is None:
        return False
    until = rules.offer_deadline(held.meeting, held.setup, at)
    registration.state, registration.place_number = "offered", number
    registration.queue_rank, registration.offered_at, registration.held_until = None, at, until
    db.session.flush()
    record_event(registration, "place_offered", at=at, by=by, until=until.isoformat())
    queue_mails.queue_offer(registration, held.meeting, at=at)
    return True


def _offer_session(held: Held, session_id: int, at: datetime) -> None:
    session = next(one for one in held.sessions if one.id == session_id)
    while numbers := list(islice(places.free_session_numbers(session), AT_ONCE)):
        line = queues.first_in_session_line(session_id, len(numbers))
        for place, number in zip(line, numbers, strict=False):
            _offer_session_place(held, place, number, at)
        if len(line) < len(numbers):
            return


def _offer_session_place(
    held: Held, place: SessionPlace, number: int, at: datetime, by: Account | None = None
) -> None:
    until = rules.offer_deadline(held.meeting, held.setup, at)
    place.state, place.place_number, place.queue_rank = "offered", number, None
    place.offered_at, place.held_until, place.taken_at = at, until, at
    db.session.flush()
    title = place.session.title
    record_event(place.registration, "place_offered", at=at, by=by, text=title, until=until.isoformat())
    queue_mails.queue_session_offer(place, held.meeting, at=at)


# --- By hand --------------------------------------------------------------------------------------


def offer_by_hand(
    *, registration: Registration, session_id: int | None = None, by: Account, at: datetime
) -> None:
    """Somebody of the list is offered a place now, whatever their rank, frozen or not; never past capacity.

    ``session_id`` names the workshop when it is its list. Raises OffersAreOver, NobodyWaits, MeetingIsFull,
    WorkshopIsFull.
    """
    held = places.hold_whole(registration.meeting_id)
    if not rules.may_offer(held.meeting, at):
        raise OffersAreOver
    db.session.refresh(registration)
    if session_id is not None:
        _offer_session_by_hand(held, waiting_place(registration, session_id), at, by)
    elif registration.state != "waiting":
        raise NobodyWaits
    elif not _offer_place(held, registration, at, by):
        raise MeetingIsFull


def _offer_session_by_hand(held: Held, place: SessionPlace, at: datetime, by: Account) -> None:
    number = next(places.free_session_numbers(place.session), None)
    if number is None:
        raise WorkshopIsFull([place.session])
    _offer_session_place(held, place, number, at, by)


def waiting_place(registration: Registration, session_id: int) -> SessionPlace:
    """Return what the registration has in the waiting list of that workshop; raise NobodyWaits."""
    found = [place for place in registration.places if place.session_id == session_id]
    if not found or found[0].state != "waiting":
        raise NobodyWaits
    return found[0]


def move_in_line(
    *, registration: Registration, move: str, session_id: int | None = None, by: Account, at: datetime
) -> None:
    """Somebody of the list is one rank «up», one rank «down», or «first»; the others keep their order."""
    places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if session_id is None and registration.state != "waiting":
        raise NobodyWaits
    queued = registration if session_id is None else waiting_place(registration, session_id)
    if move == "first":
        queued.queue_rank = queues.lowest_rank(queued) - 1
    elif other := queues.beside(queued, move):
        queued.queue_rank, other.queue_rank = other.queue_rank, queued.queue_rank
    db.session.flush()
    record_event(registration, "moved_in_waiting_list", at=at, by=by, move=move)


def freeze_offers(*, meeting_id: int, at: datetime) -> None:
    """Places that become free stay free until somebody offers them; offers already made stand."""
    _stored_setup(places.hold_whole(meeting_id)).offers_frozen_at = at
    db.session.flush()


def resume_offers(*, meeting_id: int, at: datetime) -> None:
    """Free places are offered again by themselves, those free now at once."""
    held = places.hold_whole(meeting_id)
    _stored_setup(held).offers_frozen_at = None
    db.session.flush()
    offer_free_places(held, at=at)


def _stored_setup(held: Held) -> RegistrationSetup:
    db.session.add(held.setup)  # the defaults of a meeting that nobody has set up
    return held.setup


# --- Back in line ---------------------------------------------------------------------------------


def withdraw_offers(held: Held, *, at: datetime) -> None:
    """Nothing is offered any more at a meeting that does not take place as announced.

    Those who had an offer are first in line again, in the order in which they had been. Caller tells them.
    """
    registrations, session_places = queues.open_offers(held.meeting.id)
    for registration in reversed(registrations):
        _back_in_line(registration)
        record_event(registration, "offer_withdrawn", at=at)
    for place in reversed(session_places):
        _back_in_line(place)
        record_event(place.registration, "offer_withdrawn", at=at, text=place.session.title)


def _back_in_line(offered: Registration | SessionPlace) -> None:
    rank = queues.lowest_rank(offered) - 1
    offered.state, offered.queue_rank = "waiting", rank
    offered.place_number = offered.offered_at = offered.held_until = None
    db.session.flush()
