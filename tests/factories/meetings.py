"""Meetings and their programme."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from eventsapp.core.clock import now
from eventsapp.meetings.models import Meeting, Series, Session, SessionRole
from tests.factories.database import store

_numbers = count(1)


def in_days(days: int, hour: int = 8, minute: int = 0) -> datetime:
    """An instant at a round hour (UTC) that many days from today."""
    return (now() + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def make_series(**values: Any) -> Series:
    """Store a series."""
    number = next(_numbers)
    return store(Series(**{"slug": f"cycle-{number}", "title": f"Cycle {number}", **values}))


def make_meeting(**values: Any) -> Meeting:
    """Store a published public meeting in thirty days, from 8 h to 16 h UTC, open to registration, no limit."""
    number = next(_numbers)
    starts_at = values.get("starts_at", in_days(30))
    defaults = {
        "slug": f"rencontre-{number}",
        "title": f"Rencontre {number}",
        "state": "published",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=8),
        "venue": "Hôtel de Région",
        "city": "Lille",
        "region_code": "32",
        "created_at": now(),
        "published_at": now(),
    }
    if values.get("state") == "draft":
        defaults["published_at"] = None
    if values.get("state") == "cancelled":
        defaults["cancelled_at"] = now()
    return store(Meeting(**{**defaults, **values}))


def make_session(meeting: Meeting, *, hour: int = 1, hours: float = 1.5, **values: Any) -> Session:
    """Store a workshop that begins ``hour`` hours after the meeting; kind="plenary" and so on for others."""
    number = next(_numbers)
    starts_at = values.get("starts_at", meeting.starts_at + timedelta(hours=hour))
    defaults = {
        "meeting_id": meeting.id,
        "kind": "workshop",
        "title": f"Atelier {number}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "position": number,
    }
    return store(Session(**{**defaults, **values}))


def make_session_role(session: Session, **values: Any) -> SessionRole:
    """Store a speaker of the session."""
    number = next(_numbers)
    return store(
        SessionRole(**{"session_id": session.id, "name": f"Personne {number} (démonstration)", **values})
    )
