"""How the pages of a registration read the answers posted from page to page."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, request, send_file
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.db import keep_changes_of_this_refusal, read_only
from eventsapp.core.limits import home_of
from eventsapp.core.security import MOST_TEXT
from eventsapp.core.signing import keyed_digest
from eventsapp.registrations.models import AnswerFile, Question, Registration
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.errors import FormHasChanged
from eventsapp.registrations.questions.forms.asked import VERSION, AskedForm, asked_form
from eventsapp.registrations.questions.rules import MOST_FILES
from eventsapp.registrations.questions.services.files import MOST_BYTES, receive_file

MOST_SENT = MOST_FILES * MOST_BYTES + 2 * MOST_TEXT  # bytes: files, the other fields, what separates them
MEGABYTE = 1024 * 1024
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


def take_files(bp: Blueprint) -> None:
    """Let the pages of this blueprint receive every file that a form may ask for, whatever the site's own limit.

    Said before any field is read: afterwards the request would have been refused, and every answer with it.
    """

    @bp.url_value_preprocessor
    def raise_limit(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        request.max_content_length = max(request.max_content_length or 0, MOST_SENT)


def read_only_without_files() -> None:
    """A page that only shows the next one reads beside the writers, unless files came with it."""
    if not any(file.filename for _name, file in request.files.items(multi=True)):
        read_only()


def asked_so_far(
    questions: Sequence[Question],
    values: Mapping[int, Any] | None = None,
    *,
    by_office: bool = False,
    is_new: bool = False,
) -> AskedForm:
    """Return the form of these questions with what was posted; the files sent are kept for a day."""
    form = asked_form(questions, values, is_sent=True, by_office=by_office, is_new=is_new)
    form.receive(_receive)
    return form


def answers_sent(meeting_id: int) -> GivenAnswers | None:
    """Return the answers of the last page, or None when one is to be corrected.

    Nothing is looked for when the page was of a form without questions: the service compares versions.
    """
    version = version_sent()
    if version == 0:
        return GivenAnswers()
    form = asked_form(queries.live_questions(meeting_id), is_sent=True)
    return form.given(version) if form.is_complete() else None


def is_complete_for(form: AskedForm, form_version: int) -> bool:
    """Check the answers to this version of the form; those to another are shown again, with what changed."""
    if version_sent() == form_version:
        return form.is_complete()
    form.validate()
    form.refuse(FormHasChanged())
    return False


def version_sent() -> int:
    """Return the version of the form that was answered; 0 for one without questions."""
    text = request.form.get(VERSION, "")
    return int(text) if _VERSION.fullmatch(text) else 0


def known_values(registration_id: int) -> dict[int, Any]:
    """Return what a registration answers to the questions still asked."""
    found = queries.answers_of(registration_id)
    return {question.id: value for question, value in found if question.retired_at is None}


def sent_file(registration: Registration, file_id: int) -> Response:
    """Send a file of the registration as a download: a browser that would show it could be made to run it."""
    file = queries.get_file(registration.id, file_id)
    return send_file(
        io.BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.filename
    )


def _receive(question_id: int, filename: str, content: bytes) -> AnswerFile:
    file = receive_file(
        question_id=question_id,
        filename=filename,
        content=content,
        sender_key=_sender_key(),
        room=current_app.config["WAITING_FILES_MEGABYTES"] * MEGABYTE,
        at=now(),
    )
    keep_changes_of_this_refusal()  # the page may come back for another answer: the file need not be sent again
    return file


def _sender_key() -> str:
    """Return a mark of the network address that tells it from others, and not what it is."""
    home = home_of(request.remote_addr or "unknown")
    return keyed_digest(f"sender of a file: {home}").hex()[:20]
