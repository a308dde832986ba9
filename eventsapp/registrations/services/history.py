"""The history of a registration: one row for each thing that happens to it after it was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, table_of
from eventsapp.registrations.models import Registration, RegistrationEvent
from eventsapp.registrations.timeline import EVENTS


def record_event(
    registration: Registration,
    kind: str,
    *,
    at: datetime,
    by: Account | None = None,
    text: str = "",
    **details: Any,
) -> None:
    """The history of the registration says that this happened; ``by`` None means the person, or the clock.

    ``details`` are plain values, and no address: the history is shown to every organiser.
    """
    db.session.add(RegistrationEvent(**_row(registration, kind, at, by, text, details)))


def record_events(texts: Mapping[Registration, str], kind: str, *, at: datetime, by: Account) -> None:
    """The history of each of these registrations says that this happened, with its text: one statement."""
    if texts:
        rows = [_row(one, kind, at, by, text, {}) for one, text in texts.items()]
        db.session.execute(insert(table_of(RegistrationEvent)), rows)


def _row(
    registration: Registration,
    kind: str,
    at: datetime,
    by: Account | None,
    text: str,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    if kind not in EVENTS:
        raise ValueError(f"unknown event {kind!r}: add it to eventsapp/registrations/timeline.py")
    by_id = by.id if by else None
    row = {"registration_id": registration.id, "kind": kind, "text": text, "details": details}
    return {**row, "happened_at": at, "by_id": by_id}
