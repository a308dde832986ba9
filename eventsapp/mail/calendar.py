"""A calendar entry for one person (RFC 5545, RFC 5546), for messages and for download.

Its facts are plain, so that a message keeps them and the worker writes the entry. Written by hand: the
general library takes four milliseconds. Instants are in UTC, so no zone has to be described.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

PRODUCT = "-//Rencontres//Rencontres//FR"

_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, **dict.fromkeys("\x00\x0b\x0c\x85", None)}
)


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What an entry says, in the language of its reader.

    ``uid`` is the same for life and ``sequence`` only grows, so that each message updates the same entry.
    ``organizer`` and ``attendee`` are (name, address); ``position`` is (latitude, longitude).
    """

    method: Method
    status: Status
    uid: str
    sequence: int
    written_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    description: str
    url: str
    organizer: tuple[str, str]
    attendee: tuple[str, str] | None = None
    position: tuple[float, float] | None = None


def write_entry(entry: CalendarEntry) -> bytes:
    """Return the entry as a file."""
    lines = ["BEGIN:VCALENDAR", f"PRODID:{PRODUCT}", "VERSION:2.0", f"METHOD:{entry.method}", "BEGIN:VEVENT"]
    lines += _facts(entry)
    lines += _people(entry)
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    return b"\r\n".join(_fold(line) for line in lines)


def _facts(entry: CalendarEntry) -> Iterator[str]:
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_instant(entry.written_at)}"
    yield f"DTSTART:{_instant(entry.starts_at)}"
    yield f"DTEND:{_instant(entry.ends_at)}"
    yield f"STATUS:{entry.status}"
    if entry.position is not None:
        latitude, longitude = entry.position
        yield f"GEO:{latitude:.6f};{longitude:.6f}"
    yield f"SUMMARY:{_escaped(entry.title)}"
    yield f"LOCATION:{_escaped(entry.place)}"
    yield f"DESCRIPTION:{_escaped(entry.description)}"
    yield f"URL:{entry.url}"


def _people(entry: CalendarEntry) -> Iterator[str]:
    name, address = entry.organizer
    yield f"ORGANIZER;CN={_quoted(name)}:mailto:{_address(address)}"
    if entry.attendee is not None:
        name, address = entry.attendee
        yield f"ATTENDEE;CN={_quoted(name)};PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{_address(address)}"


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
