"""How a copy of a meeting takes registrations: as the meeting it comes from."""

from __future__ import annotations

from sqlalchemy import inspect

from eventsapp.core.db import db
from eventsapp.core.zones import shift_days
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import RegistrationSetup
from eventsapp.registrations.questions.queries import live_questions
from eventsapp.registrations.questions.services.templates import copy_questions

DEADLINES = ("wishes_close_at", "changes_close_at")
ITS_OWN = ("meeting_id", "form_version", "offers_frozen_at", "allocated_at")  # what happened to the first one


def copy_rules(copy: Meeting, *, of: Meeting, days: int) -> None:
    """The copy has the other meeting's rules, its deadlines as many days later, and asks the same questions."""
    setup = db.session.get(RegistrationSetup, of.id)
    if setup is None:
        return
    names = [column.key for column in inspect(RegistrationSetup).columns if column.key not in ITS_OWN]
    values = {name: getattr(setup, name) for name in names}
    for name in DEADLINES:
        if values[name]:
            values[name] = shift_days(values[name], days, of.time_zone)
    questions = live_questions(of.id)
    db.session.add(RegistrationSetup(meeting_id=copy.id, form_version=1 if questions else 0, **values))
    copy_questions(questions, meeting_id=copy.id)
    db.session.flush()
