"""What registrations do when something happens to their meeting. Connected in ``create_app``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import following
from eventsapp.registrations.services.duplicating import copy_rules
from eventsapp.registrations.services.requests import forget_requests


def on_meeting_cancelled(meeting: Meeting, *, at: datetime, **_facts: Any) -> None:
    """Everybody is told, and nothing is offered any more."""
    following.follow_cancellation(meeting, at=at)


def on_meeting_rescheduled(meeting: Meeting, *, at: datetime, **_facts: Any) -> None:
    """Everybody is told the new date, hours or place, or that a new date is to come."""
    following.follow_new_date(meeting, at=at)


def on_programme_changed(
    meeting: Meeting, *, moved: Sequence[Session], removed: Sequence[Session], at: datetime, **_facts: Any
) -> None:
    """Those whose workshops moved or went are told; places that have come are offered."""
    moved_ids, removed_ids = [one.id for one in moved], [one.id for one in removed]
    following.follow_programme(meeting, moved_ids=moved_ids, removed_ids=removed_ids, at=at)


def on_registration_cancelled(registration: Registration, *, at: datetime, **_facts: Any) -> None:
    """What somebody had asked for is not asked any more."""
    forget_requests(registration, at=at)


def on_meeting_duplicated(copy: Meeting, *, of: Meeting, days: int, **_facts: Any) -> None:
    """The copy takes registrations by the same rules, with the same form."""
    copy_rules(copy, of=of, days=days)
