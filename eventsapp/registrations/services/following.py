"""What becomes of registrations when their meeting changes: its state, its date, its sessions, its places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import mails, places, queries, rules
from eventsapp.registrations.mails import queue as queue_mails
from eventsapp.registrations.models import TOLD_STATES, Registration, SessionPlace
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.waiting_list import offer_free_places, withdraw_offers


def follow_cancellation(meeting: Meeting, *, at: datetime) -> None:
    """Nothing is offered any more; everybody is told, and calendars forget the meeting."""
    withdraw_offers(places.hold_whole(meeting.id), at=at)
    mails.queue_meeting_cancelled(queries.active_registrations(meeting.id, TOLD_STATES), meeting, at=at)


def follow_new_date(meeting: Meeting, *, at: datetime) -> None:
    """Everybody is told the new date, hours or place, or that a date is to come; calendars follow.

    A meeting put off offers nothing; once it is announced again, free places are offered in the former order.
    """
    held = places.hold_whole(meeting.id)
    if meeting.state == "postponed":
        withdraw_offers(held, at=at)
    else:
        _shorten_offers(meeting)
    mails.queue_meeting_rescheduled(queries.active_registrations(meeting.id, TOLD_STATES), meeting, at=at)
    offer_free_places(held, at=at)


def follow_programme(
    meeting: Meeting, *, moved_ids: Collection[int], removed_ids: Collection[int], at: datetime
) -> None:
    """Those whose workshops moved are told, or asked to choose; new places are offered to those who wait.

    What people wished for, awaited or were offered in sessions about to be removed is gone, and they are told.
    """
    held = places.hold_whole(meeting.id)
    if removed_ids:
        _forget_sessions(meeting, removed_ids, at)
    if moved_ids and rules.may_cancel(meeting, at):
        for registration in queues.people_in(moved_ids):
            _follow_moved_sessions(held, registration, moved_ids, at)
    offer_free_places(held, at=at)


def _shorten_offers(meeting: Meeting) -> None:
    """No offer may be answered once the meeting has begun at its new hour."""
    for offered in (x for found in queues.open_offers(meeting.id) for x in found):
        if offered.held_until is not None:
            offered.held_until = min(offered.held_until, meeting.starts_at)
    db.session.flush()


def _forget_sessions(meeting: Meeting, session_ids: Collection[int], at: datetime) -> None:
    for place in queues.places_asked_for(session_ids):
        queue_mails.queue_workshop_removed(place, meeting, at=at)
        record_event(place.registration, "workshop_removed", at=at, text=place.session.title)
        db.session.delete(place)
    db.session.flush()


def _follow_moved_sessions(
    held: Held, registration: Registration, moved_ids: Collection[int], at: datetime
) -> None:
    ousted = rules.ousted([place for place in registration.places if place.is_held()], moved_ids)
    for place in ousted:
        _offer_choice(held, place, at)
    for place in registration.places:
        if place.session_id in moved_ids and place not in ousted and place.state != "wished":
            queue_mails.queue_workshop_moved(place, held.meeting, at=at)


def _offer_choice(held: Held, place: SessionPlace, at: datetime) -> None:
    """The place chosen last is kept for its holder until the deadline, to be preferred to the other or left."""
    place.state, place.offered_at, place.taken_at = "offered", at, at
    place.held_until = rules.offer_deadline(held.meeting, held.setup, at)
    db.session.flush()
    record_event(place.registration, "workshop_moved", at=at, text=place.session.title)
    queue_mails.queue_workshop_clash(place, held.meeting, at=at)
