"""Sessions of a meeting and who speaks in them.

The meeting is always locked before the session, as those who claim places do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from eventsapp.core.db import db, lock
from eventsapp.core.i18n import format_hours
from eventsapp.core.permissions import Actor
from eventsapp.meetings.errors import (
    CapacityIsBelowPlacesTaken,
    SessionEndsBeforeItBegins,
    SessionHasOffersToAnswer,
    SessionHasPlacesTaken,
    SessionIsOutsideMeeting,
    SessionsWouldOverlap,
)
from eventsapp.meetings.facts import programme_changed
from eventsapp.meetings.models import Meeting, Session, SessionRole
from eventsapp.meetings.plans import SessionPlan, Speaker
from eventsapp.meetings.queries import count_held_elsewhere, people_of, places_taken
from eventsapp.meetings.rules import Slot, Timed, is_within, may_still_choose

log = structlog.get_logger()

PLAIN = ("kind", "title", "summary", "starts_at", "ends_at", "room", "capacity", "theme_id")


def add_session(meeting: Meeting, plan: SessionPlan, *, by: Actor) -> Session:
    """The session is in the programme, after those that begin with it."""
    lock(Meeting, meeting.id)
    _check_hours(meeting, plan)
    session = Session(position=_last_position(meeting) + 1)
    _write(plan, session)
    meeting.sessions.append(session)
    db.session.flush()
    log.info("session_added", meeting=meeting.id, session=session.id, by=by.id)
    return session


def edit_session(
    session: Session, plan: SessionPlan, *, accepts_clashes: bool = False, by: Actor, at: datetime
) -> None:
    """The session is as planned; nobody who chose it loses a place or must be in two rooms at once.

    With ``accepts_clashes``, people who now have two sessions at the same time are asked to choose.
    """
    _hold(session)
    _check_hours(session.meeting, plan)
    _check_capacity(session, plan.capacity)
    _check_people(session, plan, accepts_clashes, at)
    before, capacity = _appointment(session), session.capacity
    _write(plan, session)
    is_moved = _appointment(session) != before
    if is_moved:
        _renew_calendars(session.meeting)
    db.session.flush()
    if is_moved or session.capacity != capacity:
        _tell(session.meeting, moved=[session] if is_moved else [], by=by, at=at)
    log.info("session_edited", session=session.id, by=by.id)


def move_session(
    session: Session, slot: Slot[Session], *, accepts_clashes: bool = False, by: Actor, at: datetime
) -> None:
    """The session takes the hours of the slot and comes last in it; ``accepts_clashes`` as above."""
    _hold(session)
    _check_people(session, slot, accepts_clashes, at)
    before = _appointment(session)
    session.starts_at, session.ends_at = slot.starts_at, slot.ends_at
    session.position = _last_position(session.meeting) + 1
    db.session.flush()
    if _appointment(session) != before:
        _renew_calendars(session.meeting)
        _tell(session.meeting, moved=[session], by=by, at=at)
    log.info("session_moved", session=session.id, by=by.id)


def remove_session(session: Session, *, ends_offers: bool = False, by: Actor, at: datetime) -> None:
    """The session is out of the programme; those who wished for it, awaited it or were offered a place are told.

    Raises SessionHasPlacesTaken while somebody holds a place in it, SessionHasOffersToAnswer unless ``ends_offers``
    when somebody has one to accept.
    """
    _hold(session)
    people = people_of(session.id)
    if people.placed:
        raise SessionHasPlacesTaken(people.placed)
    if people.offered and not ends_offers:
        raise SessionHasOffersToAnswer(people.offered)
    meeting = session.meeting
    _tell(meeting, removed=[session], by=by, at=at)
    meeting.sessions.remove(session)
    db.session.flush()
    log.info("session_removed", session=session.id, by=by.id)


def _hold(session: Session) -> None:
    lock(Meeting, session.meeting_id)
    lock(Session, session.id)


def _check_hours(meeting: Meeting, plan: SessionPlan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise SessionEndsBeforeItBegins
    if not is_within(plan, meeting):
        raise SessionIsOutsideMeeting(format_hours(meeting.starts_at, meeting.ends_at, meeting.time_zone))


def _check_capacity(session: Session, capacity: int | None) -> None:
    taken = places_taken([session.id]).get(session.id, 0)
    if capacity is not None and capacity < taken:
        raise CapacityIsBelowPlacesTaken(taken)


def _check_people(session: Session, hours: Timed, accepts_clashes: bool, at: datetime) -> None:
    if (hours.starts_at, hours.ends_at) == (session.starts_at, session.ends_at):
        return
    may_choose = may_still_choose(session.meeting, at)
    if accepts_clashes and may_choose:
        return
    if people := count_held_elsewhere(session, hours.starts_at, hours.ends_at):
        raise SessionsWouldOverlap(people, may_choose=may_choose)


def _appointment(session: Session) -> tuple[datetime, datetime, str]:
    return session.starts_at, session.ends_at, session.room


def _tell(
    meeting: Meeting,
    *,
    moved: Sequence[Session] = (),
    removed: Sequence[Session] = (),
    by: Actor,
    at: datetime,
) -> None:
    programme_changed.send(meeting, moved=moved, removed=removed, by=by, at=at)


def _renew_calendars(meeting: Meeting) -> None:
    # Calendar entries list the sessions people chose.
    if meeting.state == "published":
        meeting.revision += 1


def _last_position(meeting: Meeting) -> int:
    return max((session.position for session in meeting.sessions), default=0)


def _write(plan: SessionPlan, session: Session) -> None:
    for name in PLAIN:
        setattr(session, name, getattr(plan, name))
    session.roles = [_role(speaker, place) for place, speaker in enumerate(plan.speakers)]


def _role(speaker: Speaker, position: int) -> SessionRole:
    return SessionRole(
        role=speaker.role,
        name=speaker.name,
        title=speaker.title,
        organisation=speaker.organisation,
        position=position,
    )
