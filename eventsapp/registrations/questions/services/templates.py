"""Forms kept to be used again, and copies of forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog

from eventsapp.core.db import db
from eventsapp.core.permissions import Actor
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import FormTemplate, Question
from eventsapp.registrations.questions import queries, rules
from eventsapp.registrations.questions.errors import (
    FormIsFull,
    NothingToKeep,
    TemplateTitleIsTaken,
    TooManyFileQuestions,
)
from eventsapp.registrations.questions.services.editing import open_form

log = structlog.get_logger()

COPIED = ("section", "kind", "label", "help", "is_required", "shown_if_value", "visibility", "keep_days")


def save_template(*, meeting: Meeting, title: str, by: Actor, at: datetime) -> FormTemplate:
    """The questions that the meeting asks are kept under this title."""
    _check_title(title)
    questions = queries.live_questions(meeting.id)
    if not questions:
        raise NothingToKeep
    template = FormTemplate(title=title, created_at=at)
    db.session.add(template)
    db.session.flush()
    copy_questions(questions, template_id=template.id)
    log.info("form_template_saved", template=template.id, meeting=meeting.id, by=by.id)
    return template


def apply_template(*, meeting: Meeting, template: FormTemplate, by: Actor) -> int:
    """The meeting also asks the template's questions, after its own; return how many."""
    form, added = open_form(meeting.id), queries.template_questions(template.id)
    if len(form.questions) + len(added) > rules.MOST_QUESTIONS:
        raise FormIsFull
    if sum(one.kind == "file" for one in [*form.questions, *added]) > rules.MOST_FILES:
        raise TooManyFileQuestions
    copy_questions(added, meeting_id=meeting.id, first=len(form.questions))
    form.has_changed()
    log.info("form_template_applied", template=template.id, meeting=meeting.id, by=by.id)
    return len(added)


def rename_template(*, template: FormTemplate, title: str, by: Actor) -> None:
    """The template has this title."""
    _check_title(title, other_than=template.id)
    template.title = title
    db.session.flush()
    log.info("form_template_renamed", template=template.id, by=by.id)


def remove_template(*, template: FormTemplate, by: Actor) -> None:
    """The template is gone; meetings that used it keep their own questions."""
    db.session.delete(template)
    db.session.flush()
    log.info("form_template_removed", template=template.id, by=by.id)


def copy_questions(
    questions: Iterable[Question],
    *,
    meeting_id: int | None = None,
    template_id: int | None = None,
    first: int = 0,
) -> None:
    """Copies of the questions exist in the meeting or the template; conditions name the copies."""
    copies: dict[int, Question] = {}
    for position, question in enumerate(questions, first):
        copy = Question(meeting_id=meeting_id, template_id=template_id, position=position)
        for name in COPIED:
            setattr(copy, name, getattr(question, name))
        copy.options = [dict(option) for option in rules.offered(question.options)]
        copy.shown_if_id = copies[question.shown_if_id].id if question.shown_if_id else None
        db.session.add(copy)
        db.session.flush()
        copies[question.id] = copy


def _check_title(title: str, *, other_than: int | None = None) -> None:
    if queries.is_title_taken(title, other_than=other_than):
        raise TemplateTitleIsTaken
