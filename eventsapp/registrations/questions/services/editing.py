"""The questions of a meeting. No change loses an answer; each makes a new version of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete

from eventsapp.core.db import db, lock
from eventsapp.core.permissions import Actor
from eventsapp.core.versions import check_version
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import AnswerFile, Question, RegistrationSetup, default_setup
from eventsapp.registrations.questions import errors, queries, rules
from eventsapp.registrations.questions.plans import QuestionPlan, content_of

log = structlog.get_logger()

PLAIN = ("kind", "section", "label", "help", "is_required", "visibility", "keep_days")
NEW = 0  # the place in the order of a question that has no id yet
MOST_OPTIONS_KEPT = 300  # those retired included


@dataclass
class OpenForm:
    """A form held to be changed: whoever registers meanwhile waits, then sees the new version."""

    setup: RegistrationSetup
    questions: list[Question]

    def lines(self) -> list[rules.Line]:
        return [rules.Line(one.id, one.section, one.shown_if_id) for one in self.questions]

    def find(self, question_id: int) -> Question | None:
        return next((one for one in self.questions if one.id == question_id), None)

    def has_changed(self) -> None:
        self.setup.form_version += 1
        db.session.flush()


def open_form(meeting_id: int) -> OpenForm:
    """Return the meeting's form, freshly read and held until the transaction ends."""
    lock(Meeting, meeting_id)
    setup = db.session.get(RegistrationSetup, meeting_id, populate_existing=True)
    if setup is None:
        setup = default_setup(meeting_id)
        db.session.add(setup)
    return OpenForm(setup, list(queries.live_questions(meeting_id, is_fresh=True)))


def add_question(*, meeting: Meeting, plan: QuestionPlan, by: Actor) -> Question:
    """The meeting asks one more question, last of its section."""
    form = open_form(meeting.id)
    if len(form.questions) >= rules.MOST_QUESTIONS:
        raise errors.FormIsFull
    order = rules.placed(form.lines(), plan.line(NEW))
    _refuse_too_early(form, order, new_label=plan.label)
    question = Question(meeting_id=meeting.id, **_checked(form, plan, None))
    db.session.add(question)
    db.session.flush()
    form.questions.append(question)
    _arrange(form, [line if line.id else plan.line(question.id) for line in order])
    form.has_changed()
    log.info("question_added", meeting=meeting.id, question=question.id, by=by.id)
    return question


def change_question(*, question: Question, plan: QuestionPlan, seen: str | None = None, by: Actor) -> None:
    """The question is as described; its answers stay readable. Raises KindIsSettled when it has some.

    ``seen`` is the version of the question that was looked at: SavedMeanwhile when somebody else has changed it since.
    """
    form = open_form(_meeting_of(question))
    if form.find(question.id) is None:
        raise errors.QuestionIsRetired
    is_answered = queries.has_answers(question.id)
    if plan.kind != question.kind and is_answered:
        raise errors.KindIsSettled
    order = rules.placed(form.lines(), plan.line(question.id))
    _refuse_too_early(form, order)
    values = _checked(form, plan, question, is_answered=is_answered)
    if all(getattr(question, name) == value for name, value in values.items()):
        return  # the same sent twice is no conflict and makes no version
    check_version(seen, content_of(question))
    for name, value in values.items():
        setattr(question, name, value)
    _arrange(form, order)
    form.has_changed()
    log.info("question_changed", question=question.id, by=by.id)


def move_question(*, question: Question, step: int, by: Actor) -> None:
    """The question is one place higher (-1) or lower (1), or in the neighbouring section."""
    form = open_form(_meeting_of(question))
    if form.find(question.id) is None:
        return
    order = rules.moved(form.lines(), question.id, step)
    _refuse_too_early(form, order)
    _arrange(form, order)
    form.has_changed()
    log.info("question_moved", question=question.id, step=step, by=by.id)


def remove_question(*, question: Question, by: Actor, at: datetime) -> bool:
    """The question is no longer asked. With answers it is retired, and True is returned; else it is gone."""
    form = open_form(_meeting_of(question))
    if dependent := _first_dependent(form.questions, question):
        raise errors.AnotherQuestionDepends(dependent.label)
    is_answered = queries.has_answers(question.id)
    if is_answered:
        question.retired_at, question.shown_if_id, question.shown_if_value = at, None, ""
    else:
        db.session.execute(delete(AnswerFile).where(AnswerFile.question_id == question.id))
        db.session.delete(question)
    form.has_changed()
    log.info("question_removed", question=question.id, is_retired=is_answered, by=by.id)
    return is_answered


def restore_question(*, question: Question, by: Actor) -> None:
    """A retired question is asked again, last of its section; its earlier answers are answers again."""
    form = open_form(_meeting_of(question))
    if question.retired_at is None:
        return
    if len(form.questions) >= rules.MOST_QUESTIONS:
        raise errors.FormIsFull
    _check_files(form, question, question.kind)
    question.retired_at = None
    order = rules.placed(form.lines(), rules.Line(question.id, question.section))
    form.questions.append(question)
    _arrange(form, order)
    form.has_changed()
    log.info("question_restored", question=question.id, by=by.id)


def _meeting_of(question: Question) -> int:
    assert question.meeting_id is not None  # noqa: S101 - tells mypy: a template's questions are not edited
    return question.meeting_id


def _checked(
    form: OpenForm, plan: QuestionPlan, question: Question | None, *, is_answered: bool = False
) -> dict[str, Any]:
    """Return what the question becomes, once every rule agrees: a refusal leaves it as it was."""
    _check_visibility(form, plan)
    _check_files(form, question, plan.kind)
    known = question.options if question else []
    options = _options(known, plan, is_answered) if plan.kind in rules.WITH_OPTIONS else []
    if question:
        _check_dependents(form, question.id, plan, options)
    source, value = plan.shown_if or (None, "")
    return {
        **{name: getattr(plan, name) for name in PLAIN},
        "options": options,
        "shown_if_id": source,
        "shown_if_value": value,
    }


def _options(known: list[rules.Option], plan: QuestionPlan, is_answered: bool) -> list[rules.Option]:
    keys = {option["key"] for option in rules.offered(known)}
    labels_by_key = {key: label for key, label in plan.labels.items() if key in keys}
    options = rules.revised(known, labels_by_key, plan.new_options, keeps_removed=is_answered)
    labels = [option["label"] for option in rules.offered(options)]
    if len(labels) < 2:
        raise errors.OptionsAreMissing
    if len(labels) > rules.MOST_OPTIONS or len(options) > MOST_OPTIONS_KEPT:
        raise errors.TooManyOptions
    if any(len(label) > rules.LONGEST_OPTION for label in labels):
        raise errors.OptionIsTooLong
    if doubled := rules.first_doubled(labels):
        raise errors.OptionIsDoubled(doubled)
    return options


def _check_visibility(form: OpenForm, plan: QuestionPlan) -> None:
    source = form.find(plan.shown_if[0]) if plan.shown_if else None
    if plan.shown_if and (
        source is None or plan.shown_if[1] not in deciding_values(source.kind, source.options)
    ):
        raise errors.ConditionIsUnknown
    if plan.visibility == "desk" and plan.kind == "file":
        raise errors.FilesAreForTheOffice
    if source and source.visibility == "desk" and plan.visibility != "desk":
        raise errors.DesksAnswersAreNoCondition


def _check_files(form: OpenForm, question: Question | None, kind: str) -> None:
    others = sum(one.kind == "file" for one in form.questions if one is not question)
    if kind == "file" and others >= rules.MOST_FILES:
        raise errors.TooManyFileQuestions


def _check_dependents(
    form: OpenForm, question_id: int, plan: QuestionPlan, options: list[rules.Option]
) -> None:
    """Those that depend on the question still can, and are read by the same people."""
    values = deciding_values(plan.kind, options)
    for one in form.questions:
        if one.shown_if_id != question_id:
            continue
        if one.shown_if_value not in values:
            raise errors.AnotherQuestionDepends(one.label)
        if plan.visibility == "desk" and one.visibility != "desk":
            raise errors.DesksAnswersAreNoCondition


def deciding_values(kind: str, options: list[rules.Option]) -> set[str]:
    """Return the answers to a question of this kind that another one may wait for."""
    return {rules.YES, rules.NO} if kind == "yes_no" else {one["key"] for one in rules.offered(options)}


def _first_dependent(questions: Iterable[Question], source: Question) -> Question | None:
    return next((one for one in questions if one.shown_if_id == source.id), None)


def _refuse_too_early(form: OpenForm, order: Sequence[rules.Line], new_label: str = "") -> None:
    line = rules.too_early(order)
    if line is None:
        return
    question, source = form.find(line.id), form.find(line.shown_if_id or 0)
    if source is None:
        raise errors.ConditionIsUnknown
    raise errors.QuestionComesTooEarly(question.label if question else new_label, source.label)


def _arrange(form: OpenForm, order: Sequence[rules.Line]) -> None:
    known = {question.id: question for question in form.questions}
    for position, line in enumerate(order):
        known[line.id].position, known[line.id].section = position, line.section
