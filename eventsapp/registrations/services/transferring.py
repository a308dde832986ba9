"""Giving one's place to somebody else: the place, its number and its workshops stay, the person changes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.registrations import mails, places, queries, rules
from eventsapp.registrations.details import Details
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    PlaceIsNotTheirs,
    RegistrationIsCancelled,
    RequestsAreNotTaken,
    SubstituteIsThemselves,
)
from eventsapp.registrations.facts import person_registered, registration_cancelled
from eventsapp.registrations.mails import requests as request_mails
from eventsapp.registrations.models import (
    Answer,
    AnswerFile,
    ChangeRequest,
    Registration,
    RegistrationEvent,
    RegistrationSetup,
)
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.ending import end_registrations
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.requests import open_request
from eventsapp.registrations.timeline import ABOUT_SOMEBODY


def pass_on_place(
    *, registration: Registration, details: Details, message: str = "", at: datetime
) -> ChangeRequest | None:
    """The substitute has the place, or the organiser is asked: return the request then.

    The organiser decides after the deadline, and where registrations are validated or depend on the address. A
    substitute who is registered already keeps that registration and receives its link; the answer is the same, so
    that whoever types an address does not learn it. Raises PlaceIsNotTheirs, SubstituteIsThemselves,
    RequestsAreNotTaken, RequestIsOpen.
    """
    held = _hold_place(registration, details)
    closes_at = held.setup.changes_close_at
    theirs = _registration_of(registration, details)
    if rules.may_change(held.meeting, at, closes_at):
        reason = _why_office_decides(held.setup, theirs)
        if not reason:
            if theirs:
                _leave_to(held, theirs, registration, details, at=at)
            else:
                _transfer(held, registration, details, at=at, by=None)
            return None
    elif held.setup.takes_late_requests and rules.may_request(held.meeting, at, closes_at):
        reason = "late"
    else:
        raise RequestsAreNotTaken
    payload = {"details": asdict(details), "reason": reason}
    return open_request(held, registration, "transfer", payload, message, at=at)


def transfer_registration(
    *, registration: Registration, details: Details, by: Account, at: datetime
) -> Registration:
    """The substitute has the place, by decision of an organiser: no deadline counts.

    Raises PlaceIsNotTheirs, SubstituteIsThemselves, AlreadyRegistered.
    """
    held = _hold_place(registration, details)
    if _registration_of(registration, details):
        raise AlreadyRegistered
    _transfer(held, registration, details, at=at, by=by)
    return registration


def _hold_place(registration: Registration, details: Details) -> Held:
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    if not registration.is_confirmed():
        raise PlaceIsNotTheirs
    if email_key(details.email) == registration.email_key:
        raise SubstituteIsThemselves
    places.check_goes_on(held.meeting)
    return held


def _why_office_decides(setup: RegistrationSetup, theirs: Registration | None) -> str:
    """Return why the organiser is asked, which only they read, or «»: the former person learns of no address."""
    groups = {quota["group"] for quota in setup.quotas}
    if setup.admission != "open":
        return "already_registered" if theirs else "to_validate"
    if rules.does_address_decide(admission=setup.admission, groups=groups):
        return "already_registered" if theirs else "by_address"
    return ""


def _registration_of(registration: Registration, details: Details) -> Registration | None:
    return queries.find_active_of(registration.meeting_id, details.email)


def _leave_to(
    held: Held, theirs: Registration, registration: Registration, details: Details, *, at: datetime
) -> None:
    """The place is free for a substitute who has a registration: offered to them first if they wait for one.

    What becomes of the registration given is what the former person sees of a transfer; nobody has two.
    """
    if theirs.state == "waiting":
        theirs.queue_rank = queues.lowest_rank(theirs) - 1
        db.session.flush()
    registration.merged_into_id = theirs.id
    end_registrations(held, [registration], "transferred", at=at)
    _tell_former(held, registration, details, at=at)
    _become(registration, details, at=at)
    mails.queue_personal_link(theirs, held.meeting, at=at)


def _transfer(
    held: Held, registration: Registration, details: Details, *, at: datetime, by: Account | None
) -> None:
    """Nothing of the former person stays on the registration; both are told."""
    former = registration.full_name
    registration_cancelled.send(registration, at=at)
    registration.revision += 1
    _tell_former(held, registration, details, at=at)
    _become(registration, details, at=at)
    record_event(registration, "transferred", at=at, by=by)
    person_registered.send(registration, invitation_id=None, at=at)
    request_mails.queue_place_received(registration, held.meeting, of=former, at=at)


def _tell_former(held: Held, registration: Registration, details: Details, *, at: datetime) -> None:
    to = f"{details.given_name} {details.family_name}"
    request_mails.queue_place_given(registration, held.meeting, to=to, at=at)


def _become(registration: Registration, details: Details, *, at: datetime) -> None:
    _forget_person(registration)
    details.copy_to(registration)
    registration.link_version += 1  # the links sent to the former person end
    registration.revision += 1
    registration.changed_at = at
    db.session.flush()


def _forget_person(registration: Registration) -> None:
    """Answers, files and requests are the former person's; so is what was agreed to, who had registered them, and what
    the history says of them in somebody's words, that of registrations made one with this one included."""
    for entity in (AnswerFile, Answer):
        mine = delete(entity).where(entity.registration_id == registration.id)
        db.session.execute(mine, execution_options={"synchronize_session": False})
    merged = select(Registration.id).where(Registration.merged_into_id == registration.id)
    told = or_(
        RegistrationEvent.registration_id == registration.id, RegistrationEvent.registration_id.in_(merged)
    )
    said = update(RegistrationEvent).where(told, RegistrationEvent.kind.in_(ABOUT_SOMEBODY)).values(text="")
    db.session.execute(said, execution_options={"synchronize_session": False})
    asked = update(ChangeRequest).where(ChangeRequest.registration_id == registration.id)
    db.session.execute(asked.values(message="", answer=""))
    registration.organisation_id = registration.verified_at = registration.group_key = None
    registration.contact_name = registration.contact_email = registration.consent_text_version = ""
