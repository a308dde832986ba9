"""From draft to published: each step is a fact with its author, and a published version is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from eventsapp.accounts.models import Account
from eventsapp.attendance.headings import file_name
from eventsapp.attendance.queries import everyone_expected, marks_of_meeting
from eventsapp.core.db import db, lock
from eventsapp.core.zones import local_day
from eventsapp.minutes import documents, mails
from eventsapp.minutes.checking import contacts_of
from eventsapp.minutes.errors import ContentCannotBePublished, ReasonIsMissing, StepIsImpossible
from eventsapp.minutes.models import Minutes, Publication
from eventsapp.minutes.queries import get_whole_minutes
from eventsapp.minutes.rules import canonical, fingerprint, may_become, reference_of
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import order_pdf
from eventsapp.pdf.wire import Attachment


def submit_for_review(minutes: Minutes, *, by: Account, at: datetime) -> None:
    """The minutes are read again before their approval; their text may still change."""
    _step(minutes, "in_review", by=by, at=at)


def approve_minutes(minutes: Minutes, note: str, *, by: Account, at: datetime) -> None:
    """The minutes are approved, by whom the note says; their text no longer changes."""
    held = _step(minutes, "approved", by=by, at=at)
    held.approved_at, held.approved_by_id, held.approval_note = at, by.id, note


def resume_writing(minutes: Minutes, *, by: Account, at: datetime) -> None:
    """The text may change again; what was published stays as it is."""
    held = _step(minutes, "draft", by=by, at=at)
    held.approved_at = held.approved_by_id = None
    held.approval_note = ""


def publish_minutes(minutes: Minutes, reason: str, *, issuer: str, by: Account, at: datetime) -> Publication:
    """A version of the minutes is public: frozen, numbered, with its fingerprint, and its PDF ordered.

    A correction says why. Refused while an e-mail address or a phone number is in the text.
    """
    held = _step(minutes, "published", by=by, at=at)
    content = draft_content(held, reason, issuer=issuer, at=at)
    if content["number"] > 1 and not reason:
        raise ReasonIsMissing
    if contacts_of(content) or not content["items"]:
        raise ContentCannotBePublished
    sha256 = fingerprint(content)
    publication = Publication(
        minutes_id=held.id,
        number=content["number"],
        reference=content["reference"],
        reason=reason,
        content=content,
        content_sha256=sha256,
        pdf_order_id=_order(content, sha256, at=at).id,
        published_at=at,
        published_by_id=by.id,
    )
    db.session.add(publication)
    db.session.flush()
    return publication


def draft_content(minutes: Minutes, reason: str, *, issuer: str, at: datetime) -> dict[str, Any]:
    """Return what the next version would freeze, as things stand now."""
    whole = get_whole_minutes(minutes.meeting_id)
    meeting = whole.meeting
    number = max((publication.number for publication in whole.publications), default=0) + 1
    year = local_day(meeting.starts_at, meeting.time_zone).year
    return documents.content_of(
        whole,
        everyone_expected(meeting.id),
        marks_of_meeting(meeting.id),
        issuer=issuer,
        reference=reference_of(year, whole.id, number),
        number=number,
        reason=reason,
        at=at,
    )


def announce_publication(publication: Publication, *, at: datetime) -> int:
    """Everybody expected at the meeting is told of this version, once each; return how many are."""
    minutes = publication.minutes
    return mails.queue_minutes_published(
        minutes.meeting, publication, everyone_expected(minutes.meeting_id), at=at
    )


def _step(minutes: Minutes, target: str, *, by: Account, at: datetime) -> Minutes:
    held = lock(Minutes, minutes.id)
    if not may_become(held.state, target):
        raise StepIsImpossible
    held.state, held.changed_at, held.changed_by_id = target, at, by.id
    return held


def _order(content: Mapping[str, Any], sha256: str, *, at: datetime) -> PdfOrder:
    meeting = content["meeting"]
    day = local_day(datetime.fromisoformat(meeting["starts_at"]), meeting["time_zone"])
    source = Attachment(
        name=f"{content['reference']}.json",
        content=canonical(content),
        mime="application/json",
        description="Contenu de cette version, dont l’empreinte est imprimée",
    )
    return order_pdf(
        purpose="minutes",
        title=f"{content['reference']} : {meeting['title']}",
        filename=file_name(day, meeting["city"], f"compte-rendu_v{content['number']}"),
        html=documents.publication_html(content, sha256),
        reuse_key=f"publication:{content['reference']}",
        attachments=[source],
        at=at,
    )
