"""A meeting as an iCalendar entry (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from icalendar import Calendar, Event, vCalAddress, vText

from eventsapp.core.clock import now
from eventsapp.core.i18n import _, format_hours
from eventsapp.mail.calendar import PRODUCT, Method
from eventsapp.meetings.models import Meeting, Session


def build_event(
    meeting: Meeting,
    *,
    method: Method,
    attendee: tuple[str, str] | None = None,
    sessions: Iterable[Session] = (),
    url: str,
) -> bytes:
    """Return the .ics file of the meeting.

    PUBLISH is for a download; REQUEST and CANCEL go by mail, with ``attendee`` as (name, address).
    ``sessions`` are those the person chose; they are listed in the description.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_entry(meeting, method, attendee, sessions, url))
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def event_uid(meeting: Meeting) -> str:
    """Return the entry's name: one for life, so that a later file updates the same entry."""
    return f"rencontre-{meeting.id}-{meeting.created_at:%Y%m%dT%H%M%SZ}@rencontres"


def _entry(
    meeting: Meeting,
    method: Method,
    attendee: tuple[str, str] | None,
    sessions: Iterable[Session],
    url: str,
) -> Event:
    entry = Event()
    entry.add("uid", event_uid(meeting))
    entry.add("sequence", meeting.revision)
    entry.add("dtstamp", now())
    entry.add("dtstart", _local(meeting.starts_at, meeting))
    entry.add("dtend", _local(meeting.ends_at, meeting))
    entry.add("summary", meeting.title)
    entry.add("location", meeting.place)
    entry.add("description", _description(meeting, sessions, url))
    entry.add("url", url)
    entry.add("status", _status(meeting, method))
    entry.add("organizer", _organizer(meeting))
    if meeting.latitude is not None and meeting.longitude is not None:
        entry.add("geo", (meeting.latitude, meeting.longitude))
    if attendee:
        entry.add("attendee", _address(*attendee, rsvp="FALSE", partstat="ACCEPTED"), encode=False)
    return entry


def _status(meeting: Meeting, method: Method) -> str:
    if method == "CANCEL" or meeting.state == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if meeting.state == "postponed" else "CONFIRMED"


def _description(meeting: Meeting, sessions: Iterable[Session], url: str) -> str:
    lines = [meeting.summary]
    for session in sessions:
        hours = format_hours(session.starts_at, session.ends_at, meeting.time_zone)
        lines.append(f"{session.title} ({hours})" + (f", {session.room}" if session.room else ""))
    return "\n".join([line for line in lines if line] + [_("Programme et inscription : %(url)s", url=url)])


def _organizer(meeting: Meeting) -> vCalAddress:
    settings = current_app.config
    return _address(settings["NETWORK_NAME"], meeting.contact_email or settings["CONTACT_EMAIL"])


def _address(name: str, email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for key, value in {"cn": name, **parameters}.items():
        address.params[key] = vText(value)
    return address


def _local(instant: datetime, meeting: Meeting) -> datetime:
    # With the zone and not in UTC: calendars then follow a change of the zone's rules.
    return instant.astimezone(ZoneInfo(meeting.time_zone))
