"""What somebody answers, as a form hands it to a service; and answers in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from eventsapp.core.i18n import _, format_day_short, format_number
from eventsapp.registrations.models import Question
from eventsapp.registrations.questions.rules import shown


@dataclass(frozen=True)
class GivenAnswers:
    """Answers by question, checked for shape by the form at that version; those to questions not asked are out.

    ``files``: the files received for them that belong to nobody yet, by question.
    """

    form_version: int = 0
    values: Mapping[int, Any] = field(default_factory=dict)
    files: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A question, what was answered (None: nothing), and the same in words."""

    question: Question
    value: Any
    text: str


def readings(form: Iterable[tuple[Question, Any]]) -> list[Reading]:
    """Return what there is to read: the questions that the answers call for, and every answer given."""
    form = list(form)
    given = {question.id: value for question, value in form if value is not None}
    asked = shown([question for question, _value in form if question.retired_at is None], given)
    return [
        Reading(question, value, "" if value is None else in_words(question, value))
        for question, value in form
        if value is not None or question in asked
    ]


def in_words(question: Question, value: Any) -> str:
    """Return the answer as people read it; an option that was removed since is said with its last words."""
    match question.kind:
        case "choice":
            return _label(question, value)
        case "choices":
            return ", ".join(_label(question, key) for key in value)
        case "yes_no":
            return _("Oui") if value else _("Non")
        case "number":
            return format_number(value)
        case "date":
            return format_day_short(date.fromisoformat(value))
        case "file" | "organisation":
            return str(value["name"])
        case "commune":
            return f"{value['name']} ({value['code']})" if value["code"] else str(value["name"])
        case "consent":
            return _("Accepté")
        case _:
            return str(value)


def for_a_file(question: Question, value: Any) -> object:
    """Return the answer as a cell of a spreadsheet: numbers and days stay what they are."""
    match question.kind:
        case "yes_no" | "number":
            return value
        case "date":
            return date.fromisoformat(value)
        case _:
            return in_words(question, value)


def _label(question: Question, key: str) -> str:
    return next((option["label"] for option in question.options if option["key"] == key), key)
