"""Registrations, stored as rows: no rule is asked, no mail is queued."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import ENDED_STATES, Registration, RegistrationSetup, SessionPlace
from tests.factories.database import store

_numbers = count(1)


def make_registration(meeting: Meeting, *, sessions: Iterable[Session] = (), **values: Any) -> Registration:
    """Store a confirmed registration (state="cancelled" for the other), with a place in each session."""
    number = next(_numbers)
    state = values.setdefault("state", "confirmed")
    values.setdefault("email", f"personne{number}@exemple.fr")
    values.setdefault("given_name", "Personne")
    values.setdefault("family_name", f"Démonstration {number}")
    defaults = {
        "meeting_id": meeting.id,
        "reference": f"T{number:07}",
        "place_number": _next(Registration.place_number, Registration.meeting_id == meeting.id),
        "organisation": "Métropole de démonstration",
        "job_title": "Chargée de mission",
        "registered_at": now(),
    }
    if state in ENDED_STATES:
        defaults.update(place_number=None, cancelled_at=now())
    if state == "waiting":
        defaults.update(
            place_number=None,
            queue_rank=_next(Registration.queue_rank, Registration.meeting_id == meeting.id),
        )
    registration = Registration(**{**defaults, **values})
    registration.set_keys()
    store(registration)
    for session in sessions if state == "confirmed" else ():
        make_place(registration, session)
    return registration


def make_setup(meeting: Meeting, **values: Any) -> RegistrationSetup:
    """Store how the meeting takes registrations; what is not said has its default."""
    return store(RegistrationSetup(meeting_id=meeting.id, **values))


def make_place(registration: Registration, session: Session) -> SessionPlace:
    """Store the registration's place in the session."""
    number = _next(SessionPlace.place_number, SessionPlace.session_id == session.id)
    place = SessionPlace(
        session_id=session.id, registration=registration, place_number=number, taken_at=now()
    )
    return store(place)


def make_wait(registration: Registration, session: Session) -> SessionPlace:
    """Store the registration at the end of the session's waiting list."""
    rank = _next(SessionPlace.queue_rank, SessionPlace.session_id == session.id)
    return store(
        SessionPlace(
            session_id=session.id, registration=registration, state="waiting", queue_rank=rank, taken_at=now()
        )
    )


def _next(column: Any, condition: Any) -> int:
    return (db.session.scalar(select(func.max(column)).where(condition)) or 0) + 1
