"""Places of a meeting and of its sessions, given under lock: the lowest free number first.

Every write that decides on a count comes through ``hold`` first: the meeting's row, then the sessions'
by ascending id (core.db.lock), so that two people never decide on the same count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import make_transient_to_detached

from eventsapp.core.db import db, lock, lock_all, table_of
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import queries, rules
from eventsapp.registrations.errors import (
    MeetingIsFull,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.models import Registration, SessionPlace


def hold(meeting_id: int, session_ids: Collection[int]) -> tuple[Meeting, Sequence[Session]]:
    """Return the meeting and the chosen sessions, freshly read; other writers wait until the end.

    Raises WorkshopIsUnknown unless all are workshops of this meeting, SessionsOverlap when two of them
    are held at the same time.
    """
    meeting = lock(Meeting, meeting_id)
    sessions = lock_all(Session, session_ids) if session_ids else []
    belong = all(session.meeting_id == meeting.id and session.is_workshop() for session in sessions)
    if not belong or len(sessions) != len(set(session_ids)):
        raise WorkshopIsUnknown
    if clash := rules.first_overlap(sessions):
        raise SessionsOverlap(*clash)
    return meeting, sessions


def claim_meeting_place(meeting: Meeting) -> int:
    """Return the number of the next place at the held meeting; raise MeetingIsFull."""
    occupancy = queries.meeting_occupancy(meeting.id)
    if rules.is_full(meeting.capacity, occupancy.taken):
        raise MeetingIsFull
    return queries.first_gap(meeting.id) if occupancy.has_gap() else occupancy.highest + 1


def claim_session_places(sessions: Sequence[Session]) -> Mapping[int, int]:
    """Return the number of the next place in each of the held sessions; raise WorkshopIsFull."""
    if not sessions:
        return {}
    held = queries.session_occupancies([session.id for session in sessions])
    full = [session for session in sessions if rules.is_full(session.capacity, held[session.id].taken)]
    if full:
        raise WorkshopIsFull(full)
    return {session_id: _next_number(session_id, occupancy) for session_id, occupancy in held.items()}


def write(registration: Registration, numbers: Mapping[int, int], *, at: datetime) -> None:
    """The new registration and its places in sessions are rows, two statements; it belongs to the session.

    Not by the unit of work, whose bookkeeping costs three times the statements, while others wait.
    """
    values = {name: value for name, value in vars(registration).items() if not name.startswith("_")}
    registration.id = db.session.execute(_NEW_REGISTRATION, values).scalar_one()
    make_transient_to_detached(registration)
    db.session.add(registration)
    rows = [
        {"registration_id": registration.id, "session_id": session_id, "place_number": number, "taken_at": at}
        for session_id, number in numbers.items()
    ]
    if rows:
        db.session.execute(_NEW_PLACES, rows)


_NEW_REGISTRATION = insert(table_of(Registration)).returning(Registration.id)
_NEW_PLACES = insert(table_of(SessionPlace))


def _next_number(session_id: int, occupancy: rules.Occupancy) -> int:
    if not occupancy.has_gap():
        return occupancy.highest + 1
    return rules.lowest_free(queries.held_numbers(session_id))
