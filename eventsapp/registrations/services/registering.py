"""Registering somebody. Locks are taken first (places.hold), then everything is decided in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.core.zones import local_day
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import mails, places, queries, rules
from eventsapp.registrations.choices import NO_CHOICE, Choices
from eventsapp.registrations.details import CONSENT_TEXT_VERSION, Details
from eventsapp.registrations.errors import (
    AccessCodeIsWrong,
    AlreadyRegistered,
    ModeIsNotOffered,
    RegistrationIsClosed,
    WorkshopsAreOnSite,
    no_place_left,
)
from eventsapp.registrations.facts import person_registered
from eventsapp.registrations.models import Registration, RegistrationSetup
from eventsapp.registrations.queries import queues
from eventsapp.registrations.queries.scene import read_scene
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.services import answering
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.services.wishes import check_choices

# Somebody who came without being registered is added afterwards: the list must tell who was there.
OPEN_TO_ORGANISERS = ("published", "postponed", "held")
TIME_TO_VERIFY = timedelta(hours=24)  # a place is held that long for an address to answer


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One request to register somebody, and how it came."""

    details: Details
    choices: Choices
    at: datetime
    by: Account | None = None
    invitation_id: int | None = None
    reference: str | None = None
    locale: str = "fr"
    answers: GivenAnswers | None = None  # none: the meeting's own questions were not asked
    group_key: str | None = None  # with who registered their colleagues in one go
    contact_name: str = ""
    contact_email: str = ""
    is_told: bool = True  # the person receives the message that says how they stand
    may_wait: bool = True  # without a place, the waiting list rather than nothing


def newcomer(details: Details, reference: str | None = None) -> places.Newcomer:
    """Return what tells whether whoever gives these details is known already."""
    return places.Newcomer(email_key(details.email), reference)


def register_person(held: places.Held, entry: Entry) -> Registration:
    """The person is registered, and the message that says how is queued.

    With a place at the meeting and in each chosen workshop where there is one; else at the end of the
    waiting list, the workshops remembered. An address to verify or a registration to validate comes first
    where the meeting asks for it: a free place is held meanwhile.

    ``held`` for the workshops asked for and for this very ``newcomer``. ``entry.reference`` is the one shown before
    sending: the same request sent twice gives the same registration. Raises RegistrationIsClosed,
    AccessCodeIsWrong, ChoiceHasChanged, WishesAreUnsound, FormHasChanged, ModeIsNotOffered, WorkshopsAreOnSite,
    MeetingIsFull, WorkshopIsFull, AlreadyRegistered: this last one at the end, so that a stranger never learns from
    another refusal that an address is registered.
    """
    if rules.opening(held.meeting, entry.at) is not rules.Opening.OPEN:
        raise RegistrationIsClosed
    if entry.invitation_id is None:
        check_code(held.setup, entry.choices.access_code)
    check_choices(held, entry.choices, at=entry.at)
    answering.check_form(held.setup, entry.answers)
    return _register(held, entry)


def check_code(setup: RegistrationSetup, code: str) -> None:
    """Raise AccessCodeIsWrong unless this is the code that the meeting asks for, if it asks for one."""
    if not rules.is_right_code(setup.access_code, code):
        raise AccessCodeIsWrong


@dataclass(frozen=True)
class Receipt:
    """What became of a request. ``state`` is that of a newcomer, whether or not the address was registered."""

    registration: Registration
    state: str


def register_or_remind(held: places.Held, entry: Entry) -> Receipt:
    """Like ``register_person`` for the public form, which must not tell who is registered.

    An address already registered keeps its registration as it is and receives its personal link; the answer is
    the same.
    """
    try:
        registration = register_person(held, entry)
    except AlreadyRegistered as refusal:
        return Receipt(_remind(held.meeting, entry.details.email, entry.at), refusal.standing)
    return Receipt(registration, registration.state)


def register_colleague(held: places.Held, entry: Entry) -> Registration:
    """One of several people registered in one go, under the lock taken for all; those registered are reminded."""
    try:
        return _register(held, entry)
    except AlreadyRegistered:
        return _remind(held.meeting, entry.details.email, entry.at)


def _remind(meeting: Meeting, email: str, at: datetime) -> Registration:
    registration = queries.find_active_of(meeting.id, email)
    assert registration is not None  # noqa: S101 - the lock is held since it was found
    mails.queue_personal_link(registration, meeting, at=at)
    return registration


def register_by_hand(
    *, meeting: Meeting, details: Details, choices: Choices = NO_CHOICE, by: Account, at: datetime, **how: Any
) -> Registration:
    """An organiser has registered somebody, outside the registration window too; never past capacity.

    ``how``: fields of ``Entry`` (locale, answers, is_told, may_wait). Raises what ``register_person`` does, but for the
    access code.
    """
    entry = Entry(details=details, choices=choices, by=by, at=at, **how)
    held = places.hold(meeting.id, choices.session_ids, choices.other_ids, newcomer(details))
    check_office_may_register(held.meeting)
    answering.check_form(held.setup, entry.answers)
    return _register(held, entry)


def check_office_may_register(meeting: Meeting) -> None:
    """Raise RegistrationIsClosed unless organisers may add people to this meeting."""
    if meeting.state not in OPEN_TO_ORGANISERS:
        raise RegistrationIsClosed


def _register(held: places.Held, entry: Entry) -> Registration:
    meeting, key = held.meeting, email_key(entry.details.email)
    scene = held.scene or read_scene(meeting.id, entry.choices.session_ids, key, entry.reference)
    same = next((one for one in scene.known if one.reference == entry.reference), None)
    earlier = [one for one in scene.known if one.meeting_id == meeting.id and one.email_key == key]
    if same and same in earlier and same.is_active():
        return db.session.get_one(Registration, same.id)  # the button was pressed twice
    mode = _mode(held, entry.choices)
    standing = _standing(held, entry, scene.edge, is_remote=mode == "remote")
    sessions = [session for session in scene.sessions if session.id in entry.choices.session_ids]
    has_place = standing["place_number"] is not None
    numbers = places.claim_session_places(sessions, scene.session_edges) if has_place else {}
    rows = _session_rows(entry, numbers, is_certain=standing["state"] == "confirmed")
    if any(one.is_active() for one in earlier):
        raise AlreadyRegistered(standing["state"])
    values = {
        "meeting_id": meeting.id,
        "reference": entry.reference if entry.reference and not same else rules.make_reference(),
        "mode": mode,
        "locale": entry.locale,
        "registered_at": entry.at,
        "registered_by_id": entry.by.id if entry.by else None,
        "consent_text_version": "" if entry.by or entry.group_key else CONSENT_TEXT_VERSION,
        "group_key": entry.group_key,
        "contact_name": entry.contact_name,
        "contact_email": entry.contact_email,
        "revision": max((one.revision + 1 for one in earlier), default=0),
        "link_version": 1,
    }
    registration = places.write({**values, **standing, **vars(entry.details)}, rows, number=scene.next_id)
    answering.write_answers(registration, entry.answers)
    person_registered.send(registration, invitation_id=entry.invitation_id, at=entry.at)
    _tell(held, entry, registration, sessions)
    return registration


def _mode(held: places.Held, choices: Choices) -> str:
    mode = rules.mode_chosen(held.setup.attendance, choices.mode)
    if not rules.offers_mode(held.setup.attendance, mode):
        raise ModeIsNotOffered
    if mode == "remote" and (choices.session_ids or choices.other_ids):
        raise WorkshopsAreOnSite
    return mode


def _standing(held: places.Held, entry: Entry, edge: rules.Edge, *, is_remote: bool) -> dict[str, Any]:
    """Where the new registration stands: its state, with the place or the rank that goes with it."""
    is_proved = entry.by is not None or not held.setup.must_check_email()
    person = applicant(held, entry.details, is_proved=is_proved)
    check = "" if entry.by else _first_check(held, person, is_proved=is_proved)
    quotas = rules.read_quotas(held.setup.quotas)
    quota_key = rules.quota_of(quotas, person)
    number = None if is_remote else places.claim_meeting_place(held, quota_key, edge=edge)
    is_placed = is_remote or number is not None
    may_wait = held.setup.has_waiting_list or (not is_proved and _may_be_reserved(held, quotas))
    if not is_placed and not (may_wait and entry.may_wait):
        raise no_place_left(held.setup.attendance)
    state = check or ("confirmed" if is_placed else "waiting")
    return {
        "state": state,
        "place_number": number,
        "quota_key": quota_key,
        "queue_rank": places.next_rank(held.meeting.id) if state == "waiting" else None,
        "held_until": entry.at + TIME_TO_VERIFY if state == "unverified" else None,
    }


def _may_be_reserved(held: places.Held, quotas: Sequence[rules.Quota]) -> bool:
    """Tell whether somebody may turn out to have a reserved place, once their address is proved."""
    return rules.left_by_address(quotas, queries.quota_shares(held.meeting.id)) > 0


def _first_check(held: places.Held, person: rules.Applicant, *, is_proved: bool) -> str:
    if not is_proved:
        return "unverified"
    return rules.next_check(admission=held.setup.admission, is_member=person.is_member)


def applicant(
    held: places.Held, details: Details | Registration, *, is_proved: bool = True
) -> rules.Applicant:
    """Return what decides on somebody's admission and quota; the directory is read only where it counts.

    It is not before the address ``is_proved``: what is shown then is the same for everybody.
    """
    groups = {quota["group"] for quota in held.setup.quotas} if is_proved else set[str]()
    at_member = is_proved and (held.setup.admission == "members" or "members" in groups)
    return rules.Applicant(
        region_code=details.region_code,
        kind=details.participant_kind,
        is_member=at_member and queries.is_of_a_member(details.email, on=_day_of(held.meeting)),
        is_speaker="speakers" in groups and queries.is_speaker(held.meeting.id, details.email),
    )


def _day_of(meeting: Meeting) -> date:
    return local_day(meeting.starts_at, meeting.time_zone)


def _session_rows(entry: Entry, numbers: Mapping[int, int], *, is_certain: bool) -> list[dict[str, Any]]:
    ranks = places.next_session_ranks(entry.choices.waiting_ids) if is_certain else {}
    return places.session_rows(entry.choices, numbers, ranks, at=entry.at)


def _tell(held: places.Held, entry: Entry, registration: Registration, sessions: Sequence[Session]) -> None:
    waits: Sequence[queues.Wait] = ()
    if entry.choices.waiting_ids:
        # A place may have become free since the page was shown.
        offer_free_places(places.hold_whole(held.meeting.id), at=entry.at)
        waits = queues.waits_of(registration)
    if not entry.is_told:
        return
    position = queues.position_of(registration) if registration.state == "waiting" else None
    wishes = mails.wish_facts(registration, held.meeting, held.setup) if entry.choices.wishes else None
    mails.queue_first_message(
        registration, held.meeting, sessions, at=entry.at, waits=waits, position=position, wishes=wishes
    )
