"""Questions of a meeting's form, and answers to them."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import func, select

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Answer, Question, Registration, RegistrationSetup, default_setup
from eventsapp.registrations.questions.plans import QuestionPlan
from tests.factories.database import store

_numbers = count(1)
WITH_OPTIONS = ("choice", "choices")
OPTIONS = [{"key": "oui", "label": "Volontiers"}, {"key": "non", "label": "Plutôt non"}]


def make_question(meeting: Meeting, **values: Any) -> Question:
    """Store a question of the meeting, last of its form, whose version grows; a short text unless said otherwise."""
    number = next(_numbers)
    position = select(func.count(Question.id)).where(Question.meeting_id == meeting.id)
    defaults = {
        "meeting_id": meeting.id,
        "position": db.session.scalar(position),
        "kind": "text",
        "label": f"Question {number}",
        "options": [dict(option) for option in OPTIONS] if values.get("kind") in WITH_OPTIONS else [],
    }
    setup = db.session.get(RegistrationSetup, meeting.id)
    if setup is None:
        setup = store(default_setup(meeting.id))
    setup.form_version += 1
    return store(Question(**{**defaults, **values}))


def make_answer(registration: Registration, question: Question, value: Any) -> Answer:
    """Store what the registration answers to the question."""
    return store(Answer(registration_id=registration.id, question_id=question.id, value=value))


def make_plan(**values: Any) -> QuestionPlan:
    """Return the description of a valid question; nothing is stored."""
    defaults = {"kind": "text", "label": f"Question {next(_numbers)}"}
    return QuestionPlan(**{**defaults, **values})
