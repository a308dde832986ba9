"""Ordering a document, and the worker's side: claim, render outside any transaction, settle."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slugify import slugify
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from eventsapp.core.db import db, savepoint, unit_of_work
from eventsapp.core.i18n import _
from eventsapp.pdf.errors import DocumentRefused, PdfError, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.sandbox import Sandbox
from eventsapp.pdf.wire import Attachment, Job, Rendered

LEASE = timedelta(minutes=5)
PAUSE_BEFORE_RETRY = timedelta(seconds=20)
ATTEMPTS = 3

log = structlog.get_logger()
sandbox = Sandbox()


def order_pdf(
    *,
    purpose: str,
    title: str,
    filename: str,
    html: str,
    at: datetime,
    requested_by: int | None = None,
    reuse_key: str | None = None,
    keep_days: int | None = None,
    attachments: Sequence[Attachment] = (),
    images: Sequence[Attachment] = (),
) -> PdfOrder:
    """The document is ordered in the present transaction; the worker makes it within seconds.

    `html` extends layouts/document.html. `requested_by` (an account's id) restricts the document to that
    account, at an address of the slice that ordered it, which checks each time what the account may see
    (`get_restricted_order`); without it whoever has the address reads it. With a `reuse_key` the same document ordered
    twice is one order: put in the key whatever changes the content. `images` are found as `app:<name>`.
    """
    if reuse_key and requested_by is not None:
        reuse_key = f"{reuse_key}:account:{requested_by}"
    if reuse_key and (known := _known_order(reuse_key)):
        return _take_up_again(known, html, at) if known.has_failed else known
    order = PdfOrder(
        token=secrets.token_urlsafe(32),
        purpose=purpose,
        title=title[:300],
        filename=safe_filename(filename),
        html=html,
        attachments=_as_json(attachments),
        images=_as_json(images),
        reuse_key=reuse_key,
        restricted_to_account_id=requested_by,
        ordered_at=at,
        expires_at=None if keep_days is None else at + timedelta(days=keep_days),
    )
    return _insert(order)


def retry_order(order: PdfOrder, *, at: datetime) -> PdfOrder:
    """A failed document is ordered again, with all its attempts."""
    return _take_up_again(order, order.html, at) if order.has_failed else order


def erase_expired_documents(*, at: datetime) -> None:
    """Documents past their time are gone, content and source."""
    db.session.execute(delete(PdfOrder).where(PdfOrder.expires_at <= at))


def safe_filename(name: str) -> str:
    """Return a name every system accepts: plain letters, digits, - and _, then .pdf."""
    stem = slugify(name.removesuffix(".pdf"), regex_pattern=r"[^a-z0-9_-]+", max_length=110)
    return f"{stem or 'document'}.pdf"


def _known_order(reuse_key: str) -> PdfOrder | None:
    return db.session.scalar(select(PdfOrder).where(PdfOrder.reuse_key == reuse_key))


def _insert(order: PdfOrder) -> PdfOrder:
    try:
        with savepoint():
            db.session.add(order)
    except IntegrityError:
        # Another transaction ordered the same document in between: theirs it is.
        if order.reuse_key and (known := _known_order(order.reuse_key)):
            return known
        raise
    return order


def _take_up_again(order: PdfOrder, html: str, at: datetime) -> PdfOrder:
    order.html, order.state, order.error = html, "ordered", None
    order.attempts, order.lease_until, order.ordered_at = 0, None, at
    db.session.flush()
    return order


def _as_json(files: Iterable[Attachment]) -> list[dict[str, str]] | None:
    return [file.as_json() for file in files] or None


# -- the worker's side --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Claim:
    """An order in hand. `attempt` is its fence: whoever lost the lease can no longer settle it."""

    order_id: int
    attempt: int
    job: Job


def render_due_orders(at: datetime, limit: int) -> int:
    """Make up to `limit` documents that are due; returns how many left the queue, ready or failed."""
    started, settled = time.monotonic(), 0
    for _turn in range(limit):
        present = at + timedelta(seconds=time.monotonic() - started)
        claim = _claim_next(present)
        if claim is None:
            break
        outcome = _render(claim.job)
        finished = at + timedelta(seconds=time.monotonic() - started)
        settled += _settle(claim, outcome, finished)
    return settled


def _claim_next(at: datetime) -> _Claim | None:
    with unit_of_work():
        while order := _next_due(at):
            if order.attempts < ATTEMPTS:
                return _take(order, at)
            # Its worker died each time, with no chance to say why.
            _fail(
                order,
                _("Le document n’a pas pu être préparé : sa préparation a été interrompue plusieurs fois."),
            )
    return None


def _next_due(at: datetime) -> PdfOrder | None:
    return db.session.scalar(
        select(PdfOrder)
        .where(PdfOrder.state.in_(("ordered", "rendering")))
        .where(or_(PdfOrder.lease_until.is_(None), PdfOrder.lease_until <= at))
        .order_by(PdfOrder.ordered_at, PdfOrder.id)
        .limit(1)
        .options(undefer(PdfOrder.html), undefer(PdfOrder.attachments), undefer(PdfOrder.images))
        .with_for_update(skip_locked=True)
    )


def _take(order: PdfOrder, at: datetime) -> _Claim:
    order.state, order.lease_until, order.attempts = "rendering", at + LEASE, order.attempts + 1
    job = Job(order.html, order.ordered_at, _from_json(order.attachments), _from_json(order.images))
    return _Claim(order.id, order.attempts, job)


def _from_json(files: list[dict[str, str]] | None) -> list[Attachment]:
    return [Attachment.from_json(file) for file in files or ()]


def _render(job: Job) -> Rendered | PdfError:
    try:
        return sandbox.render(job)
    except PdfError as error:
        return error


def _settle(claim: _Claim, outcome: Rendered | PdfError, at: datetime) -> int:
    """Write how it went; returns 1 when the order left the queue."""
    with unit_of_work():
        order = _still_ours(claim)
        if order is None:
            log.warning("pdf_lease_lost", order=claim.order_id, attempt=claim.attempt)
            return 0
        if isinstance(outcome, Rendered):
            _deliver(order, outcome, at)
            return 1
        log.warning("pdf_not_made", order=order.id, purpose=order.purpose, reason=str(outcome)[:200])
        if isinstance(outcome, DocumentRefused) or order.attempts >= ATTEMPTS:
            _fail(order, reason_of(outcome))
            return 1
        order.state, order.lease_until = "ordered", at + PAUSE_BEFORE_RETRY
        return 0


def _still_ours(claim: _Claim) -> PdfOrder | None:
    return db.session.scalar(
        select(PdfOrder)
        .where(PdfOrder.id == claim.order_id, PdfOrder.attempts == claim.attempt)
        .where(PdfOrder.state == "rendering")
        .with_for_update()
    )


def _deliver(order: PdfOrder, rendered: Rendered, at: datetime) -> None:
    order.content, order.page_count = rendered.content, rendered.page_count
    order.byte_count, order.sha256 = len(rendered.content), hashlib.sha256(rendered.content).hexdigest()
    order.state, order.ready_at, order.lease_until = "ready", at, None


def _fail(order: PdfOrder, reason: str) -> None:
    order.state, order.error, order.lease_until = "failed", reason[:500], None
    db.session.flush()


def reason_of(error: PdfError) -> str:
    """Tell in French why a document could not be made, and what to do."""
    if isinstance(error, UnsupportedCharacter):
        return _(
            "Ce document contient des caractères que ses polices ne dessinent pas : %(characters)s. Remplacez-les dans le texte ou la fiche d’origine, puis demandez de nouveau le document.",
            characters=", ".join(error.characters[:10]),
        )
    if isinstance(error, ResourceRefused):
        return _(
            "Ce document appelle un fichier ou une image extérieurs, ce qui est refusé. Retirez-le du texte d’origine, puis demandez de nouveau le document."
        )
    if isinstance(error, DocumentRefused):
        return _(
            "Le contenu de ce document ne permet pas d’en faire un PDF. Simplifiez la mise en forme du texte d’origine, puis demandez de nouveau le document."
        )
    return _(
        "La préparation de ce document a été arrêtée : il est trop long ou trop lourd. Réessayez ; si cela se répète, réduisez-le."
    )
