"""Reads of questions, answers and files. Each says what it loads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import undefer

from eventsapp.core.db import db
from eventsapp.registrations.models import (
    ENDED_STATES,
    Answer,
    AnswerFile,
    FormTemplate,
    Question,
    Registration,
)
from eventsapp.registrations.questions.rules import NO, YES

MOST_TEMPLATES = 200
LEAST_COUNTED = 100_000  # bytes
MOST_COUNTED = 1000  # answers to one question, on the page of the form

Answered = tuple[Question, Any]

_LIVE = (
    select(Question)
    .where(Question.meeting_id == bindparam("meeting_id"), Question.retired_at.is_(None))
    .order_by(Question.position, Question.id)
)


def live_questions(meeting_id: int, *, is_fresh: bool = False) -> Sequence[Question]:
    """Return the questions that the meeting's form asks, in their order: one statement.

    ``is_fresh``: read anew what this transaction had read before it held the meeting.
    """
    options = {"populate_existing": is_fresh}
    return db.session.scalars(_LIVE, {"meeting_id": meeting_id}, execution_options=options).all()


def every_question(meeting_id: int) -> Sequence[Question]:
    """Return the questions of the meeting in their order, those retired last: one statement."""
    return db.session.scalars(
        select(Question).where(Question.meeting_id == meeting_id).order_by(*_ORDER)
    ).all()


def get_question(meeting_id: int, question_id: int) -> Question:
    """Return a question of the meeting, retired or not; NoResultFound (404) when it is of another."""
    return db.session.scalars(_question(meeting_id, question_id)).one()


def find_question(meeting_id: int, question_id: int) -> Question | None:
    """Return a question of the meeting, retired or not, if it has that one."""
    return db.session.scalars(_question(meeting_id, question_id)).one_or_none()


def _question(meeting_id: int, question_id: int) -> Select[Question]:
    return select(Question).where(Question.id == question_id, Question.meeting_id == meeting_id)


def has_answers(question_id: int) -> bool:
    """Tell whether somebody has answered the question."""
    return db.session.scalar(select(Answer.id).where(Answer.question_id == question_id).limit(1)) is not None


def answer_counts(questions: Sequence[Question]) -> Mapping[int, int]:
    """Return how many answers each question has, none counted past MOST_COUNTED: one statement, bounded
    however many people registered."""
    if not questions:
        return {}
    counted = [_counted(question.id) for question in questions]
    numbers = db.session.execute(select(*counted)).one()
    return {question.id: number for question, number in zip(questions, numbers, strict=True)}


def respondents(question_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many expected people answered each of these questions: one statement."""
    statement = select(Answer.question_id, func.count()).join(
        Registration, Registration.id == Answer.registration_id
    )
    expected = Answer.question_id.in_(question_ids), Registration.state.not_in(ENDED_STATES)
    rows = db.session.execute(statement.where(*expected).group_by(Answer.question_id))
    return {int(question_id): int(number) for question_id, number in rows}


def chosen_options(question_ids: Collection[int]) -> Mapping[tuple[int, str], int]:
    """Return how many expected people chose each option of these questions, YES and NO being options too: one
    statement."""
    chosen = _each_value()
    statement = (
        select(Answer.question_id, Question.kind, chosen, func.count())
        .select_from(Answer)
        .join(Question, Question.id == Answer.question_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .join(chosen.table, literal(True))
        .where(Answer.question_id.in_(question_ids), Registration.state.not_in(ENDED_STATES))
        .group_by(Answer.question_id, Question.kind, chosen)
    )
    return {
        (question_id, _option(kind, str(value))): number
        for question_id, kind, value, number in db.session.execute(statement)
    }


def _each_value() -> Any:
    """The values of an answer one by one: its options, or itself when it is no list."""
    if db.engine.dialect.name == "sqlite":
        return func.json_each(Answer.value).table_valued("value").c.value
    alone = func.json_build_array(Answer.value)
    values = case((Question.kind == "choices", Answer.value), else_=alone)
    return func.json_array_elements_text(values).table_valued("value").render_derived().c.value


def _option(kind: str, value: str) -> str:
    if kind != "yes_no":
        return value
    return YES if value in ("1", "true") else NO  # as SQLite and PostgreSQL write it


def largest_communes(question_ids: Collection[int], most: int) -> list[tuple[int, str, int]]:
    """Return (question, commune, people) for the communes that most expected people answered: one statement."""
    name, number = Answer.value["name"].as_string().label("commune"), func.count().label("people")
    counted = (
        select(Answer.question_id, name, number)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(Answer.question_id.in_(question_ids), Registration.state.not_in(ENDED_STATES))
        .group_by(Answer.question_id, name)
        .subquery()
    )
    largest_first = (counted.c.people.desc(), counted.c.commune)
    rank = func.row_number().over(partition_by=counted.c.question_id, order_by=largest_first).label("rank")
    ranked = select(counted, rank).subquery()
    statement = select(ranked.c.question_id, ranked.c.commune, ranked.c.people).where(ranked.c.rank <= most)
    rows = db.session.execute(statement.order_by(ranked.c.question_id, ranked.c.rank))
    return [(question_id, label, people) for question_id, label, people in rows]


def _counted(question_id: int) -> Any:
    some = select(literal(1)).where(Answer.question_id == question_id).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


# --- Answers ---------------------------------------------------------------------------------------


def answers_of(registration_id: int) -> list[Answered]:
    """Return what one registration answered, in the order of the form, retired questions last: one statement."""
    return [(question, value) for _id, question, value in db.session.execute(_answered([registration_id]))]


def form_of(registration: Registration) -> list[Answered]:
    """Return the questions asked of a registration, each with its answer or None, then those retired that it
    answered: one statement."""
    its = and_(Answer.question_id == Question.id, Answer.registration_id == registration.id)
    statement = (
        select(Question, Answer.value)
        .outerjoin(Answer, its)
        .where(Question.meeting_id == registration.meeting_id)
        .where(or_(Question.retired_at.is_(None), Answer.id.is_not(None)))
        .order_by(*_ORDER)
    )
    return [(question, value) for question, value in db.session.execute(statement)]


def desk_answers(registration_ids: Collection[int]) -> Mapping[int, list[Answered]]:
    """Return what these registrations answered for the reception desk only: one statement."""
    statement = _answered(registration_ids).where(Question.visibility == "desk")
    found: dict[int, list[Answered]] = {}
    for registration_id, question, value in db.session.execute(statement):
        found.setdefault(registration_id, []).append((question, value))
    return found


def answers_under_lock(registration_id: int) -> Sequence[Answer]:
    """Return the answers of one registration to the questions still asked, to be changed."""
    live = select(Question.id).where(Question.retired_at.is_(None))
    statement = select(Answer).where(Answer.registration_id == registration_id, Answer.question_id.in_(live))
    return db.session.scalars(statement).all()


_ORDER = (Question.retired_at.is_not(None), Question.position, Question.id)


def _answered(registration_ids: Collection[int]) -> Select[int, Question, Any]:
    return (
        select(Answer.registration_id, Question, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.registration_id.in_(registration_ids))
        .order_by(*_ORDER)
    )


# --- Files -----------------------------------------------------------------------------------------


def waiting_file(file_id: int, question_id: int) -> AnswerFile | None:
    """Return a file received for the question that belongs to no registration yet, without its content."""
    statement = select(AnswerFile).where(
        AnswerFile.id == file_id, AnswerFile.question_id == question_id, AnswerFile.registration_id.is_(None)
    )
    return db.session.scalar(statement)


def bytes_waiting(sender_key: str) -> tuple[int, int]:
    """Return how many bytes the files that belong to no registration take, and those of this sender: one statement.

    A small one counts for LEAST_COUNTED: a row is not free either.
    """
    size = case((AnswerFile.size < LEAST_COUNTED, LEAST_COUNTED), else_=AnswerFile.size)
    theirs = case((AnswerFile.sender_key == sender_key, size), else_=0)
    statement = select(func.coalesce(func.sum(size), 0), func.coalesce(func.sum(theirs), 0))
    everybodys, of_sender = db.session.execute(statement.where(AnswerFile.registration_id.is_(None))).one()
    return int(everybodys), int(of_sender)


def get_file(registration_id: int, file_id: int) -> AnswerFile:
    """Return a file of this registration with its content; NoResultFound (404) for any other."""
    statement = select(AnswerFile).where(
        AnswerFile.id == file_id, AnswerFile.registration_id == registration_id
    )
    return db.session.scalars(statement.options(undefer(AnswerFile.content))).one()


# --- Templates -------------------------------------------------------------------------------------


def list_templates() -> Sequence[tuple[FormTemplate, int]]:
    """Return the templates by title, each with its number of questions, bounded: one statement."""
    statement = (
        select(FormTemplate, func.count(Question.id))
        .outerjoin(Question, Question.template_id == FormTemplate.id)
        .group_by(FormTemplate.id)
        .order_by(FormTemplate.title)
        .limit(MOST_TEMPLATES)
    )
    return [(template, number) for template, number in db.session.execute(statement)]


def get_template(template_id: int) -> FormTemplate:
    """Return the template; NoResultFound (404) when there is none."""
    return db.session.get_one(FormTemplate, template_id)


def is_title_taken(title: str, *, other_than: int | None = None) -> bool:
    """Tell whether a template, this one aside, has the title."""
    found = db.session.scalar(select(FormTemplate.id).where(FormTemplate.title == title))
    return found is not None and found != other_than


def template_questions(template_id: int) -> Sequence[Question]:
    """Return the questions of the template in their order: one statement."""
    statement = select(Question).where(Question.template_id == template_id).order_by(*_ORDER)
    return db.session.scalars(statement).all()
