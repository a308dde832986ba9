"""How a message moves: queued → claimed → sending → sent, failed or doubtful. Each function, one transaction.

A claim is a lease: a worker that loses it (paused too long) can no longer mark, so cannot send.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, or_, select, update

from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.composing import Texts
from eventsapp.mail.journal import Journal, Verdict
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.purposes import resent_when_unsure

BATCH = 20
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
PATIENCE_WITH_OTHERS = timedelta(hours=1)  # another machine may come back with its journal

_table = OutgoingMail.__table__
assert isinstance(_table, Table)  # noqa: S101 - tells mypy
TABLE: Table = _table
C = TABLE.c

# Written once: this one runs for every message.
MARK_SENDING = (
    update(TABLE)
    .where(C.id == bindparam("mail_id"), C.lease == bindparam("our_lease"), C.state == "claimed")
    .where(C.lease_until > bindparam("instant"))
    .values(state="sending", attempts=C.attempts + 1, lease_until=bindparam("until"))
)
# What leaves is what the ledger holds: the same text goes if it must go again. The facts have served.
KEEP_TEXTS_AND_MARK = MARK_SENDING.values(
    body_text=bindparam("text"), body_html=bindparam("html"), calendar=bindparam("entry"), context=None
)


@dataclass(frozen=True)
class Change:
    """What becomes of one message of this lease."""

    mail_id: int
    values: dict[str, Any] = field(default_factory=dict)


def claim(lease: str, *, at: datetime, lasting: timedelta, limit: int = BATCH) -> list[Row[Any]]:
    """Take the most urgent due messages for this lease; nobody else gets them until it ends."""
    due = (
        select(TABLE)
        .where(C.state == "queued", C.due_at <= at)
        .order_by(C.priority, C.due_at, C.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
    )
    with unit_of_work():
        rows = list(db.session.execute(due).all())
        if rows:
            taken = update(TABLE).where(C.id.in_([row.id for row in rows]))
            db.session.execute(taken.values(state="claimed", lease=lease, lease_until=at + lasting))
    return rows


def mark_sending(
    mail_id: int,
    lease: str,
    *,
    at: datetime,
    lasting: timedelta,
    composed: Texts | None = None,
    settled: Iterable[Change] = (),
) -> bool:
    """Say that the text is about to leave, keep it, and settle earlier messages in the same transaction.

    ``composed`` is the text when it has just been made. False when the lease is lost (or the message withdrawn): then the text must not leave.
    """
    with unit_of_work():
        _apply(settled, lease)
        values = {"mail_id": mail_id, "our_lease": lease, "instant": at, "until": at + lasting}
        if composed is None:
            marked = db.session.execute(MARK_SENDING, values)
        else:
            marked = db.session.execute(KEEP_TEXTS_AND_MARK, values | _columns(composed))
        return bool(getattr(marked, "rowcount", 0))


def settle(changes: Iterable[Change], lease: str) -> None:
    """Write what became of these messages and give up the claim on them."""
    with unit_of_work():
        _apply(changes, lease)


def release(lease: str, *, reply: str | None = None) -> None:
    """Give back what was claimed and not begun; no attempt is counted."""
    values: dict[str, Any] = {"state": "queued", "lease": None, "lease_until": None}
    if reply is not None:
        values["server_reply"] = reply
    with unit_of_work():
        db.session.execute(update(TABLE).where(C.lease == lease, C.state == "claimed").values(values))


def _columns(texts: Texts) -> dict[str, Any]:
    return {"text": texts.body_text, "html": texts.body_html, "entry": texts.calendar}


def _apply(changes: Iterable[Change], lease: str) -> None:
    for change in changes:
        mine = update(TABLE).where(C.id == change.mail_id, C.lease == lease)
        db.session.execute(mine.values(lease=None, lease_until=None, **change.values))


# ---- what becomes of a message -----------------------------------------------------------------


def sent(at: datetime, reply: str | None) -> dict[str, Any]:
    return {"state": "sent", "sent_at": at, "server_reply": reply}


def refused(attempts: int, *, code: int, reply: str, at: datetime) -> dict[str, Any]:
    """After an answer that is not «accepted»: 5xx is final, 4xx is tried again later, six times."""
    if code >= 500:
        return {"state": "failed", "attempts": attempts, "server_reply": reply}
    return again_later(attempts, reply=reply, at=at)


def again_later(attempts: int, *, reply: str, at: datetime) -> dict[str, Any]:
    if attempts > len(BACK_OFF):
        return {"state": "failed", "attempts": attempts, "server_reply": reply}
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - so that a thousand do not come back together
    due_at = at + BACK_OFF[attempts - 1] * spread
    return {"state": "queued", "attempts": attempts, "due_at": due_at, "server_reply": reply}


def undecided(purpose: str, attempts: int, *, reply: str, at: datetime) -> dict[str, Any]:
    """Nobody can know whether it left: the purpose says what is worse."""
    if purpose in resent_when_unsure():
        return again_later(attempts, reply=reply, at=at)
    return {"state": "doubtful", "attempts": attempts, "server_reply": reply}


# ---- leases that ended -------------------------------------------------------------------------


def sweep(journal: Journal, *, at: datetime) -> bool:
    """Settle what crashed workers left, by what the journal says; return whether a message is due."""
    ended = and_(C.state.in_(("claimed", "sending")), C.lease_until < at)
    if _exists(ended):
        with unit_of_work():
            _reopen_claims(at)
            _settle_interrupted(journal, at)
    return _exists(and_(C.state == "queued", C.due_at <= at))


def _exists(condition: ColumnElement[bool]) -> bool:
    found = db.session.execute(select(C.id).where(condition).limit(1)).first()
    db.session.remove()  # SQLite: a transaction that has read cannot become the writer
    return found is not None


def _reopen_claims(at: datetime) -> None:
    ended = update(TABLE).where(C.state == "claimed", C.lease_until < at)
    db.session.execute(ended.values(state="queued", lease=None, lease_until=None))


def _settle_interrupted(journal: Journal, at: datetime) -> None:
    ours = C.lease.startswith(f"{journal.identity}:")
    interrupted = (
        select(C.id, C.purpose, C.attempts, C.lease, C.lease_until, ours.label("is_ours"))
        .where(C.state == "sending")
        .where(or_(and_(ours, C.lease_until < at), C.lease_until < at - PATIENCE_WITH_OTHERS))
        .with_for_update(skip_locked=True)
    )
    rows = db.session.execute(interrupted).all()
    verdicts = journal.verdicts((row.id, row.attempts) for row in rows if row.is_ours)
    for row in rows:
        values = _after_crash(verdicts.get(row.id, Verdict.UNKNOWN), row, at)
        _apply([Change(row.id, values)], row.lease)


def _after_crash(verdict: Verdict, row: Row[Any], at: datetime) -> dict[str, Any]:
    if verdict is Verdict.SENT:
        return sent(at, "250")
    if verdict is Verdict.NOT_SENT:
        return {"state": "queued"}
    return undecided(row.purpose, row.attempts, reply="interrupted", at=at)
