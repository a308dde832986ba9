"""What is erased once it is of no more use."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration

NEEDS_KEPT = timedelta(days=30)  # after the meeting; the form says so


def erase_old_needs(*, at: datetime) -> int:
    """What people said of their access and diet is gone a month after each meeting; return how many."""
    over = select(Meeting.id).where(Meeting.ends_at < at - NEEDS_KEPT)
    statement = update(Registration).where(Registration.needs != "", Registration.meeting_id.in_(over))
    result = db.session.execute(statement.values(needs=""), execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))
