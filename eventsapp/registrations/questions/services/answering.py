"""Answers of a registration: written with it, changed later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, update

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, run, table_of
from eventsapp.registrations import places, rules
from eventsapp.registrations.errors import ChangeIsTooLate, RegistrationIsCancelled
from eventsapp.registrations.models import Answer, AnswerFile, Registration, RegistrationSetup
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.errors import FileIsGone, FormHasChanged
from eventsapp.registrations.services.history import record_event

_NEW_ANSWERS = insert(table_of(Answer))


def check_form(setup: RegistrationSetup, answers: GivenAnswers | None) -> None:
    """Raise FormHasChanged unless the answers are to the form as it is; None: nothing was asked."""
    if answers is not None and answers.form_version != setup.form_version:
        raise FormHasChanged


def write_answers(registration: Registration, answers: GivenAnswers | None) -> None:
    """A new registration has these answers, in one statement, and the files given with them."""
    if answers is None or not answers.values:
        return
    rows = [
        {"registration_id": registration.id, "question_id": question_id, "value": value}
        for question_id, value in answers.values.items()
    ]
    run(_NEW_ANSWERS, rows)
    _claim_files(registration, answers)


def change_answers(
    *, registration: Registration, answers: GivenAnswers, at: datetime, by: Account | None = None
) -> None:
    """The registration has these answers; those to retired questions stay. ``by`` an organiser, at any time."""
    held = places.hold(registration.meeting_id, ())
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    if by is None and not rules.may_change(held.meeting, at, held.setup.changes_close_at):
        raise ChangeIsTooLate
    check_form(held.setup, answers)
    if _has_replaced(registration, answers):
        _erase_orphans(registration, answers)
        registration.changed_at = at
        record_event(registration, "answers_changed", at=at, by=by)
    db.session.flush()


def _has_replaced(registration: Registration, answers: GivenAnswers) -> bool:
    known = {answer.question_id: answer for answer in queries.answers_under_lock(registration.id)}
    if {question_id: answer.value for question_id, answer in known.items()} == dict(answers.values):
        return False
    for question_id, value in answers.values.items():
        if question_id not in known:
            db.session.add(Answer(registration_id=registration.id, question_id=question_id, value=value))
        elif known[question_id].value != value:
            known[question_id].value = value
    for question_id in known.keys() - answers.values.keys():
        db.session.delete(known[question_id])
    _claim_files(registration, answers)
    return True


def _claim_files(registration: Registration, answers: GivenAnswers) -> None:
    if not answers.files:
        return
    claimed = db.session.execute(
        update(AnswerFile)
        .where(AnswerFile.id.in_(answers.files.values()), AnswerFile.registration_id.is_(None))
        .values(registration_id=registration.id, sender_key=""),
        execution_options={"synchronize_session": False},
    )
    if getattr(claimed, "rowcount", 0) != len(answers.files):
        raise FileIsGone


def _erase_orphans(registration: Registration, answers: GivenAnswers) -> None:
    """Files that no answer names any more are gone."""
    db.session.flush()
    named = [
        value["id"] for question, value in queries.answers_of(registration.id) if question.kind == "file"
    ]
    db.session.execute(
        delete(AnswerFile).where(AnswerFile.registration_id == registration.id, AnswerFile.id.not_in(named)),
        execution_options={"synchronize_session": False},
    )
