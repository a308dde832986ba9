"""Messages about places passed on and requests; the caller decides whether to send them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eventsapp.mail.calendar import Method
from eventsapp.mail.outbox import queue_mails
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.mails import chosen_sessions, registration_draft
from eventsapp.registrations.models import ChangeRequest, Registration
from eventsapp.registrations.queries.queues import waits_of


def queue_place_given(registration: Registration, meeting: Meeting, *, to: str, at: datetime) -> None:
    """Tell the person who gave the place who has it now; their calendar forgets the meeting."""
    _queue("cancellation", "place_given", registration, meeting, _now(registration), at, "CANCEL", to=to)


def queue_place_received(registration: Registration, meeting: Meeting, *, of: str, at: datetime) -> None:
    """Tell the person who received the place what they hold, and by whom; their personal link is in it."""
    _queue("confirmation", "place_received", registration, meeting, _now(registration), at, "REQUEST", of=of)


def queue_request_received(
    registration: Registration, meeting: Meeting, request: ChangeRequest, *, at: datetime
) -> None:
    """Say that the organiser has the request to answer."""
    _queue("request", "request_received", registration, meeting, _about(request), at, kind=request.kind)


def queue_request_accepted(
    registration: Registration, meeting: Meeting, request: ChangeRequest, *, at: datetime
) -> None:
    """Say that the request is accepted and what they hold now; the calendar entry follows."""
    _queue("decision", "request_accepted", registration, meeting, _about(request), at, "REQUEST")


def queue_request_refused(
    registration: Registration, meeting: Meeting, request: ChangeRequest, *, at: datetime
) -> None:
    """Say that everything stays as it is, and the organiser's answer."""
    facts: dict[str, Any] = {"kind": request.kind, "answer": request.answer}
    _queue("decision", "request_refused", registration, meeting, _about(request), at, **facts)


def _now(registration: Registration) -> str:
    return f"registration:{registration.id}:{registration.revision}"


def _about(request: ChangeRequest) -> str:
    return f"request:{request.id}"


def _queue(
    purpose: str,
    template: str,
    registration: Registration,
    meeting: Meeting,
    occasion: str,
    at: datetime,
    method: Method | None = None,
    **facts: Any,
) -> None:
    sessions: list[Session] = [] if method == "CANCEL" else chosen_sessions(registration)
    draft = registration_draft(
        purpose,
        occasion,
        registration,
        meeting,
        sessions,
        at,
        method,
        template=template,
        waits=() if method == "CANCEL" else waits_of(registration),
        facts=facts,
    )
    queue_mails([draft], at=at)
