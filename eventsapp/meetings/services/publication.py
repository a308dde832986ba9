"""The states of a meeting, from draft to held."""

from __future__ import annotations

from datetime import datetime

import structlog

from eventsapp.core.db import db, lock
from eventsapp.core.permissions import Actor
from eventsapp.meetings.errors import (
    ChangeIsNotPossibleNow,
    MeetingHasNotBegun,
    MeetingIsIncomplete,
    ReasonIsMissing,
)
from eventsapp.meetings.facts import meeting_cancelled, meeting_rescheduled
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.rules import lacks, may_become

log = structlog.get_logger()


def publish_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Everybody whom the visibility names sees the meeting and may register in its window.

    A postponed meeting published again has a new date: the people registered are told.
    """
    lock(Meeting, meeting.id)
    was_postponed = meeting.state == "postponed"
    if any(lack.is_blocking for lack in lacks(meeting, at=at)):
        raise MeetingIsIncomplete
    _pass_to("published", meeting, by)
    meeting.published_at = meeting.published_at or at
    if was_postponed:
        meeting.revision += 1
        meeting_rescheduled.send(meeting, by=by, at=at)
    db.session.flush()


def postpone_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """The meeting is put off to a date still to come: registrations stop, places are kept, people are told."""
    lock(Meeting, meeting.id)
    _pass_to("postponed", meeting, by)
    meeting.revision += 1
    meeting_rescheduled.send(meeting, by=by, at=at)
    db.session.flush()


def cancel_meeting(meeting: Meeting, reason: str, *, by: Actor, at: datetime) -> None:
    """The meeting will not take place, its page says why, and the people registered are told."""
    if not reason.strip():
        raise ReasonIsMissing
    lock(Meeting, meeting.id)
    _pass_to("cancelled", meeting, by)
    meeting.cancelled_at, meeting.cancellation_reason = at, reason.strip()
    meeting.revision += 1
    meeting_cancelled.send(meeting, by=by, at=at)
    db.session.flush()


def mark_held(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """The meeting took place: its minutes may be published, nothing is announced any more."""
    lock(Meeting, meeting.id)
    if at < meeting.starts_at:
        raise MeetingHasNotBegun
    _pass_to("held", meeting, by)
    db.session.flush()


def _pass_to(state: str, meeting: Meeting, by: Actor) -> None:
    if not may_become(meeting.state, state):
        raise ChangeIsNotPossibleNow
    log.info("meeting_state_changed", meeting=meeting.id, before=meeting.state, after=state, by=by.id)
    meeting.state = state
