"""Reads of registrations and places. Each says what it loads; nothing else is read later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import InstrumentedAttribute, set_committed_value

from eventsapp.core.db import db, run
from eventsapp.core.errors import LinkHasExpired, LinkIsInvalid
from eventsapp.core.keys import email_key
from eventsapp.core.prepared import Prepared
from eventsapp.directory.models import Mandate, Organisation, Person, Relation
from eventsapp.meetings.models import Meeting, Session, SessionRole
from eventsapp.registrations.models import (
    ENDED_STATES,
    Registration,
    RegistrationSetup,
    SessionPlace,
    default_setup,
)
from eventsapp.registrations.queries.announced import address, is_announced
from eventsapp.registrations.queries.programme import COLUMNS, SESSION_ID, WIDTH, programme_of
from eventsapp.registrations.queries.scene import address_values, has_address
from eventsapp.registrations.rules import Shares, is_domain_of, lowest_free, remaining

MOST_LINKS = 20
MANY = 5000  # places left after the last number given: those given back before it are not looked for


@dataclass(frozen=True)
class Seats:
    """Places left at a meeting and in its workshops; None where they are not limited."""

    meeting: int | None
    sessions: Mapping[int, int | None]


# --- The public form ------------------------------------------------------------------------------


def get_announced_meeting(slug: str, *, reserved_for: Collection[int] | None = ()) -> Meeting:
    """Return an announced meeting without its programme; NoResultFound (404) for a draft.

    One that is not public is found only when its id is in ``reserved_for``, or when that is None.
    """
    return db.session.scalars(_announced_meeting(reserved_for is None), address(slug, reserved_for)).one()


def get_announced_places(
    slug: str, *, reserved_for: Collection[int] | None = ()
) -> tuple[Meeting, RegistrationSetup, Seats]:
    """Like ``get_announced_meeting``, with the sessions and what ``load_places`` returns: one statement.

    What it returns is shared by every request: to be read only.
    """
    rows = _announced_places(reserved_for is None).rows(address(slug, reserved_for))
    if not rows:
        raise NoResultFound
    found = programme_of(rows, is_whole=True)
    places = {row[SESSION_ID]: row[WIDTH + 2 :] for row in rows}
    taken, has_queue = rows[0][WIDTH : WIDTH + 2]
    left = {one.id: _left(one.capacity, *places[one.id]) for one in found.meeting.workshops}
    return found.meeting, found.setup, Seats(_left(found.meeting.capacity, taken, has_queue), left)


@cache
def _announced_meeting(is_everything: bool) -> Select[Meeting]:
    return select(Meeting).where(*is_announced(is_everything))


@cache
def _announced_places(is_everything: bool) -> Prepared:
    return Prepared(_placed(*COLUMNS).where(*is_announced(is_everything)))


def get_setup(meeting_id: int) -> RegistrationSetup:
    """Return how the meeting takes registrations; the defaults when nobody has set it up."""
    return db.session.get(RegistrationSetup, meeting_id) or default_setup(meeting_id)


def load_places(meeting: Meeting) -> tuple[Meeting, RegistrationSetup, Seats]:
    """Return the meeting with its sessions, how it takes registrations, and the places left there and in its
    workshops: one statement. None is left for a newcomer where others wait for it.

    Where more than MANY are left, those given back are not counted: a page costs the same for ten people or a hundred
    thousand.
    """
    rows = db.session.execute(_PLACES_OF, {"meeting_id": meeting.id}).all()
    meeting, setup, _session, taken, has_queue, *_of_session = rows[0]
    set_committed_value(meeting, "sessions", [row[2] for row in rows if row[2]])
    workshops = [row for row in rows if row[2] and row[2].is_workshop()]
    left = {session.id: _left(session.capacity, *found) for _m, _s, session, _t, _q, *found in workshops}
    return meeting, setup or default_setup(meeting.id), Seats(_left(meeting.capacity, taken, has_queue), left)


def places_left(meeting: Meeting, session: Session | None) -> int | None:
    """Return the places of the meeting, or of the session, that nobody holds or is offered; None without limit."""
    if session is None:
        return remaining(meeting.capacity, count_taken(meeting.id))
    return remaining(session.capacity, len(held_numbers(session.id)))


def _left(capacity: int | None, taken: int, has_queue: bool) -> int | None:
    return 0 if has_queue else remaining(capacity, taken)


# --- Under lock: what a write decides on ----------------------------------------------------------


# Built once, as in queries/scene.py.
_TAKEN = select(func.count(Registration.place_number)).where(
    Registration.meeting_id == bindparam("meeting_id")
)


def _taken(
    whole: type[Meeting] | type[Session], number: InstrumentedAttribute[Any], of_it: ColumnElement[bool]
) -> ColumnElement[int]:
    """Places taken, counted only where it tells something: not without a limit, nor with MANY after the last number."""
    highest = func.coalesce(select(func.max(number)).where(of_it).scalar_subquery(), 0)
    counted = select(func.count(number)).where(of_it).scalar_subquery()
    return case((whole.capacity.is_(None), 0), (whole.capacity - highest > MANY, highest), else_=counted)


def _placed(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Rows of a meeting, its setup and its sessions: these columns, then places taken and whether somebody waits, for
    the meeting then for the session."""
    return (
        select(
            *columns,
            _taken(Meeting, Registration.place_number, Registration.meeting_id == Meeting.id),
            select(Registration.id)
            .where(Registration.meeting_id == Meeting.id, Registration.state == "waiting")
            .exists(),
            _taken(Session, SessionPlace.place_number, SessionPlace.session_id == Session.id),
            select(SessionPlace.id)
            .where(SessionPlace.session_id == Session.id, SessionPlace.queue_rank.is_not(None))
            .exists(),
        )
        .select_from(Meeting)
        .outerjoin(RegistrationSetup, RegistrationSetup.meeting_id == Meeting.id)
        .outerjoin(Session, Session.meeting_id == Meeting.id)
        .order_by(Session.starts_at, Session.position, Session.id)
    )


_PLACES_OF = _placed(Meeting, RegistrationSetup, Session).where(Meeting.id == bindparam("meeting_id"))
_QUOTA_SHARES = (
    select(Registration.quota_key, func.count(Registration.place_number), func.count(Registration.queue_rank))
    .where(Registration.meeting_id == bindparam("meeting_id"))
    .group_by(Registration.quota_key)
)
_LAST_RANK = select(func.max(Registration.queue_rank)).where(
    Registration.meeting_id == bindparam("meeting_id"), Registration.state == "waiting"
)
_LAST_SESSION_RANKS = (
    select(SessionPlace.session_id, func.max(SessionPlace.queue_rank))
    .where(SessionPlace.session_id.in_(bindparam("session_ids", expanding=True)))
    .where(SessionPlace.queue_rank.is_not(None))
    .group_by(SessionPlace.session_id)
)
_ACTIVE_OF = select(Registration).where(has_address(Registration), Registration.state.not_in(ENDED_STATES))


def count_taken(meeting_id: int) -> int:
    """Return how many places of the meeting are taken: one statement that reads an index."""
    return int(run(_TAKEN, {"meeting_id": meeting_id}).scalar_one())


def quota_shares(meeting_id: int) -> Shares:
    """Return who holds and who awaits the places of each quota: one statement."""
    rows = db.session.execute(_QUOTA_SHARES, {"meeting_id": meeting_id}).all()
    return Shares({key: taken for key, taken, _ in rows}, {key: waiting for key, _, waiting in rows})


def last_rank(meeting_id: int) -> int:
    """Return the highest rank in the meeting's waiting list, 0 when nobody waits."""
    return db.session.scalar(_LAST_RANK, {"meeting_id": meeting_id}) or 0


def last_session_ranks(session_ids: Collection[int]) -> Mapping[int, int]:
    """Return the highest rank in the waiting list of each of these sessions; those without are absent."""
    if not session_ids:
        return {}
    rows = db.session.execute(_LAST_SESSION_RANKS, {"session_ids": list(session_ids)})
    return {session_id: rank or 0 for session_id, rank in rows}


def first_gap(meeting_id: int) -> int:
    """Return the lowest place number of the meeting that nobody holds."""
    number = Registration.place_number
    held = select(number).where(Registration.meeting_id == meeting_id, number.is_not(None))
    return lowest_free(set(db.session.scalars(held)))


def held_numbers(session_id: int) -> set[int]:
    """Return the place numbers held in the session."""
    number = SessionPlace.place_number
    held = select(number).where(SessionPlace.session_id == session_id, number.is_not(None))
    return set(db.session.scalars(held))


def find_active_of(meeting_id: int, email: str) -> Registration | None:
    """Return the registration of this address at this meeting that has not ended: there is one at most."""
    return db.session.scalars(_ACTIVE_OF, address_values(meeting_id, email_key(email))).one_or_none()


def is_of_a_member(email: str, *, on: date) -> bool:
    """Tell whether the directory knows this address as somebody's of an organisation that is a member that day.

    Or whether the address has the domain of such an organisation's website.
    """
    key = email_key(email)
    of_person = (
        select(Person.id)
        .join(Person.mandates)
        .where(Mandate.organisation_id == Organisation.id)
        .where(func.lower(Person.email) == key)
        .where((Mandate.ends_on.is_(None)) | (Mandate.ends_on >= on))
        .exists()
    )
    of_domain = Organisation.website.contains(key.rpartition("@")[2], autoescape=True)
    rows = db.session.execute(
        select(Organisation.website, of_person).where(is_member(on), of_person | of_domain)
    )
    return any(known or is_domain_of(key, website or "") for website, known in rows)


def is_speaker(meeting_id: int, email: str) -> bool:
    """Tell whether the address is that of somebody with a role in a session of the meeting."""
    statement = (
        select(SessionRole.id)
        .join(Session, Session.id == SessionRole.session_id)
        .join(Person, Person.id == SessionRole.person_id)
        .where(Session.meeting_id == meeting_id, func.lower(Person.email) == email_key(email))
    )
    return db.session.scalar(statement.limit(1)) is not None


def is_member(on: date) -> ColumnElement[bool]:
    """Return the condition on an organisation: it is a member of the network that day."""
    return Organisation.relations.any(
        (Relation.kind == "member")
        & (Relation.since <= on)
        & (Relation.until.is_(None) | (Relation.until >= on))
    )


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
        .where(Registration.email_key == email_key(email), Registration.state.not_in(ENDED_STATES))
        .where(Meeting.ends_at > at)
        .order_by(Meeting.starts_at)
        .limit(MOST_LINKS)
    ).all()


def active_registrations(meeting_id: int, states: Collection[str] = ("confirmed",)) -> Sequence[Registration]:
    """Return everybody registered in one of these states, with their sessions: what a message to all needs."""
    statement = select(Registration).where(_of(meeting_id), Registration.state.in_(states))
    options = selectinload(Registration.places).joinedload(SessionPlace.session)
    return db.session.scalars(statement.options(options).order_by(Registration.id)).all()


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(Registration.meeting).selectinload(Meeting.sessions),
        selectinload(Registration.places).joinedload(SessionPlace.session),
    )


def _of(meeting_id: int) -> ColumnElement[bool]:
    return Registration.meeting_id == meeting_id
