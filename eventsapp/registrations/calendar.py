"""A person's registration as a calendar entry (RFC 5545, RFC 5546), for messages and for download.

Written by hand: it is made inside the transaction that registers, where the general library's
four milliseconds would be most of the time. Instants are in UTC, so no zone has to be described.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

from flask import current_app

from eventsapp.core.i18n import _, format_hours
from eventsapp.meetings.calendar import PRODUCT, event_uid
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, **dict.fromkeys("\x00\x0b\x0c\x85", None)}
)


def build_entry(
    meeting: Meeting,
    registration: Registration,
    *,
    method: Method,
    sessions: Iterable[Session],
    url: str,
    at: datetime,
) -> bytes:
    """Return the entry of the meeting with the sessions this person chose, in the current language.

    Its name is the meeting's own and its SEQUENCE only grows, so that each message updates the same entry.
    """
    lines = ["BEGIN:VCALENDAR", f"PRODID:{PRODUCT}", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT"]
    lines += _facts(meeting, registration, method, at)
    lines += _texts(meeting, sessions, url)
    lines += _people(meeting, registration, method)
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    return b"\r\n".join(_fold(line) for line in lines)


def _facts(meeting: Meeting, registration: Registration, method: Method, at: datetime) -> Iterator[str]:
    is_off = method == "CANCEL" or meeting.state == "cancelled" or not registration.is_active()
    yield f"UID:{event_uid(meeting)}"
    yield f"SEQUENCE:{meeting.revision + registration.revision}"
    yield f"DTSTAMP:{_instant(at)}"
    yield f"DTSTART:{_instant(meeting.starts_at)}"
    yield f"DTEND:{_instant(meeting.ends_at)}"
    yield f"STATUS:{'CANCELLED' if is_off else 'TENTATIVE' if meeting.state == 'postponed' else 'CONFIRMED'}"
    if meeting.latitude is not None and meeting.longitude is not None:
        yield f"GEO:{meeting.latitude:.6f};{meeting.longitude:.6f}"


def _texts(meeting: Meeting, sessions: Iterable[Session], url: str) -> Iterator[str]:
    described = [meeting.summary, *(_described(session, meeting.time_zone) for session in sessions)]
    described.append(_("Votre inscription : %(url)s", url=url))
    yield f"SUMMARY:{_escaped(meeting.title)}"
    yield f"LOCATION:{_escaped(meeting.place)}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(part for part in described if part))}"
    yield f"URL:{url}"


def _described(session: Session, zone: str) -> str:
    hours = format_hours(session.starts_at, session.ends_at, zone)
    return f"{session.title} ({hours})" + (f", {session.room}" if session.room else "")


def _people(meeting: Meeting, registration: Registration, method: Method) -> Iterator[str]:
    settings = current_app.config
    contact = meeting.contact_email or settings["CONTACT_EMAIL"]
    yield f"ORGANIZER;CN={_quoted(settings['NETWORK_NAME'])}:mailto:{contact}"
    if method != "PUBLISH":
        name = _quoted(registration.full_name)
        yield f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{_address(registration.email)}"


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _quoted(text: str) -> str:
    kept = "".join(letter for letter in text if letter >= " " and letter not in '"\x7f')
    return f'"{kept}"'


def _address(email: str) -> str:
    return "".join(email.split())


def _fold(line: str) -> bytes:
    """Cut a line into pieces of at most 75 octets, never inside a letter (RFC 5545 §3.1)."""
    raw = line.encode()
    pieces, start, room = [], 0, 75
    while len(raw) - start > room:
        end = start + room
        while raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[start:end])
        start, room = end, 74
    return b"\r\n ".join([*pieces, raw[start:]])
