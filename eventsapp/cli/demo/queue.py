"""Waiting lists of the full meeting of the demonstration: one offer to answer, and people behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsapp.cli.demo.participants import put_in_line
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, RegistrationEvent, SessionPlace

IN_LINE = 7  # the first of them is offered the place that the last person registered gives up
ANSWER_WITHIN = timedelta(hours=48)
AWAITED = 3


def fill_waiting_lists(meeting: Meeting, registered: list[Registration], *, start: int, at: datetime) -> None:
    """Somebody has left, the first in line may take the place until the day after tomorrow, others wait.

    Some of those registered wait for a full workshop beside the one they have.
    """
    leaving = registered[-1]
    number, leaving.place_number = leaving.place_number, None
    leaving.state, leaving.cancelled_at = "cancelled", at
    leaving.places.clear()
    db.session.flush()
    line = put_in_line(meeting, IN_LINE, start=start, after=len(registered), before=at)
    for rank, waiting in enumerate(line, 1):
        _wish(waiting, meeting.workshops, rank, at)
    offered = line[0]
    offered.state, offered.queue_rank, offered.place_number = "offered", None, number
    offered.offered_at, offered.held_until = at, at + ANSWER_WITHIN
    db.session.add(RegistrationEvent(registration_id=offered.id, kind="place_offered", happened_at=at))
    _await_full_workshop(meeting, registered[:-1], at)
    db.session.flush()


def _wish(waiting: Registration, workshops: list[Session], rank: int, at: datetime) -> None:
    wished = workshops[rank % len(workshops)]
    db.session.add(
        SessionPlace(registration_id=waiting.id, session_id=wished.id, state="wished", rank=1, taken_at=at)
    )


def _await_full_workshop(meeting: Meeting, registered: list[Registration], at: datetime) -> None:
    """The first workshop that is full has people waiting who hold another at the same time."""
    held = [{place.session_id for place in one.places} for one in registered]
    full = next(x for x in meeting.workshops if sum(x.id in ids for ids in held) == x.capacity)
    beside = {x.id for x in meeting.workshops if x.starts_at == full.starts_at and x is not full}
    people = [one for one, ids in zip(registered, held, strict=True) if ids & beside][:AWAITED]
    db.session.add_all(
        SessionPlace(
            registration_id=one.id, session_id=full.id, state="waiting", queue_rank=rank, taken_at=at
        )
        for rank, one in enumerate(people, 1)
    )
