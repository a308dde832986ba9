"""Reads of what happened to a registration."""

from __future__ import annotations

from sqlalchemy import or_, select

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.mail.queries import mail_to
from eventsapp.registrations.models import Registration, RegistrationEvent
from eventsapp.registrations.timeline import Entry, entries_of

MOST_EVENTS = 200
MOST_MAILS = 50


def history_of(registration: Registration, *, reader_id: int) -> list[Entry]:
    """Return everything that happened to the registration and to those merged into it, the latest first.

    Three statements: events, messages, names of accounts.
    """
    concerned = select(Registration.id).where(
        or_(Registration.id == registration.id, Registration.merged_into_id == registration.id)
    )
    statement = select(RegistrationEvent).where(RegistrationEvent.registration_id.in_(concerned))
    events = db.session.scalars(statement.order_by(RegistrationEvent.id.desc()).limit(MOST_EVENTS)).all()
    mails = mail_to(registration.email, about=f"meeting:{registration.meeting_id}", most=MOST_MAILS)
    authors = {event.by_id for event in events} | {registration.registered_by_id}
    named = select(Account.id, Account.name).where(Account.id.in_(authors - {None}))
    names = dict(db.session.execute(named).all())
    return entries_of(registration, events, mails, names, reader_id=reader_id)


def get_note(registration_id: int, note_id: int) -> RegistrationEvent:
    """Return one note of the registration; NoResultFound (404) for anything else."""
    event = RegistrationEvent
    found = select(event).where(event.id == note_id, event.registration_id == registration_id)
    return db.session.scalars(found.where(event.kind == "note")).one()
