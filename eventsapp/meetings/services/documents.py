"""Files and links attached to a meeting."""

from __future__ import annotations

from datetime import datetime

import structlog

from eventsapp.core.db import db
from eventsapp.core.files import recognise_file, safe_name
from eventsapp.core.permissions import Actor
from eventsapp.meetings.errors import DocumentIsNeitherFileNorLink, DocumentTitleIsTaken
from eventsapp.meetings.models import Document, Meeting
from eventsapp.meetings.plans import DocumentPlan

log = structlog.get_logger()


def add_document(meeting: Meeting, plan: DocumentPlan, *, by: Actor, at: datetime) -> Document:
    """The document is attached; a file is what its content says, whatever its name claims."""
    if bool(plan.url) == bool(plan.filename):
        raise DocumentIsNeitherFileNorLink
    if any(known.title.casefold() == plan.title.casefold() for known in meeting.documents):
        raise DocumentTitleIsTaken
    document = Document(title=plan.title, credit=plan.credit, visibility=plan.visibility, added_at=at)
    if plan.filename:
        document.media_type = recognise_file(plan.content, plan.filename)
        document.filename, document.content = safe_name(plan.filename), plan.content
    else:
        document.url = plan.url
    meeting.documents.append(document)
    db.session.flush()
    log.info("document_added", meeting=meeting.id, document=document.id, by=by.id)
    return document


def remove_document(meeting: Meeting, document: Document, *, by: Actor) -> None:
    """The document is no longer attached nor kept."""
    meeting.documents.remove(document)
    db.session.flush()
    log.info("document_removed", meeting=meeting.id, document=document.id, by=by.id)
