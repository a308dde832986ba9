"""Answers and files past their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, select

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Answer, AnswerFile, Question

UNCLAIMED_KEPT = timedelta(hours=24)


def erase_old_answers(*, at: datetime) -> int:
    """Answers kept for a number of days after their meeting are gone, with their files, and files that no
    registration claimed within a day; return how many rows."""
    number = _erase(
        delete(AnswerFile).where(
            AnswerFile.registration_id.is_(None), AnswerFile.uploaded_at < at - UNCLAIMED_KEPT
        )
    )
    for days in db.session.scalars(
        select(Question.keep_days).where(Question.keep_days.is_not(None)).distinct()
    ):
        over = (
            select(Question.id)
            .join(Meeting, Meeting.id == Question.meeting_id)
            .where(Question.keep_days == days, Meeting.ends_at < at - timedelta(days=days or 0))
        )
        number += sum(_erase(delete(kind).where(kind.question_id.in_(over))) for kind in (Answer, AnswerFile))
    return number


def _erase(statement: Delete) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))
