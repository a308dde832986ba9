"""What an organiser decided, whole: what forms hand to services."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Meeting


@dataclass(frozen=True)
class Place:
    """A commune of France, or nowhere yet."""

    city: str = ""
    commune_code: str | None = None
    department_code: str | None = None
    region_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class MeetingPlan:
    """Everything the page «Général» of a meeting says."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    kind: str = "regional"
    visibility: str = "public"
    summary: str = ""
    description: str = ""
    place: Place = Place()
    venue: str = ""
    address: str = ""
    access_note: str = ""
    online_url: str = ""
    capacity: int | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    contact_email: str | None = None
    themes: tuple[Theme, ...] = ()
    series_id: int | None = None
    new_series: str = ""


def content_of(said: Meeting | MeetingPlan) -> tuple[object, ...]:
    """Return all that the page «Général» may change of a meeting, but for a series still to be made."""
    names = [
        field.name for field in fields(MeetingPlan) if field.name not in ("place", "themes", "new_series")
    ]
    place = said.place if isinstance(said, MeetingPlan) else said
    themes = sorted(theme.id for theme in said.themes)
    return (
        *(getattr(said, name) for name in names),
        *(getattr(place, field.name) for field in fields(Place)),
        *themes,
    )


@dataclass(frozen=True)
class Speaker:
    """Somebody announced in a session, as printed on the programme."""

    role: str
    name: str
    title: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class SessionPlan:
    """Everything the page of a session says."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    summary: str = ""
    room: str = ""
    capacity: int | None = None
    theme_id: int | None = None
    speakers: tuple[Speaker, ...] = ()


@dataclass(frozen=True)
class DocumentPlan:
    """A document to attach: a file's name and content, or an address."""

    title: str
    credit: str = ""
    visibility: str = "public"
    url: str = ""
    filename: str = ""
    content: bytes = b""
