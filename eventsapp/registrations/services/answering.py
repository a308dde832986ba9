"""Answers to offers: accepted, declined, or over without one. Each is decided under the meeting's lock."""

from __future__ import annotations

from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.meetings.rules import overlap
from eventsapp.registrations import mails, places, rules
from eventsapp.registrations.errors import NothingIsOffered, OfferIsOver
from eventsapp.registrations.mails import queue as queue_mails
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.ending import end_registrations
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.services.wishes import grant_wishes

AT_ONCE = 200  # offers that end in a transaction; whoever registers meanwhile waits for it


def accept_place(*, registration: Registration, at: datetime, by: Account | None = None) -> Registration:
    """The offered place is taken, with a place or a rank in each workshop asked for; the confirmation says which.

    Twice changes nothing. Raises OfferIsOver after the deadline, NothingIsOffered.
    """
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if registration.is_confirmed():
        return registration
    _check_offer(registration, at)
    registration.state, registration.held_until = "confirmed", None
    registration.changed_at = at
    registration.revision += 1
    db.session.flush()
    record_event(registration, "offer_accepted", at=at, by=by)
    grant_wishes(held, registration, at=at)
    sessions, waits = mails.chosen_sessions(registration), queues.waits_of(registration)
    wishes = mails.wish_facts(registration, held.meeting, held.setup)
    mails.queue_confirmation(registration, held.meeting, sessions, at=at, waits=waits, wishes=wishes)
    return registration


def decline_place(*, registration: Registration, at: datetime) -> Registration:
    """The offered place goes to the next in line and the registration ends. Twice changes nothing."""
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if not registration.is_active():
        return registration
    if registration.state != "offered":
        raise NothingIsOffered
    end_registrations(held, [registration], "offer_declined", at=at)
    queue_mails.queue_offer_ended(registration, held.meeting, "declined", at=at)
    return registration


def accept_session_place(*, registration: Registration, session_id: int, at: datetime) -> None:
    """The offered place in the workshop is taken; those at the same time are left, and offered in their turn.

    Twice changes nothing. Raises OfferIsOver after the deadline, NothingIsOffered.
    """
    held = places.hold_whole(registration.meeting_id)
    place = _place_in(registration, session_id)
    if place.is_held():
        return
    _check_offer(place, at)
    place.state, place.held_until, place.taken_at = "confirmed", None, at
    for other in _beside(place):
        registration.places.remove(other)
    registration.changed_at = at
    registration.revision += 1
    db.session.flush()
    record_event(registration, "offer_accepted", at=at, text=place.session.title)
    offer_free_places(held, at=at)
    sessions, waits = mails.chosen_sessions(registration), queues.waits_of(registration)
    mails.queue_change(registration, held.meeting, sessions, at=at, waits=waits)


def decline_session_place(*, registration: Registration, session_id: int, at: datetime) -> None:
    """The offered place in the workshop goes to the next in line. Twice changes nothing."""
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    for place in [x for x in registration.places if x.session_id == session_id and x.state == "offered"]:
        _remove(place, "offer_declined", at)
    offer_free_places(held, at=at)


def expire_due_offers(*, at: datetime) -> int:
    """Places of one meeting that nobody answered for in time go to the next in line; return how many.

    Called each minute, and again while it returns something: a transaction holds one meeting at a time. An
    address that was not proved in time loses its place in the same way.
    """
    meeting_id = queues.meeting_with_ended_offers(at=at)
    if meeting_id is None:
        return 0
    held = places.hold_whole(meeting_id)
    ended = queues.ended_holds(meeting_id, at=at, most=AT_ONCE)
    session_places = queues.ended_session_offers(meeting_id, at=at, most=AT_ONCE)
    for place in session_places:
        queue_mails.queue_session_offer_expired(place, held.meeting, at=at)
        _remove(place, "offer_expired", at)
    end_registrations(held, [x for x in ended if x.state == "unverified"], "never_verified", at=at)
    offered = [x for x in ended if x.state == "offered"]
    end_registrations(held, offered, "offer_expired", at=at)
    for registration in offered:
        queue_mails.queue_offer_ended(registration, held.meeting, "expired", at=at)
    return len(ended) + len(session_places)


def _check_offer(offered: Registration | SessionPlace, at: datetime) -> None:
    if offered.state != "offered":
        raise NothingIsOffered
    if not rules.answers_in_time(offered.held_until, at):
        raise OfferIsOver


def _place_in(registration: Registration, session_id: int) -> SessionPlace:
    db.session.refresh(registration)
    for place in registration.places:
        if place.session_id == session_id:
            return place
    raise NothingIsOffered


def _beside(place: SessionPlace) -> list[SessionPlace]:
    """What the person has or awaits at the same time as that place; a wish holds nothing and stays."""
    return [
        other
        for other in place.registration.places
        if other is not place and other.state != "wished" and overlap(other.session, place.session)
    ]


def _remove(place: SessionPlace, kind: str, at: datetime) -> None:
    record_event(place.registration, kind, at=at, text=place.session.title)
    place.registration.places.remove(place)
    db.session.flush()
