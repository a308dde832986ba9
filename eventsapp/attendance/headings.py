"""What every document of a meeting says at its top, so that titles, days, hours and places agree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from eventsapp.core.i18n import _, format_day, format_hours, format_time
from eventsapp.meetings.models import MEETING_KINDS, Meeting
from eventsapp.meetings.rules import place_of


class Timed(Protocol):
    """What has a day and hours in a zone: a meeting, or the copy a publication keeps of it."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def time_zone(self) -> str: ...


def file_name(day: date, city: str, kind: str) -> str:
    """Return «2011-06-14_lille_compte-rendu_v1»; the city is left out when nobody knows it."""
    return "_".join(part for part in (day.isoformat(), city, kind) if part)


def heading(meeting: Meeting) -> dict[str, Any]:
    """Return the meeting's kind, title, day, hours and place in words, in the language being spoken."""
    return {
        "title": meeting.title,
        "kind": str(MEETING_KINDS[meeting.kind]),
        "when": when(meeting),
        "when_sentence": sentence(when(meeting)),
        "place": place_of(meeting),
        "is_demo": meeting.is_demo,
    }


def when(meeting: Timed) -> str:
    """«mardi 14 juin 2011, de 9 h 30 à 17 h», or both days of a meeting that lasts longer."""
    zone = meeting.time_zone
    first, last = format_day(meeting.starts_at, zone), format_day(meeting.ends_at, zone)
    if first == last:
        return f"{first}, {format_hours(meeting.starts_at, meeting.ends_at, zone)}"
    return _(
        "du %(first)s, %(begins)s, au %(last)s, %(ends)s",
        first=first,
        begins=format_time(meeting.starts_at, zone),
        last=last,
        ends=format_time(meeting.ends_at, zone),
    )


def sentence(text: str) -> str:
    """Return the text with its first letter in capital, the rest as it is."""
    return text[:1].upper() + text[1:]
