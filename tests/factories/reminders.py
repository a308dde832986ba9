"""Reminder rules, stored as rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from eventsapp.meetings.models import Meeting
from eventsapp.reminders.models import ReminderRule
from tests.factories.database import store


def make_rule(meeting: Meeting, **values: Any) -> ReminderRule:
    """Store a rule wanted for long: the day before, at 9."""
    defaults = {
        "meeting_id": meeting.id,
        "days_before": 1,
        "hour": 9,
        "subject": f"Rappel : {meeting.title}",
        "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    }
    return store(ReminderRule(**{**defaults, **values}))
