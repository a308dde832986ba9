"""Reads of the waiting lists: of a meeting, and of each workshop. Each says what it loads.

The order is that of (rank, id): the first in line is whoever has the lowest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.core.paging import Page, paginate
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, SessionPlace

MOST_OFFERS = 200  # shown at once
Queued: TypeAlias = "Registration | SessionPlace"


@dataclass(frozen=True)
class Wait:
    """A workshop that somebody waits for, and their position in its list."""

    session: Session
    position: int


@dataclass(frozen=True)
class Line:
    """The length of a waiting list and the offers that await an answer; ``session`` None for the meeting's own."""

    session: Session | None
    waiting: int
    offered: int


# --- Under lock: what an offer decides on ---------------------------------------------------------


def first_in_line(meeting_id: int, *, but_of: Collection[str] = ()) -> Registration | None:
    """Return who waits first for a place at the meeting, those of some quotas aside, with what they ask for."""
    statement = _waiting(meeting_id).where(Registration.quota_key.not_in(but_of))
    return db.session.scalars(statement.limit(1)).first()


def sessions_awaited(meeting_id: int) -> set[int]:
    """Return the ids of the meeting's sessions that somebody waits for."""
    statement = select(SessionPlace.session_id).join(SessionPlace.session)
    awaited = Session.meeting_id == meeting_id, SessionPlace.state == "waiting"
    return set(db.session.scalars(statement.where(*awaited).distinct()))


def first_in_session_line(session_id: int, most: int) -> Sequence[SessionPlace]:
    """Return the first places waited for in the session, with their registrations, in order."""
    return db.session.scalars(
        select(SessionPlace)
        .where(SessionPlace.session_id == session_id, SessionPlace.queue_rank.is_not(None))
        .options(joinedload(SessionPlace.registration))
        .order_by(*_IN_SESSION_LINE)
        .limit(most)
    ).all()


def beside(queued: Queued, move: str) -> Queued | None:
    """Return who is just before («up») or just after («down») somebody in their waiting list; None at its end."""
    entity = type(queued)
    rank = entity.queue_rank
    nearest = select(entity).where(_same_line(queued))
    if move == "up":
        nearest = nearest.where(rank < queued.queue_rank).order_by(rank.desc())
    else:
        nearest = nearest.where(rank > queued.queue_rank).order_by(rank)
    return cast("Queued | None", db.session.scalars(nearest.limit(1)).first())


def lowest_rank(queued: Queued) -> int:
    """Return the rank of the first in the waiting list that somebody is in or goes back to; 1 when it is empty."""
    lowest = db.session.scalar(select(func.min(type(queued).queue_rank)).where(_same_line(queued)))
    return 1 if lowest is None else lowest


def meeting_with_ended_offers(*, at: datetime) -> int | None:
    """Return the id of a meeting where somebody's time to answer is over; None when there is none."""
    of_meeting = select(Registration.meeting_id).where(_is_held_until(), Registration.held_until <= at)
    found = db.session.scalar(of_meeting.order_by(Registration.held_until).limit(1))
    if found is not None:
        return found
    of_session = select(Session.meeting_id).join(SessionPlace, SessionPlace.session_id == Session.id)
    ended = SessionPlace.state == "offered", SessionPlace.held_until <= at
    return db.session.scalar(of_session.where(*ended).order_by(SessionPlace.held_until).limit(1))


def ended_holds(meeting_id: int, *, at: datetime, most: int) -> Sequence[Registration]:
    """Return the registrations of the meeting whose time to answer is over, with their places."""
    return db.session.scalars(
        select(Registration)
        .where(Registration.meeting_id == meeting_id, _is_held_until())
        .where(Registration.held_until <= at)
        .options(selectinload(Registration.places).joinedload(SessionPlace.session))
        .order_by(Registration.held_until, Registration.id)
        .limit(most)
        .execution_options(populate_existing=True)
    ).all()


def ended_session_offers(meeting_id: int, *, at: datetime, most: int) -> Sequence[SessionPlace]:
    """Return the workshop places of the meeting whose time to answer is over, with registration and session."""
    return db.session.scalars(
        _session_places(meeting_id, "offered")
        .where(SessionPlace.held_until <= at)
        .order_by(SessionPlace.held_until, SessionPlace.id)
        .limit(most)
        .execution_options(populate_existing=True)
    ).all()


def open_offers(meeting_id: int) -> tuple[Sequence[Registration], Sequence[SessionPlace]]:
    """Return the places of the meeting and of its workshops that await an answer."""
    statement = select(Registration).where(Registration.meeting_id == meeting_id)
    places = selectinload(Registration.places).joinedload(SessionPlace.session)
    of_meeting = db.session.scalars(
        statement.where(Registration.state == "offered").options(places).order_by(*_AS_OFFERED)
    ).all()
    of_sessions = _session_places(meeting_id, "offered").order_by(*_AS_OFFERED_IN_SESSION)
    return of_meeting, db.session.scalars(of_sessions).all()


def places_asked_for(session_ids: Collection[int]) -> Sequence[SessionPlace]:
    """Return everything people have or ask for in these sessions, with registration and session."""
    return db.session.scalars(
        select(SessionPlace)
        .where(SessionPlace.session_id.in_(session_ids))
        .options(joinedload(SessionPlace.registration), joinedload(SessionPlace.session))
        .order_by(SessionPlace.id)
    ).all()


def people_in(session_ids: Collection[int]) -> Sequence[Registration]:
    """Return who holds, awaits or is offered a place in one of these sessions, with all of their places."""
    concerned = select(SessionPlace.registration_id).where(
        SessionPlace.session_id.in_(session_ids), SessionPlace.state != "wished"
    )
    return db.session.scalars(
        select(Registration)
        .where(Registration.id.in_(concerned))
        .options(selectinload(Registration.places).joinedload(SessionPlace.session))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()


# --- Where somebody stands ------------------------------------------------------------------------


def position_of(registration: Registration) -> int:
    """Return the position of somebody who waits for a place at the meeting: 1 for the first."""
    rank = registration.queue_rank
    earlier = and_(Registration.queue_rank == rank, Registration.id < registration.id)
    before = select(func.count()).where(
        _waits_for(registration.meeting_id), or_(Registration.queue_rank < rank, earlier)
    )
    return (db.session.scalar(before) or 0) + 1


def waits_of(registration: Registration) -> list[Wait]:
    """Return the workshops the registration waits for, in the order of the day: one statement."""
    other = aliased(SessionPlace)
    earlier = and_(other.queue_rank == SessionPlace.queue_rank, other.id < SessionPlace.id)
    before = (
        select(func.count())
        .where(other.session_id == SessionPlace.session_id)
        .where(or_(other.queue_rank < SessionPlace.queue_rank, earlier))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Session, before)
        .join(SessionPlace, SessionPlace.session_id == Session.id)
        .where(SessionPlace.registration_id == registration.id, SessionPlace.state == "waiting")
        .order_by(Session.starts_at, Session.id)
    )
    return [Wait(session, count + 1) for session, count in rows]


def waits_by_registration(session_ids: Collection[int]) -> Mapping[int, list[Wait]]:
    """Return what everybody waits for in these sessions, by registration: one statement."""
    rows = db.session.execute(
        select(SessionPlace.registration_id, Session)
        .join(SessionPlace.session)
        .where(SessionPlace.session_id.in_(session_ids), SessionPlace.queue_rank.is_not(None))
        .order_by(*_IN_SESSION_LINE)
    )
    ahead, found = Counter[int](), defaultdict[int, list[Wait]](list)
    for registration_id, session in rows:
        ahead[session.id] += 1
        found[registration_id].append(Wait(session, ahead[session.id]))
    return found


# --- The office's page ----------------------------------------------------------------------------


def lines_of(meeting: Meeting) -> list[Line]:
    """Return the waiting list of the meeting and those of its loaded workshops: two statements."""
    in_line = Registration.meeting_id == meeting.id, Registration.state.in_(("waiting", "offered"))
    states = select(Registration.state, func.count()).where(*in_line)
    own = {str(state): int(count) for state, count in db.session.execute(states.group_by(Registration.state))}
    counted = (
        select(SessionPlace.session_id, SessionPlace.state, func.count())
        .where(SessionPlace.session_id.in_([session.id for session in meeting.workshops]))
        .where(SessionPlace.state.in_(("waiting", "offered")))
        .group_by(SessionPlace.session_id, SessionPlace.state)
    )
    found = {(session_id, state): int(count) for session_id, state, count in db.session.execute(counted)}
    lines = [Line(None, own.get("waiting", 0), own.get("offered", 0))]
    return lines + [
        Line(x, found.get((x.id, "waiting"), 0), found.get((x.id, "offered"), 0)) for x in meeting.workshops
    ]


def offers_of(meeting_id: int, session_id: int | None) -> Sequence[Queued]:
    """Return the offers to answer at the meeting, or in one of its sessions, with the people: the oldest first."""
    if session_id is None:
        own = select(Registration).where(
            Registration.meeting_id == meeting_id, Registration.state == "offered"
        )
        return db.session.scalars(own.order_by(*_AS_OFFERED).limit(MOST_OFFERS)).all()
    offered = _session_places(meeting_id, "offered").where(SessionPlace.session_id == session_id)
    return db.session.scalars(offered.order_by(*_AS_OFFERED_IN_SESSION).limit(MOST_OFFERS)).all()


def page_of_line(meeting_id: int, page: int) -> Page[Registration]:
    """Return one page of those who wait for a place at the meeting, in order, with what they ask for."""
    return paginate(_waiting(meeting_id), number=page)


def page_of_session_line(session_id: int, page: int) -> Page[SessionPlace]:
    """Return one page of those who wait for a place in the session, in order, with their registrations."""
    statement = select(SessionPlace).options(joinedload(SessionPlace.registration))
    queued = SessionPlace.session_id == session_id, SessionPlace.queue_rank.is_not(None)
    return paginate(statement.where(*queued).order_by(*_IN_SESSION_LINE), number=page)


_IN_LINE = (Registration.queue_rank, Registration.id)
_IN_SESSION_LINE = (SessionPlace.queue_rank, SessionPlace.id)
_AS_OFFERED = (Registration.offered_at, Registration.id)
_AS_OFFERED_IN_SESSION = (SessionPlace.offered_at, SessionPlace.id)


def _same_line(queued: Queued) -> ColumnElement[bool]:
    if isinstance(queued, Registration):
        return _waits_for(queued.meeting_id)
    return (SessionPlace.session_id == queued.session_id) & SessionPlace.queue_rank.is_not(None)


def _is_held_until() -> ColumnElement[bool]:
    return Registration.state.in_(("offered", "unverified"))


def _waits_for(meeting_id: int) -> ColumnElement[bool]:
    return (Registration.meeting_id == meeting_id) & (Registration.state == "waiting")


def _waiting(meeting_id: int) -> Select[Registration]:
    places = selectinload(Registration.places).joinedload(SessionPlace.session)
    return select(Registration).where(_waits_for(meeting_id)).options(places).order_by(*_IN_LINE)


def _session_places(meeting_id: int, state: str) -> Select[SessionPlace]:
    return (
        select(SessionPlace)
        .join(SessionPlace.session)
        .where(Session.meeting_id == meeting_id, SessionPlace.state == state)
        .options(contains_eager(SessionPlace.session), joinedload(SessionPlace.registration))
    )
