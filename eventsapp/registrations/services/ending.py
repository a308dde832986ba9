"""The one way a registration ends: what it held is free at once, and offered to those who wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.registrations.facts import registration_cancelled
from eventsapp.registrations.models import Registration
from eventsapp.registrations.places import Held
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.waiting_list import offer_free_places


def end_registrations(
    held: Held,
    registrations: Iterable[Registration],
    kind: str,
    *,
    at: datetime,
    by: Account | None = None,
    state: str = "cancelled",
    text: str = "",
) -> None:
    """These registrations hold and await nothing any more; their places are offered to the next in line.

    ``kind`` and ``text`` say in their history why. Under the lock of ``places.hold_whole``, registrations and their
    places freshly read. The caller tells the people.
    """
    for registration in registrations:
        _end(registration, state, at)
        record_event(registration, kind, at=at, by=by, text=text)
    offer_free_places(held, at=at)


def _end(registration: Registration, state: str, at: datetime) -> None:
    registration.state = state
    registration.cancelled_at = registration.changed_at = at
    registration.place_number = registration.queue_rank = registration.held_until = None
    registration.places.clear()
    registration.revision += 1
    db.session.flush()
    registration_cancelled.send(registration, at=at)
