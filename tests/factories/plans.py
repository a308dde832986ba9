"""What an organiser hands to the services of a meeting: the thing as it is, with some changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.plans import MeetingPlan, Place, SessionPlan
from eventsapp.meetings.services.editing import PLAIN


def meeting_plan(meeting: Meeting, **changes: Any) -> MeetingPlan:
    """Return the plan that leaves the meeting as it is but for these changes."""
    place = Place(meeting.city, region_code=meeting.region_code)
    values = {name: getattr(meeting, name) for name in PLAIN}
    return replace(MeetingPlan(**values, place=place), **changes)


def session_plan(session: Session, **changes: Any) -> SessionPlan:
    """Return the plan that leaves the session as it is but for these changes; speakers are left out."""
    names = ("kind", "title", "starts_at", "ends_at", "room", "capacity")
    return SessionPlan(**{**{name: getattr(session, name) for name in names}, **changes})
