"""The message that says what an allocation gave; one for each person whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from eventsapp.mail.outbox import Draft, queue_mails
from eventsapp.meetings.models import Session
from eventsapp.registrations.allocation.outcome import Unplaced
from eventsapp.registrations.mails import chosen_sessions, registration_draft
from eventsapp.registrations.models import Allocation, Registration
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries.queues import waits_by_registration


def queue_results(
    allocation: Allocation,
    held: Held,
    registrations: Iterable[Registration],
    without: Mapping[int, Sequence[Unplaced]],
    *,
    at: datetime,
) -> None:
    """Say which places each has, which workshops they wait for, and why a slot is empty; the calendar entry follows."""
    sessions = {session.id: session for session in held.sessions}
    waits = waits_by_registration(list(sessions))
    drafts = [
        _draft(
            allocation,
            held,
            one,
            [_empty(x, sessions) for x in without.get(one.id, ())],
            waits.get(one.id, ()),
            at,
        )
        for one in registrations
    ]
    queue_mails(drafts, at=at)


def _draft(
    allocation: Allocation,
    held: Held,
    registration: Registration,
    empty: Sequence[Mapping[str, Any]],
    waits: Sequence[Any],
    at: datetime,
) -> Draft:
    return registration_draft(
        "decision",
        f"allocation:{allocation.id}",
        registration,
        held.meeting,
        chosen_sessions(registration),
        at,
        "REQUEST",
        template="allocation_result",
        waits=waits,
        facts={"empty": empty},
    )


def _empty(unplaced: Unplaced, sessions: Mapping[int, Session]) -> Mapping[str, Any]:
    """The slot in which nothing was given, by the hour of the first wish, and why."""
    first_wish = sessions[unplaced.wishes[0][0]]
    return {"starts_at": first_wish.starts_at, "why": unplaced.why.value}
