"""Files given as answers, before a registration claims them."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsapp.core.db import db, lock
from eventsapp.core.files import recognise_file, safe_name
from eventsapp.registrations.models import AnswerFile, Question
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.errors import FileIsTooLarge, TooManyFilesWait

MOST_BYTES = 5 * 1024 * 1024
MOST_WAITING = 100  # for one question within an hour: nobody fills the disk by not registering
WAITING_COUNTED = timedelta(hours=1)


def receive_file(*, question_id: int, filename: str, content: bytes, at: datetime) -> AnswerFile:
    """The file is kept for a day, until a registration claims it; it is what its content says it is."""
    if len(content) > MOST_BYTES:
        raise FileIsTooLarge
    lock(Question, question_id)
    if queries.count_waiting_files(question_id, since=at - WAITING_COUNTED) >= MOST_WAITING:
        raise TooManyFilesWait
    file = AnswerFile(
        question_id=question_id,
        filename=safe_name(filename),
        media_type=recognise_file(content, filename),
        content=content,
        uploaded_at=at,
    )
    db.session.add(file)
    db.session.flush()
    return file
