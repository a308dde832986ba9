"""What reminders do when something happens below them. ``create_app`` connects these to the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration
from eventsapp.reminders import services


def on_registration_cancelled(registration: Registration, **_more: Any) -> None:
    """Somebody who will not come is reminded of nothing."""
    services.hold_back_reminders_of(registration)


def on_meeting_cancelled(meeting: Meeting, **_more: Any) -> None:
    """Nobody is reminded of a meeting that will not take place."""
    services.hold_back_reminders_about(meeting)


def on_meeting_rescheduled(meeting: Meeting, *, at: datetime, **_more: Any) -> None:
    """Reminders follow the date; registered people are told the new one by registrations."""
    services.follow_new_date(meeting, at=at)
