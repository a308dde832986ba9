"""Ranked wishes, stored as rows."""

from __future__ import annotations

from eventsapp.core.clock import now
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, SessionPlace
from tests.factories.database import store
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup


def make_wished_meeting(*capacities: int, **setup: object) -> tuple[Meeting, list[Session]]:
    """Store a meeting whose wishes closed yesterday, and one slot of workshops with these capacities."""
    meeting = make_meeting()
    make_setup(meeting, **{"workshop_choice": "wishes", "wishes_close_at": in_days(-1), **setup})
    return meeting, [make_session(meeting, hour=1, capacity=one) for one in capacities]


def make_wisher(meeting: Meeting, *sessions: Session, **values: object) -> Registration:
    """Store a confirmed registration that wishes for these workshops, the first choice first."""
    registration = make_registration(meeting, **values)
    for rank, session in enumerate(sessions, 1):
        place = SessionPlace(
            session_id=session.id, registration=registration, state="wished", rank=rank, taken_at=now()
        )
        store(place)
    return registration
