"""Reads of registrations and places. Each says what it loads; nothing else is read later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption

from eventsapp.core.db import db
from eventsapp.core.errors import LinkHasExpired, LinkIsInvalid
from eventsapp.core.keys import email_key, search_key
from eventsapp.core.paging import Page, paginate
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.rules import Occupancy, lowest_free, remaining

_ID_ONLY = load_only(Meeting.id)
_PROGRAMME = selectinload(Meeting.sessions)
MOST_LINKS = 20
MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class Seats:
    """Places left at a meeting and in its workshops; None where they are not limited."""

    meeting: int | None
    sessions: Mapping[int, int | None]


@dataclass(frozen=True)
class RegistrationFilters:
    """What the list of registrations is narrowed to; empty values narrow nothing."""

    text: str = ""
    state: str = ""
    kind: str = ""
    session_id: int | None = None
    order: str = "name"


@dataclass(frozen=True)
class Totals:
    """Figures above the list."""

    confirmed: int
    cancelled: int
    remaining: int | None


ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (Registration.name_key, Registration.id),
    "-name": (Registration.name_key.desc(), Registration.id.desc()),
    "organisation": (Registration.organisation_key, Registration.name_key, Registration.id),
    "-organisation": (Registration.organisation_key.desc(), Registration.name_key.desc()),
    "date": (Registration.registered_at, Registration.id),
    "-date": (Registration.registered_at.desc(), Registration.id.desc()),
}


# --- The public form ------------------------------------------------------------------------------


def get_announced_meeting(slug: str, *, reserved_for: Collection[int] | None = ()) -> Meeting:
    """Return an announced meeting without its programme; NoResultFound (404) for a draft.

    One that is not public is found only when its id is in ``reserved_for``, or when that is None.
    """
    return _announced(slug, reserved_for, None)


def get_announced_to_lock(slug: str, *, reserved_for: Collection[int] | None = ()) -> Meeting:
    """Like ``get_announced_meeting``, only its id read: the write that follows reads the rest under its lock."""
    return _announced(slug, reserved_for, _ID_ONLY)


def get_announced_programme(slug: str, *, reserved_for: Collection[int] | None = ()) -> Meeting:
    """Like ``get_announced_meeting``, with the sessions: two statements."""
    return _announced(slug, reserved_for, _PROGRAMME)


def _announced(slug: str, reserved_for: Collection[int] | None, option: ExecutableOption | None) -> Meeting:
    values = {"slug": slug, "reserved_for": sorted(reserved_for or ())}
    return db.session.scalars(_announcing(reserved_for is None, option), values).one()


@cache
def _announcing(is_everything: bool, option: ExecutableOption | None) -> Select[Meeting]:
    statement = select(Meeting).where(Meeting.slug == bindparam("slug"), Meeting.state != "draft")
    if not is_everything:
        is_reserved_for_them = Meeting.id.in_(bindparam("reserved_for", expanding=True))
        statement = statement.where((Meeting.visibility == "public") | is_reserved_for_them)
    return statement if option is None else statement.options(option)


def seats_left(meeting: Meeting) -> Seats:
    """Return the places left at the meeting and in its loaded workshops: two statements."""
    workshops = meeting.workshops
    taken = places_taken([session.id for session in workshops])
    return Seats(
        remaining(meeting.capacity, meeting_occupancy(meeting.id).taken),
        {session.id: remaining(session.capacity, taken.get(session.id, 0)) for session in workshops},
    )


def places_taken(session_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many places of each session are taken; sessions without any are absent."""
    counted = (
        select(SessionPlace.session_id, func.count())
        .where(SessionPlace.session_id.in_(session_ids))
        .group_by(SessionPlace.session_id)
    )
    return {int(session_id): int(count) for session_id, count in db.session.execute(counted)}


# --- Under lock: what a write decides on ----------------------------------------------------------


# Built once: these statements run while others wait for the lock, and building one costs more than running it.
_MEETING_OCCUPANCY = select(func.count(Registration.place_number), func.max(Registration.place_number)).where(
    Registration.meeting_id == bindparam("meeting_id")
)
_SESSION_OCCUPANCIES = (
    select(SessionPlace.session_id, func.count(), func.max(SessionPlace.place_number))
    .where(SessionPlace.session_id.in_(bindparam("session_ids", expanding=True)))
    .group_by(SessionPlace.session_id)
)
_REGISTRATIONS_OF = select(Registration).where(
    (Registration.meeting_id == bindparam("meeting_id")) & (Registration.email_key == bindparam("email_key"))
    | (Registration.reference == bindparam("reference"))
)


def meeting_occupancy(meeting_id: int) -> Occupancy:
    """Return how many places of the meeting are taken: one statement that reads an index."""
    taken, highest = db.session.execute(_MEETING_OCCUPANCY, {"meeting_id": meeting_id}).one()
    return Occupancy(taken, highest or 0)


def first_gap(meeting_id: int) -> int:
    """Return the lowest place number of the meeting that nobody holds."""
    number = Registration.place_number
    held = select(number).where(Registration.meeting_id == meeting_id, number.is_not(None))
    return lowest_free(set(db.session.scalars(held)))


def session_occupancies(session_ids: Collection[int]) -> Mapping[int, Occupancy]:
    """Return how many places of each of these sessions are taken: one statement that reads an index."""
    rows = db.session.execute(_SESSION_OCCUPANCIES, {"session_ids": list(session_ids)})
    found = {session_id: Occupancy(taken, highest) for session_id, taken, highest in rows}
    return {session_id: found.get(session_id, Occupancy()) for session_id in session_ids}


def held_numbers(session_id: int) -> set[int]:
    """Return the place numbers held in the session."""
    return set(
        db.session.scalars(select(SessionPlace.place_number).where(SessionPlace.session_id == session_id))
    )


def registrations_of(meeting_id: int, email: str, reference: str | None = None) -> Sequence[Registration]:
    """Return every registration of this address at this meeting, cancelled ones too.

    With a reference, the registration that has it is among them, whoever's it is.
    """
    values = {"meeting_id": meeting_id, "email_key": email_key(email), "reference": reference}
    return db.session.scalars(_REGISTRATIONS_OF, values).all()


def is_reference_taken(reference: str) -> bool:
    """Tell whether a registration has this reference, at whatever meeting."""
    return db.session.scalar(select(Registration.id).where(Registration.reference == reference)) is not None


# --- Personal pages -------------------------------------------------------------------------------


def get_by_link(registration_id: int, version: int) -> Registration:
    """Return the registration of a personal link, with its meeting, programme and places.

    LinkIsInvalid when it is gone, LinkHasExpired when later links replaced this one.
    """
    statement = select(Registration).where(Registration.id == registration_id).options(*_whole())
    registration = db.session.scalars(statement).unique().one_or_none()
    if registration is None:
        raise LinkIsInvalid
    if registration.link_version != version:
        raise LinkHasExpired
    return registration


def find_upcoming_of(email: str, *, at: datetime) -> Sequence[Registration]:
    """Return the active registrations of this address at meetings not over yet, with the meetings."""
    return db.session.scalars(
        select(Registration)
        .join(Registration.meeting)
        .options(contains_eager(Registration.meeting))
        .where(Registration.email_key == email_key(email), Registration.state == "confirmed")
        .where(Meeting.ends_at > at)
        .order_by(Meeting.starts_at)
        .limit(MOST_LINKS)
    ).all()


def active_registrations(meeting_id: int) -> Sequence[Registration]:
    """Return everybody registered for the meeting, with their sessions: what a message to all needs."""
    statement = select(Registration).where(_of(meeting_id), Registration.state == "confirmed")
    options = selectinload(Registration.places).joinedload(SessionPlace.session)
    return db.session.scalars(statement.options(options).order_by(Registration.id)).all()


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(Registration.meeting).selectinload(Meeting.sessions),
        selectinload(Registration.places).joinedload(SessionPlace.session),
    )


# --- Back office ----------------------------------------------------------------------------------


def get_registration(meeting_id: int, registration_id: int) -> Registration:
    """Return one registration of the meeting, whole; NoResultFound (404) when it is of another."""
    statement = select(Registration).where(_of(meeting_id), Registration.id == registration_id)
    return db.session.scalars(statement.options(*_whole())).unique().one()


def list_registrations(meeting_id: int, filters: RegistrationFilters, page: int) -> Page[Registration]:
    """Return one page of the list, with the sessions chosen: four statements, whatever the number."""
    return paginate(_listed(meeting_id, filters), number=page)


def export_registrations(meeting_id: int, filters: RegistrationFilters) -> Sequence[Registration]:
    """Return the whole list, with the sessions chosen, for a file."""
    return db.session.scalars(_listed(meeting_id, filters).limit(MOST_EXPORTED)).all()


def totals(meeting: Meeting) -> Totals:
    """Return the figures of the meeting's registrations: one statement."""
    counted = select(Registration.state, func.count()).where(_of(meeting.id)).group_by(Registration.state)
    by_state = {str(state): int(count) for state, count in db.session.execute(counted)}
    confirmed = by_state.get("confirmed", 0)
    return Totals(confirmed, by_state.get("cancelled", 0), remaining(meeting.capacity, confirmed))


def workshops_of(meeting_id: int) -> Sequence[Session]:
    """Return the workshops of the meeting in the order of the programme."""
    return db.session.scalars(
        select(Session)
        .where(Session.meeting_id == meeting_id, Session.kind == "workshop")
        .order_by(Session.starts_at, Session.position, Session.id)
    ).all()


def _listed(meeting_id: int, filters: RegistrationFilters) -> Select[Registration]:
    statement = select(Registration).where(_of(meeting_id))
    for word in search_key(filters.text).split()[:8]:
        statement = statement.where(Registration.search_key.contains(word, autoescape=True))
    if filters.state:
        statement = statement.where(Registration.state == filters.state)
    if filters.kind:
        statement = statement.where(Registration.participant_kind == filters.kind)
    if filters.session_id:
        statement = statement.where(Registration.places.any(SessionPlace.session_id == filters.session_id))
    options = selectinload(Registration.places).joinedload(SessionPlace.session)
    return statement.options(options).order_by(*ORDERS.get(filters.order, ORDERS["name"]))


def _of(meeting_id: int) -> ColumnElement[bool]:
    return Registration.meeting_id == meeting_id
