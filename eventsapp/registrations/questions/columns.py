"""One column a question, for the list of registrations and its files."""

from __future__ import annotations

from eventsapp.core.columns import Column
from eventsapp.core.i18n import Text, _l
from eventsapp.registrations.models import Question, Registration
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.answers import for_a_file, in_words

PREFIX = "question:"


def question_columns(meeting_id: int) -> tuple[Column[Registration], ...]:
    """Return a column for each question of the meeting, retired ones last, none that only the desk reads.

    One statement; the registrations shown must be loaded with their ``answers``.
    """
    read = (one for one in queries.every_question(meeting_id) if one.visibility == "office")
    return tuple(_column(question) for question in read)


def is_of_question(column: Column[Registration]) -> bool:
    """Tell whether the column reads the answers of registrations."""
    return column.key.startswith(PREFIX)


def _column(question: Question) -> Column[Registration]:
    def said(registration: Registration) -> str:
        answer = registration.answers.get(question.id)
        return in_words(question, answer.value) if answer else ""

    def exported(registration: Registration) -> object:
        answer = registration.answers.get(question.id)
        return for_a_file(question, answer.value) if answer else None

    return Column(f"{PREFIX}{question.id}", _label(question), said, exported, on_screen=False)


def _label(question: Question) -> Text:
    if question.retired_at:
        return _l("%(label)s (question retirée)", label=question.label)
    return question.label
