"""What the office notes about a registration, for itself: events of the kind «note»."""

from __future__ import annotations

from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.registrations.errors import NoteIsSomebodyElses
from eventsapp.registrations.models import Registration, RegistrationEvent
from eventsapp.registrations.services.history import record_event


def add_note(*, registration: Registration, text: str, by: Account, at: datetime) -> None:
    """The history of the registration holds this note; the person is not told."""
    record_event(registration, "note", at=at, by=by, text=text)
    db.session.flush()


def delete_note(*, note: RegistrationEvent, by: Account) -> None:
    """The note is gone. Raises NoteIsSomebodyElses."""
    if note.by_id != by.id:
        raise NoteIsSomebodyElses
    db.session.delete(note)
    db.session.flush()
