"""The way in: a message is a row, written in the transaction of what caused it.

The row keeps facts; the worker makes the text of them (mail/composing.py, docs/adr/0008).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import Executable, update
from sqlalchemy.dialects import postgresql, sqlite

from eventsapp.core.db import db, run, table_of
from eventsapp.core.i18n import speaking
from eventsapp.core.keys import email_key
from eventsapp.core.prepared import Prepared
from eventsapp.mail.calendar import CalendarEntry
from eventsapp.mail.composing import kept_context, render, texts_of
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.purposes import PURPOSES

QUEUED_IN_THIS_TRANSACTION = "mail_queued"  # in session.info; the worker's hint reads it after the commit
_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")  # the no-break space stays


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be: one person, one occasion, a template and the plain facts that it shows.

    ``about`` lists it beside its cause ("meeting:12"); ``territory_code`` (INSEE code of the région) lets
    the organisers of that région see it. ``calendar`` is the entry that goes with the message.
    """

    purpose: str
    recipient: str
    occasion: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    locale: str = "fr"
    recipient_name: str = ""
    reply_to: str | None = None
    calendar: CalendarEntry | None = None
    unsubscribe_url: str | None = None
    about: str | None = None
    territory_code: str | None = None
    due_at: datetime | None = None
    priority: int | None = None  # the purpose's own, unless said


def queue_mail(*, at: datetime, **draft: Any) -> OutgoingMail | None:
    """Write one message (fields of ``Draft``) in the current transaction; None when that occasion has one.

    A message says what was true when its cause happened: the facts are kept now. The worker makes the
    text of them, in the recipient's language, from templates/<template>/{body.txt,body.html}; only the
    subject, which lists show, is made at once. Raises FactIsNotPlain.
    """
    added = _insert([_row(Draft(**draft), at)])
    return db.session.get_one(OutgoingMail, added[0]) if added else None


def hand_in(draft: Draft, *, at: datetime) -> None:
    """Like ``queue_mail`` for who need not know whether that occasion had its message: no answer is waited for."""
    _new_only(db.engine.dialect.name).ahead(_row(draft, at))
    db.session.info[QUEUED_IN_THIS_TRANSACTION] = True


def queue_mails(drafts: Sequence[Draft], *, at: datetime) -> int:
    """Write many messages with one statement; return how many are new."""
    return len(_insert([_row(draft, at) for draft in drafts]))


def cancel_mail(
    *,
    purpose: str,
    recipient: str | None = None,
    about: str | None = None,
    occasion: str | None = None,
) -> int:
    """Withdraw the messages of that purpose that have not left; return how many.

    Narrow by recipient, by ``about``, or (with a recipient) by what the occasion begins with. The
    occasion stays used: the same message cannot be queued again.
    """
    if recipient is None and about is None:
        raise ValueError("cancel_mail needs a recipient or about")
    mail = OutgoingMail
    statement = update(mail).where(mail.purpose == purpose, mail.state.in_(("queued", "claimed")))
    if about is not None:
        statement = statement.where(mail.about == about)
    if recipient is not None:
        beginning = occasion_key(purpose, recipient, occasion or "")
        statement = statement.where(mail.occasion_key.startswith(beginning, autoescape=True))
    result = db.session.execute(statement.values(state="cancelled", lease=None, lease_until=None))
    return int(getattr(result, "rowcount", 0))


def preview_mail(draft: Draft) -> dict[str, str]:
    """Return the texts that the message would have (subject, body_text, body_html); nothing is queued."""
    texts = texts_of(draft.template, draft.locale, kept_context(draft.context, draft.calendar))
    return {"subject": _subject(draft), "body_text": texts.body_text, "body_html": texts.body_html}


def occasion_key(purpose: str, recipient: str, occasion: str) -> str:
    """Return the key that makes a message unique; it names no address."""
    person = hashlib.blake2s(email_key(recipient).encode(), digest_size=10).hexdigest()
    return f"{purpose}:{person}:{occasion}"


def _row(draft: Draft, at: datetime) -> dict[str, Any]:
    if draft.purpose not in PURPOSES:
        raise ValueError(f"unknown purpose {draft.purpose!r}: add it to eventsapp/mail/purposes.py")
    return {
        "occasion_key": occasion_key(draft.purpose, draft.recipient, draft.occasion),
        "purpose": draft.purpose,
        "recipient": draft.recipient.strip(),
        "recipient_name": _one_line(draft.recipient_name)[:200],
        "reply_to": draft.reply_to,
        "subject": _subject(draft),
        "template": draft.template,
        "locale": draft.locale,
        "context": kept_context(draft.context, draft.calendar),
        "body_text": "",
        "body_html": "",
        "calendar_method": draft.calendar.method if draft.calendar else None,
        "unsubscribe_url": draft.unsubscribe_url,
        "about": draft.about,
        "territory_code": draft.territory_code,
        "priority": draft.priority or PURPOSES[draft.purpose].priority,
        "state": "queued",
        "attempts": 0,
        "queued_at": at,
        "due_at": draft.due_at or at,
        "message_id": f"<{uuid4().hex}@{current_app.config['MAIL_SENDER'].rpartition('@')[2]}>",
    }


def _subject(draft: Draft) -> str:
    with speaking(draft.locale):
        return _one_line(render(draft.template, "subject.txt", draft.context, draft.locale))[:300]


def _one_line(text: str) -> str:
    return " ".join(_BREAKS.split(text)).strip()


def _insert(rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    added = run(_new_only_told(db.engine.dialect.name), rows[0] if len(rows) == 1 else rows)
    db.session.info[QUEUED_IN_THIS_TRANSACTION] = True
    return list(added.scalars())


@cache  # built once: a registration waits for it under its lock
def _new_only(dialect: str) -> Prepared:
    return Prepared(_insert_unless_there(dialect))


@cache
def _new_only_told(dialect: str) -> Executable:
    return _insert_unless_there(dialect).returning(OutgoingMail.id)


def _insert_unless_there(dialect: str) -> sqlite.Insert | postgresql.Insert:
    table = table_of(OutgoingMail)
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return statement.inline().on_conflict_do_nothing(index_elements=["occasion_key"])
