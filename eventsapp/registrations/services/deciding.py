"""What an organiser answers to a request: what is accepted is carried out by the services of every day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from eventsapp.accounts.models import Account
from eventsapp.core.db import savepoint
from eventsapp.registrations.details import Details
from eventsapp.registrations.mails import requests as request_mails
from eventsapp.registrations.models import ChangeRequest, Registration
from eventsapp.registrations.services.changing import cancel_registration, change_registration
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.requests import close_request, hold_open
from eventsapp.registrations.services.transferring import transfer_registration


def accept_request(*, request: ChangeRequest, by: Account, at: datetime) -> None:
    """What was asked is done, and those concerned are told what they have now.

    Raises RequestIsSettled, and what the services raise: a workshop that filled up, a substitute registered
    already. The request stays open then.
    """
    held = hold_open(request)
    registration, kind, payload = request.registration, request.kind, dict(request.payload)
    with savepoint():
        close_request(request, "accepted", at=at, decided_by_id=by.id)
        record_event(registration, "request_accepted", at=at, by=by, request=kind)
        _carry_out(registration, kind, payload, by=by, at=at)
    if kind == "change":
        request_mails.queue_request_accepted(registration, held.meeting, request, at=at)


def _carry_out(
    registration: Registration, kind: str, payload: Mapping[str, Any], *, by: Account, at: datetime
) -> None:
    match kind:
        case "change":
            ids = payload["session_ids"]
            change_registration(registration=registration, session_ids=ids, by=by, at=at, is_told=False)
        case "transfer":
            details = Details(**payload["details"])
            transfer_registration(registration=registration, details=details, by=by, at=at)
        case _:
            cancel_registration(registration=registration, by=by, at=at)


def refuse_request(*, request: ChangeRequest, by: Account, at: datetime, answer: str = "") -> None:
    """Everything stays as it is; the person reads the answer. Raises RequestIsSettled."""
    held = hold_open(request)
    close_request(request, "refused", at=at, decided_by_id=by.id, answer=answer)
    record_event(request.registration, "request_refused", at=at, by=by, text=answer, request=request.kind)
    request_mails.queue_request_refused(request.registration, held.meeting, request, at=at)
