"""Every write on registrations. Each takes its locks first (places.hold), then decides in plain Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import mails, places, queries, rules
from eventsapp.registrations.details import CONSENT_TEXT_VERSION, Details
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    ChangeIsTooLate,
    RegistrationIsCancelled,
    RegistrationIsClosed,
)
from eventsapp.registrations.facts import person_registered, registration_cancelled
from eventsapp.registrations.models import Registration, SessionPlace

# Somebody who came without being registered is added afterwards: the list must tell who was there.
NEEDS_KEPT = timedelta(days=30)  # after the meeting; the form says so
OPEN_TO_ORGANISERS = ("published", "postponed", "held")


def register_person(
    *,
    meeting: Meeting,
    details: Details,
    session_ids: Collection[int] = (),
    by: Account | None = None,
    at: datetime,
    invitation_id: int | None = None,
    reference: str | None = None,
    locale: str = "fr",
) -> Registration:
    """The person has a place at the meeting and in each chosen workshop, and a confirmation is queued.

    ``reference`` is the one shown before sending: the same request sent twice gives the same registration.
    Raises RegistrationIsClosed, WorkshopIsUnknown, SessionsOverlap, MeetingIsFull, WorkshopIsFull,
    AlreadyRegistered, in that order: a stranger never learns that an address is registered from
    another refusal.
    """
    meeting, sessions = places.hold(meeting.id, session_ids)
    if rules.opening(meeting, at) is not rules.Opening.OPEN:
        raise RegistrationIsClosed
    return _register(meeting, sessions, details, by, at, invitation_id, reference, locale)


def register_or_remind(
    *,
    meeting: Meeting,
    details: Details,
    session_ids: Collection[int] = (),
    at: datetime,
    invitation_id: int | None = None,
    reference: str | None = None,
    locale: str = "fr",
) -> Registration:
    """Like ``register_person`` for the public form, which must not tell who is registered.

    An address already registered keeps its registration as it is and receives its personal link;
    the answer is the same.
    """
    try:
        return register_person(
            meeting=meeting,
            details=details,
            session_ids=session_ids,
            at=at,
            invitation_id=invitation_id,
            reference=reference,
            locale=locale,
        )
    except AlreadyRegistered:
        registration = _active_of(meeting.id, details.email)
        mails.queue_personal_link(registration, meeting, at=at)
        return registration


def register_by_hand(
    *, meeting: Meeting, details: Details, session_ids: Collection[int] = (), by: Account, at: datetime
) -> Registration:
    """An organiser has registered somebody, outside the registration window too; never past capacity."""
    meeting, sessions = places.hold(meeting.id, session_ids)
    if meeting.state not in OPEN_TO_ORGANISERS:
        raise RegistrationIsClosed
    return _register(meeting, sessions, details, by, at, None, None, "fr")


def change_registration(
    *,
    registration: Registration,
    details: Details | None = None,
    session_ids: Collection[int] | None = None,
    at: datetime,
    by: Account | None = None,
) -> Registration:
    """The registration holds these details and exactly these workshops; None leaves them as they are.

    Places given up are free at once; workshops already held are kept even when full. A mail says what
    changed unless only details did. ``by`` an organiser, the registration window does not count.
    """
    wanted = session_ids if session_ids is not None else ()
    meeting, sessions = places.hold(registration.meeting_id, wanted)
    registration = _held_registration(registration)
    if by is None and not rules.may_change(meeting, at):
        raise ChangeIsTooLate
    address = registration.email_key
    if details is not None:
        _change_details(registration, details)
    has_moved = session_ids is not None and _change_sessions(registration, sessions, at)
    if not has_moved and not db.session.is_modified(registration):
        return registration
    registration.revision += 1
    registration.changed_at = at
    db.session.flush()
    _tell_change(
        registration, meeting, is_new_address=registration.email_key != address, has_moved=has_moved, at=at
    )
    return registration


def cancel_registration(
    *, registration: Registration, at: datetime, by: Account | None = None
) -> Registration:
    """The place at the meeting and those in workshops are free; the person is told. Twice changes nothing."""
    meeting, _sessions = places.hold(registration.meeting_id, ())
    db.session.refresh(registration)
    if not registration.is_active():
        return registration
    if by is None and not rules.may_cancel(meeting, at):
        raise ChangeIsTooLate
    registration.state = "cancelled"
    registration.cancelled_at = registration.changed_at = at
    registration.place_number = None
    registration.places.clear()
    registration.revision += 1
    db.session.flush()
    registration_cancelled.send(registration, at=at)
    mails.queue_cancellation(registration, meeting, at=at)
    return registration


def resend_confirmation(*, registration: Registration, by: Account, at: datetime) -> None:
    """The confirmation, with the personal link, is on its way again: an organiser was asked for it."""
    if not registration.is_active():
        raise RegistrationIsCancelled
    sessions = mails.chosen_sessions(registration)
    mails.queue_confirmation(registration, registration.meeting, sessions, at=at, again=True)


def send_personal_links(*, email: str, at: datetime) -> None:
    """Each coming registration of this address, if any, has its link sent again, at most once in ten minutes."""
    for registration in queries.find_upcoming_of(email, at=at):
        mails.queue_personal_link(registration, registration.meeting, at=at)


def erase_old_needs(*, at: datetime) -> int:
    """What people said of their access and diet is gone a month after each meeting; return how many."""
    over = select(Meeting.id).where(Meeting.ends_at < at - NEEDS_KEPT)
    statement = update(Registration).where(Registration.needs != "", Registration.meeting_id.in_(over))
    result = db.session.execute(statement.values(needs=""), execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))


def _register(
    meeting: Meeting,
    sessions: Sequence[Session],
    details: Details,
    by: Account | None,
    at: datetime,
    invitation_id: int | None,
    reference: str | None,
    locale: str,
) -> Registration:
    found = queries.registrations_of(meeting.id, details.email, reference)
    same = next((one for one in found if one.reference == reference), None)
    earlier = [
        one for one in found if one.meeting_id == meeting.id and one.email_key == email_key(details.email)
    ]
    if same and same in earlier and same.is_active():
        return same  # the button was pressed twice
    number = places.claim_meeting_place(meeting)
    numbers = places.claim_session_places(sessions)
    if any(one.is_active() for one in earlier):
        raise AlreadyRegistered
    registration = Registration(
        meeting_id=meeting.id,
        reference=reference if reference and not same else rules.make_reference(),
        state="confirmed",
        place_number=number,
        locale=locale,
        registered_at=at,
        registered_by_id=by.id if by else None,
        consent_text_version="" if by else CONSENT_TEXT_VERSION,
        revision=max((one.revision + 1 for one in earlier), default=0),
        link_version=1,
    )
    _copy(details, registration)
    places.write(registration, numbers, at=at)
    person_registered.send(registration, invitation_id=invitation_id, at=at)
    mails.queue_confirmation(registration, meeting, sessions, at=at)
    return registration


def _held_registration(registration: Registration) -> Registration:
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    return registration


def _change_details(registration: Registration, details: Details) -> None:
    address = registration.email_key
    _copy(details, registration)
    if registration.email_key == address:
        return
    with db.session.no_autoflush:
        others = queries.registrations_of(registration.meeting_id, details.email)
    if any(one.is_active() and one.id != registration.id for one in others):
        raise AlreadyRegistered
    registration.link_version += 1  # the links sent to the former address end


def _change_sessions(registration: Registration, wanted: Sequence[Session], at: datetime) -> bool:
    held = {place.session_id: place for place in registration.places}
    added = [session for session in wanted if session.id not in held]
    removed = held.keys() - {session.id for session in wanted}
    numbers = places.claim_session_places(added)
    registration.places = [
        *(place for place in registration.places if place.session_id not in removed),
        *(SessionPlace(session=x, place_number=numbers[x.id], taken_at=at) for x in added),
    ]
    return bool(added or removed)


def _tell_change(
    registration: Registration, meeting: Meeting, *, is_new_address: bool, has_moved: bool, at: datetime
) -> None:
    if has_moved or is_new_address:
        mails.queue_change(registration, meeting, mails.chosen_sessions(registration), at=at)


def _active_of(meeting_id: int, email: str) -> Registration:
    return next(one for one in queries.registrations_of(meeting_id, email) if one.is_active())


def _copy(details: Details, registration: Registration) -> None:
    for name, value in vars(details).items():
        if getattr(registration, name) != value:
            setattr(registration, name, value)
    registration.set_keys()
