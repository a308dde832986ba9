"""What people ask after the deadline, and what organisers answer. One open request a registration."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update

from eventsapp.core.db import db
from eventsapp.registrations import places, rules
from eventsapp.registrations.errors import (
    NothingIsAsked,
    PlaceIsNotTheirs,
    RequestIsOpen,
    RequestIsSettled,
    RequestsAreNotTaken,
)
from eventsapp.registrations.mails import requests as request_mails
from eventsapp.registrations.models import ChangeRequest, Registration
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import requests as queries
from eventsapp.registrations.services.history import record_event


def ask_for_workshops(
    *, registration: Registration, session_ids: Collection[int], message: str = "", at: datetime
) -> ChangeRequest:
    """The organiser is asked for exactly these workshops; nothing changes before the answer.

    Raises RequestsAreNotTaken before the deadline and once the meeting began, PlaceIsNotTheirs, NothingIsAsked,
    RequestIsOpen.
    """
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    places.check_no_overlap(places.choose(held, session_ids))
    setup = held.setup
    if not (setup.takes_late_requests and rules.may_request(held.meeting, at, setup.changes_close_at)):
        raise RequestsAreNotTaken
    if not registration.is_confirmed():
        raise PlaceIsNotTheirs
    if {place.session_id for place in registration.places if place.is_held()} == set(session_ids):
        raise NothingIsAsked
    payload = {"session_ids": sorted(session_ids)}
    return open_request(held, registration, "change", payload, message, at=at)


def open_request(
    held: Held,
    registration: Registration,
    kind: str,
    payload: dict[str, Any],
    message: str,
    *,
    at: datetime,
) -> ChangeRequest:
    """The organiser has this request to answer and the person is told; raise RequestIsOpen. Under the meeting's lock."""
    if queries.open_request_of(registration.id):
        raise RequestIsOpen
    request = ChangeRequest(
        registration_id=registration.id, kind=kind, message=message, payload=payload, asked_at=at
    )
    db.session.add(request)
    db.session.flush()
    record_event(registration, "request_made", at=at, text=message, request=kind)
    request_mails.queue_request_received(registration, held.meeting, request, at=at)
    return request


def withdraw_request(*, registration: Registration, at: datetime) -> None:
    """The person asks for nothing any more. Twice changes nothing."""
    places.hold(registration.meeting_id, ())
    request = queries.open_request_of(registration.id)
    if request is not None:
        close_request(request, "withdrawn", at=at)
        record_event(registration, "request_withdrawn", at=at, request=request.kind)


def forget_requests(registration: Registration, *, at: datetime) -> None:
    """Somebody who does not come asks for nothing."""
    db.session.execute(
        update(ChangeRequest)
        .where(ChangeRequest.registration_id == registration.id, ChangeRequest.state == "open")
        .values(state="withdrawn", decided_at=at, payload={})
    )


def close_request(request: ChangeRequest, state: str, *, at: datetime, **decision: Any) -> None:
    """The request has its end; what it said of a substitute is erased."""
    request.state, request.decided_at, request.payload = state, at, {}
    for name, value in decision.items():
        setattr(request, name, value)
    db.session.flush()


def hold_open(request: ChangeRequest) -> Held:
    """Return the held meeting of a request that is still open; raise RequestIsSettled."""
    held = places.hold_whole(request.registration.meeting_id)
    db.session.refresh(request)
    if request.state != "open":
        raise RequestIsSettled
    return held
