"""A meeting of the demonstration that is near: registration is closed, and people still ask for something."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from eventsapp.cli.demo.people import people
from eventsapp.core.db import db
from eventsapp.registrations.details import Details
from eventsapp.registrations.models import ChangeRequest, Registration
from eventsapp.registrations.services.history import record_event

OTHER_WORKSHOP = "On m’a demandé de présenter notre projet dans l’autre atelier. (Message de démonstration.)"
SUBSTITUTE = "Je ne suis plus libre ce jour-là : une autre personne peut venir. (Message de démonstration.)"


def ask_late(registered: list[Registration], *, start: int, at: datetime) -> None:
    """One person asks for the other workshop, another to be replaced: both wait for an answer."""
    moving, leaving = registered[:2]
    (held,) = moving.places
    other = next(x for x in moving.meeting.workshops if x.id != held.session_id)
    _ask(moving, "change", {"session_ids": [other.id]}, OTHER_WORKSHOP, at - timedelta(hours=20))
    (substitute,) = people(1, start=start)
    details = {"details": asdict(Details(**vars(substitute))), "reason": "late"}
    _ask(leaving, "transfer", details, SUBSTITUTE, at - timedelta(hours=3))
    db.session.flush()


def _ask(registration: Registration, kind: str, payload: dict[str, Any], message: str, at: datetime) -> None:
    db.session.add(
        ChangeRequest(
            registration_id=registration.id, kind=kind, payload=payload, message=message, asked_at=at
        )
    )
    record_event(registration, "request_made", at=at, text=message, request=kind)
