"""A person's registration as a calendar entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app

from eventsapp.core.i18n import _, format_hours
from eventsapp.mail.calendar import CalendarEntry, Method, Status
from eventsapp.meetings.calendar import event_uid
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration


def registration_entry(
    meeting: Meeting,
    registration: Registration,
    *,
    method: Method,
    sessions: Iterable[Session],
    url: str,
    at: datetime,
) -> CalendarEntry:
    """Return the entry of the meeting with the sessions this person chose, in the current language."""
    return CalendarEntry(
        method=method,
        status=_status(meeting, registration, method),
        uid=event_uid(meeting),
        sequence=meeting.revision + registration.revision,
        written_at=at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=meeting.title,
        place=meeting.place,
        description=_description(meeting, sessions, url),
        url=url,
        organizer=(
            current_app.config["NETWORK_NAME"],
            meeting.contact_email or current_app.config["CONTACT_EMAIL"],
        ),
        attendee=None if method == "PUBLISH" else (registration.full_name, registration.email),
        position=_position(meeting),
    )


def _status(meeting: Meeting, registration: Registration, method: Method) -> Status:
    if method == "CANCEL" or meeting.state == "cancelled" or not registration.is_active():
        return "CANCELLED"
    return "TENTATIVE" if meeting.state == "postponed" else "CONFIRMED"


def _description(meeting: Meeting, sessions: Iterable[Session], url: str) -> str:
    lines = [meeting.summary, *(_described(session, meeting.time_zone) for session in sessions)]
    lines.append(_("Votre inscription : %(url)s", url=url))
    return "\n".join(line for line in lines if line)


def _described(session: Session, zone: str) -> str:
    hours = format_hours(session.starts_at, session.ends_at, zone)
    return f"{session.title} ({hours})" + (f", {session.room}" if session.room else "")


def _position(meeting: Meeting) -> tuple[float, float] | None:
    if meeting.latitude is None or meeting.longitude is None:
        return None
    return meeting.latitude, meeting.longitude
