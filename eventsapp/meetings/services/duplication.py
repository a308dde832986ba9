"""Copies of a meeting or of a whole series, some days later at the same local hours."""

from __future__ import annotations

from datetime import datetime

import structlog

from eventsapp.core.db import db
from eventsapp.core.permissions import Actor
from eventsapp.core.zones import shift_days
from eventsapp.meetings.facts import meeting_duplicated
from eventsapp.meetings.models import Meeting, Series, Session, SessionRole
from eventsapp.meetings.services.slugs import meeting_slug, series_slug

log = structlog.get_logger()

MEETING = (
    "series_id", "title", "kind", "visibility", "summary", "description", "time_zone", "venue", "address", "city",
    "commune_code", "department_code", "region_code", "latitude", "longitude", "access_note", "online_url", "capacity",
    "contact_email", "is_demo",
)  # fmt: skip
SESSION = ("kind", "title", "summary", "room", "capacity", "position", "theme_id")
ROLE = ("role", "name", "title", "organisation", "person_id", "position")
WINDOW = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")


def duplicate_meeting(meeting: Meeting, *, days: int, by: Actor, at: datetime) -> Meeting:
    """A draft with the same programme exists that many days later: no registration, no document.

    What the slices above keep about a meeting before anybody registers is theirs to copy.
    """
    copy = Meeting(created_at=at, **_values(meeting, MEETING), **_shifted(meeting, WINDOW, meeting, days))
    copy.slug = meeting_slug(copy.title, copy.city, copy.starts_at, copy.time_zone)
    copy.themes = list(meeting.themes)
    copy.sessions = [_copy_session(session, meeting, days) for session in meeting.sessions]
    db.session.add(copy)
    db.session.flush()
    meeting_duplicated.send(copy, of=meeting, days=days)
    log.info("meeting_duplicated", meeting=meeting.id, copy=copy.id, by=by.id)
    return copy


def duplicate_series(series: Series, *, title: str, days: int, by: Actor, at: datetime) -> Series:
    """A new series holds a draft copy of each meeting, all moved by the same number of days."""
    copy = Series(slug=series_slug(title), title=title, summary=series.summary)
    db.session.add(copy)
    db.session.flush()
    for meeting in series.meetings:
        duplicate_meeting(meeting, days=days, by=by, at=at).series = copy
    db.session.flush()
    log.info("series_duplicated", series=series.id, copy=copy.id, by=by.id)
    return copy


def _copy_session(session: Session, meeting: Meeting, days: int) -> Session:
    hours = _shifted(session, ("starts_at", "ends_at"), meeting, days)
    copy = Session(**_values(session, SESSION), **hours)
    copy.roles = [SessionRole(**_values(role, ROLE)) for role in session.roles]
    return copy


def _values(row: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _shifted(row: object, names: tuple[str, ...], meeting: Meeting, days: int) -> dict[str, datetime | None]:
    instants = {name: getattr(row, name) for name in names}
    return {
        name: shift_days(instant, days, meeting.time_zone) if instant else None
        for name, instant in instants.items()
    }
