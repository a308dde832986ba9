"""Changing and cancelling a registration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import mails, places, queries, rules
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.details import Details
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    ChangeIsTooLate,
    RegistrationHasChanged,
    RegistrationIsCancelled,
    ThereIsNoWaitingList,
    WorkshopsAreOnSite,
)
from eventsapp.registrations.mails import queue as queue_mails
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.ending import end_registrations
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.services.wishes import check_choices
from eventsapp.registrations.wishing import WorkshopStep, workshop_step


def change_registration(
    *,
    registration: Registration,
    details: Details | None = None,
    session_ids: Collection[int] | None = None,
    waiting_ids: Collection[int] | None = None,
    at: datetime,
    by: Account | None = None,
    seen: int | None = None,
    is_told: bool = True,
) -> Registration:
    """The registration holds these details, exactly these workshops and ranks in these waiting lists.

    None leaves them as they are. Places given up are free at once and offered to those who wait; workshops
    already held are kept even when full. While there is no place at the meeting itself, workshops are wished for.
    A mail says what changed unless only details did, or the caller tells it (``is_told`` False). ``by`` an organiser, the registration window does not count,
    nor whether workshops are chosen directly (ChoiceHasChanged). ``seen`` is the revision that was looked at: what
    somebody else changed since is not overwritten (RegistrationHasChanged).
    """
    held = places.hold_whole(registration.meeting_id)
    meeting = held.meeting
    wanted = _wanted(held, session_ids)
    awaited = None if waiting_ids is None else places.choose(held, waiting_ids)
    registration = _held_registration(registration)
    places.check_goes_on(meeting)
    if seen not in (None, registration.revision):
        raise RegistrationHasChanged
    if by is None and not rules.may_change(meeting, at, held.setup.changes_close_at):
        raise ChangeIsTooLate
    if by is None:
        check_choices(held, Choices(tuple(session_ids or ()), tuple(waiting_ids or ())), at=at)
    address = registration.email_key
    is_edited = details is not None and _change_details(registration, details)
    has_moved = _change_sessions(held, registration, wanted, awaited, at)
    if not has_moved and not is_edited:
        return registration
    registration.revision += 1
    registration.changed_at = at
    db.session.flush()
    record_event(registration, "workshops_changed" if has_moved else "changed", at=at, by=by)
    if has_moved:
        offer_free_places(held, at=at)
    if is_told:
        is_new_address = registration.email_key != address
        _tell_change(registration, meeting, is_new_address=is_new_address, has_moved=has_moved, at=at)
    return registration


def cancel_registration(
    *, registration: Registration, at: datetime, by: Account | None = None
) -> Registration:
    """What was held is free and offered to those who wait; the person is told. Twice changes nothing."""
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if not registration.is_active():
        return registration
    if by is None and not rules.may_cancel(held.meeting, at):
        raise ChangeIsTooLate
    was_waiting = registration.state == "waiting"
    end_registrations(held, [registration], "cancelled", at=at, by=by)
    if was_waiting:
        queue_mails.queue_left_list(registration, held.meeting, at=at)
    else:
        mails.queue_cancellation(registration, held.meeting, at=at)
    return registration


def _held_registration(registration: Registration) -> Registration:
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    return registration


def _wanted(held: Held, session_ids: Collection[int] | None) -> list[Session] | None:
    if session_ids is None:
        return None
    wanted = places.choose(held, session_ids)
    places.check_no_overlap(wanted)
    return wanted


def _change_details(registration: Registration, details: Details) -> bool:
    """Copy the details; tell whether any differs."""
    address = registration.email_key
    details.copy_to(registration)
    if registration.email_key == address:
        return db.session.is_modified(registration)
    with db.session.no_autoflush:
        other = queries.find_active_of(registration.meeting_id, details.email)
    if other is not None and other is not registration:
        raise AlreadyRegistered
    registration.link_version += 1  # the links sent to the former address end
    return True


def _change_sessions(
    held: Held,
    registration: Registration,
    wanted: Sequence[Session] | None,
    awaited: Sequence[Session] | None,
    at: datetime,
) -> bool:
    """Make the rows agree with what is asked for; tell whether they did not."""
    if registration.mode == "remote" and (wanted or awaited):
        raise WorkshopsAreOnSite
    before = {place.session_id: place.state for place in registration.places}
    if registration.may_hold_sessions():
        _hold_sessions(registration, wanted, at)
        _await_sessions(held, registration, awaited, at)
    elif wanted is not None and workshop_step(held.meeting, held.setup, at) is WorkshopStep.DIRECT:
        _wish_sessions(registration, wanted, at)
    db.session.flush()
    return {place.session_id: place.state for place in registration.places} != before


def _hold_sessions(registration: Registration, wanted: Sequence[Session] | None, at: datetime) -> None:
    if wanted is None:
        return
    held = {place.session_id for place in registration.places if place.is_held()}
    offered = {x.session_id for x in registration.places if rules.answers_in_time(x.held_until, at)}
    added = [session for session in wanted if session.id not in held]
    numbers = places.claim_session_places([session for session in added if session.id not in offered])
    left = held - {session.id for session in wanted}
    _remove(registration, [place for place in registration.places if place.session_id in left])
    for session in added:
        place = places.place_in(registration, session)
        place.place_number = numbers.get(session.id, place.place_number)
        place.state, place.queue_rank, place.held_until, place.taken_at = "confirmed", None, None, at


def _await_sessions(
    held: Held, registration: Registration, awaited: Sequence[Session] | None, at: datetime
) -> None:
    if awaited is None:
        return
    asked = {session.id for session in awaited}
    waiting = [place for place in registration.places if place.state == "waiting"]
    _remove(registration, [place for place in waiting if place.session_id not in asked])
    known = {place.session_id for place in registration.places if place.state != "wished"}
    new = [session for session in awaited if session.id not in known]
    if new and not held.setup.has_waiting_list:
        raise ThereIsNoWaitingList
    ranks = places.next_session_ranks([session.id for session in new])
    for session in new:
        place = places.place_in(registration, session)
        place.taken_at = at
        if registration.is_confirmed():
            place.state, place.queue_rank = "waiting", ranks[session.id]
        else:
            place.state, place.rank = "wished", 1


def _wish_sessions(registration: Registration, wanted: Sequence[Session], at: datetime) -> None:
    asked = {session.id for session in wanted}
    _remove(registration, [place for place in registration.places if place.session_id not in asked])
    for session in wanted:
        place = places.place_in(registration, session)
        place.state, place.rank, place.taken_at = "wished", place.rank or 1, place.taken_at or at


def _remove(registration: Registration, gone: Sequence[SessionPlace]) -> None:
    for place in gone:
        registration.places.remove(place)


def _tell_change(
    registration: Registration, meeting: Meeting, *, is_new_address: bool, has_moved: bool, at: datetime
) -> None:
    if not (has_moved or is_new_address):
        return
    if registration.is_confirmed():
        sessions = mails.chosen_sessions(registration)
        mails.queue_change(registration, meeting, sessions, at=at, waits=queues.waits_of(registration))
    elif is_new_address:
        mails.queue_personal_link(registration, meeting, at=at)
