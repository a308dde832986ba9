"""Creating and editing a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from eventsapp.core.db import db, lock
from eventsapp.core.i18n import format_hours
from eventsapp.core.permissions import Actor, Scope
from eventsapp.core.versions import check_version
from eventsapp.core.zones import instant_at, local_day, local_hour
from eventsapp.meetings.errors import (
    CapacityIsBelowPlacesTaken,
    MeetingEndsBeforeItBegins,
    PlaceIsOutsideScope,
    ProgrammeDoesNotFit,
    RegistrationWindowIsImpossible,
)
from eventsapp.meetings.facts import meeting_rescheduled, programme_changed
from eventsapp.meetings.models import Meeting, Series, Session
from eventsapp.meetings.plans import MeetingPlan, content_of
from eventsapp.meetings.queries import registered_count
from eventsapp.meetings.services.slugs import meeting_slug, series_slug

log = structlog.get_logger()

Hours: TypeAlias = tuple[Session, datetime, datetime]

# Written as they are in the plan; the place and the series ask for more.
PLAIN = (
    "title", "kind", "visibility", "summary", "description", "starts_at", "ends_at", "time_zone", "venue",
    "address", "access_note", "online_url", "capacity", "registration_opens_at", "registration_closes_at", "contact_email",
)  # fmt: skip
PLACE = ("city", "commune_code", "department_code", "region_code", "latitude", "longitude")


def create_meeting(plan: MeetingPlan, scope: Scope, *, by: Actor, at: datetime) -> Meeting:
    """The meeting exists as a draft, inside the scope of whoever creates it."""
    _check(plan)
    if not scope.includes(territory_code=plan.place.region_code, meeting_id=None):
        raise PlaceIsOutsideScope
    slug = meeting_slug(plan.title, plan.place.city, plan.starts_at, plan.time_zone)
    meeting = Meeting(slug=slug, created_at=at)
    _write(plan, meeting)
    db.session.add(meeting)
    db.session.flush()
    log.info("meeting_created", meeting=meeting.id, by=by.id)
    return meeting


def edit_meeting(
    meeting: Meeting, plan: MeetingPlan, scope: Scope, *, seen: str | None = None, by: Actor, at: datetime
) -> None:
    """The meeting is as planned; its programme followed it to another day at the same hours.

    When a published meeting changes date, hours or place, calendars learn it (revision) and the
    slices above are told, so that the people registered are. ``seen`` is the version of the page
    that was looked at: SavedMeanwhile when somebody else has changed it since.
    """
    lock(Meeting, meeting.id)
    if plan.new_series or content_of(plan) != content_of(meeting):  # the same sent twice is no conflict
        check_version(seen, content_of(meeting))
    _check(plan)
    if not scope.includes(territory_code=plan.place.region_code, meeting_id=meeting.id):
        raise PlaceIsOutsideScope
    _check_capacity(meeting, plan.capacity)
    hours = _hours_to_come(meeting, plan)
    _check_programme(hours, plan)
    before, capacity = _appointment(meeting), meeting.capacity
    _write(plan, meeting)
    for session, starts_at, ends_at in hours:
        session.starts_at, session.ends_at = starts_at, ends_at
    if meeting.state == "published" and _appointment(meeting) != before:
        meeting.revision += 1
        meeting_rescheduled.send(meeting, by=by, at=at)
    db.session.flush()
    if meeting.capacity != capacity:
        programme_changed.send(meeting, moved=(), removed=(), by=by, at=at)
    log.info("meeting_edited", meeting=meeting.id, by=by.id)


def _check(plan: MeetingPlan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise MeetingEndsBeforeItBegins
    opens, closes = plan.registration_opens_at, plan.registration_closes_at or plan.starts_at
    if (opens and opens >= closes) or closes > plan.ends_at:
        raise RegistrationWindowIsImpossible


def _check_capacity(meeting: Meeting, capacity: int | None) -> None:
    if capacity is None or (meeting.capacity is not None and capacity >= meeting.capacity):
        return
    taken = registered_count(meeting.id)
    if capacity < taken:
        raise CapacityIsBelowPlacesTaken(taken)


def _hours_to_come(meeting: Meeting, plan: MeetingPlan) -> list[Hours]:
    """The programme at the same local hours, as many days later as the meeting itself."""
    old, new = meeting.time_zone, plan.time_zone
    days = (local_day(plan.starts_at, new) - local_day(meeting.starts_at, old)).days
    return [
        (one, _same_hour(one.starts_at, days, old, new), _same_hour(one.ends_at, days, old, new))
        for one in meeting.sessions
    ]


def _check_programme(hours: Sequence[Hours], plan: MeetingPlan) -> None:
    if not hours:
        return
    first, last = min(starts_at for _one, starts_at, _ in hours), max(ends_at for _one, _, ends_at in hours)
    if first < plan.starts_at or last > plan.ends_at:
        raise ProgrammeDoesNotFit(format_hours(first, last, plan.time_zone))


def _same_hour(instant: datetime, days: int, old: str, new: str) -> datetime:
    return instant_at(local_day(instant, old) + timedelta(days=days), local_hour(instant, old), new)


def _appointment(meeting: Meeting) -> tuple[datetime, datetime, str]:
    return meeting.starts_at, meeting.ends_at, meeting.place


def _write(plan: MeetingPlan, meeting: Meeting) -> None:
    for name in PLAIN:
        setattr(meeting, name, getattr(plan, name))
    for name in PLACE:
        setattr(meeting, name, getattr(plan.place, name))
    meeting.themes = list(plan.themes)
    if plan.new_series:
        meeting.series = Series(slug=series_slug(plan.new_series), title=plan.new_series)
    else:
        meeting.series_id = plan.series_id
