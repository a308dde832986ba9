"""Files given as answers, before a registration claims them."""

from __future__ import annotations

from datetime import datetime

from eventsapp.core.db import db, lock
from eventsapp.core.files import recognise_file, safe_name
from eventsapp.registrations.models import AnswerFile, Question
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.errors import FileIsTooLarge, TooManyFilesOfYours, TooManyFilesWait

MOST_BYTES = 5 * 1024 * 1024
ONE_SENDER = 10  # a tenth of the room is what files of one network address may take


def receive_file(
    *, question_id: int, filename: str, content: bytes, sender_key: str, room: int, at: datetime
) -> AnswerFile:
    """The file is kept for a day, until a registration claims it; it is what its content says it is.

    All that wait take ``room`` bytes at most, however long ago they came: nobody fills the disk by not registering.
    Raises FileIsTooLarge, TooManyFilesOfYours, TooManyFilesWait, FileIsNotAccepted.
    """
    if len(content) > MOST_BYTES:
        raise FileIsTooLarge
    lock(Question, question_id)
    everybodys, theirs = queries.bytes_waiting(sender_key)
    taken = max(len(content), queries.LEAST_COUNTED)
    if theirs + taken > room // ONE_SENDER:
        raise TooManyFilesOfYours
    if everybodys + taken > room:
        raise TooManyFilesWait
    file = AnswerFile(
        question_id=question_id,
        filename=safe_name(filename),
        media_type=recognise_file(content, filename),
        content=content,
        size=len(content),
        sender_key=sender_key,
        uploaded_at=at,
    )
    db.session.add(file)
    db.session.flush()
    return file
