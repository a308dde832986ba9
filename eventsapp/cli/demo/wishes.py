"""A meeting of the demonstration where workshops are ranked, and asked for more than there is room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace

CLOSE_BEFORE = timedelta(days=10)
MOST_PER_ORGANISATION = 3
SILENT = 11  # one person in so many has ranked nothing


def rank_workshops(meeting: Meeting, registered: list[Registration]) -> None:
    """Wishes are open until ten days before the meeting; nearly everybody has ranked two or three workshops."""
    db.session.add(
        RegistrationSetup(
            meeting_id=meeting.id,
            workshop_choice="wishes",
            wishes_close_at=meeting.starts_at - CLOSE_BEFORE,
            most_per_organisation=MOST_PER_ORGANISATION,
            balances_types=True,
        )
    )
    slots = [
        list(parallel)
        for _hour, parallel in groupby(meeting.workshops, key=lambda session: session.starts_at)
    ]
    for number, registration in enumerate(registered):
        if number % SILENT == SILENT - 1:
            continue
        for slot, parallel in enumerate(slots):
            _rank(registration, _wishes(parallel, number + slot))
    db.session.flush()


def _wishes(parallel: Sequence[Session], number: int) -> list[Session]:
    """The last workshop of each slot, the smallest, is the first wish of half the people."""
    first = len(parallel) - 1 if number % 2 else number // 2 % len(parallel)
    order = [parallel[(first + step) % len(parallel)] for step in range(len(parallel))]
    return order[: 2 + number % 2]


def _rank(registration: Registration, wishes: Sequence[Session]) -> None:
    registration.places.extend(
        SessionPlace(session_id=session.id, state="wished", rank=rank, taken_at=registration.registered_at)
        for rank, session in enumerate(wishes, 1)
    )
