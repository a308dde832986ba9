"""Reads of people registered in one go."""

from __future__ import annotations

from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.registrations.models import Registration


def has_group(meeting_id: int, key: str) -> bool:
    """Tell whether somebody was registered at the meeting with this group."""
    of_group = Registration.meeting_id == meeting_id, Registration.group_key == key
    return db.session.scalar(select(Registration.id).where(*of_group).limit(1)) is not None
