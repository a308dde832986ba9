"""What messages show of a meeting: plain facts, as they are when the message is caused."""

from __future__ import annotations

from typing import Any

from eventsapp.meetings.models import Meeting, Session


def meeting_facts(meeting: Meeting) -> dict[str, Any]:
    """Return what any message may show of the meeting."""
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "access_note": meeting.access_note,
        "cancellation_reason": meeting.cancellation_reason,
    }


def session_facts(session: Session) -> dict[str, Any]:
    """Return what messages show of a session that somebody chose."""
    return {"title": session.title, "room": session.room, "starts_at": session.starts_at}
