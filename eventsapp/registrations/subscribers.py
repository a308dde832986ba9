"""What registered people are told when their meeting changes. Connected in ``create_app``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eventsapp.meetings.models import Meeting
from eventsapp.registrations import mails, queries


def tell_meeting_cancelled(meeting: Meeting, *, at: datetime, **_facts: Any) -> None:
    """Everybody registered is told, and their calendars forget the meeting."""
    mails.queue_meeting_cancelled(queries.active_registrations(meeting.id), meeting, at=at)


def tell_meeting_rescheduled(meeting: Meeting, *, at: datetime, **_facts: Any) -> None:
    """Everybody registered is told the new date, hours or place, and their calendars follow."""
    mails.queue_meeting_rescheduled(queries.active_registrations(meeting.id), meeting, at=at)
