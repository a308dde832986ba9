"""What a person, or time, decides about messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from eventsapp.core.db import db, lock
from eventsapp.mail.errors import MailHasLeft, MailIsNotStopped, MailTextIsErased
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.outbox import QUEUED_IN_THIS_TRANSACTION

TEXT_IS_KEPT = timedelta(days=90)
ROW_IS_KEPT = timedelta(days=730)  # longer than any occasion: the row is what stops a second message
AT_REST = ("sent", "failed", "doubtful", "cancelled")


def send_again(mail_id: int, *, at: datetime) -> OutgoingMail:
    """A failed or doubtful message is due now, as the same message (same Message-ID)."""
    mail = lock(OutgoingMail, mail_id)
    if mail.state not in ("failed", "doubtful"):
        raise MailIsNotStopped
    if not mail.body_text and mail.context is None:
        raise MailTextIsErased
    mail.state, mail.attempts, mail.due_at = "queued", 0, at
    db.session.flush()
    db.session.info[QUEUED_IN_THIS_TRANSACTION] = True
    return mail


def withdraw_mail(mail_id: int) -> OutgoingMail:
    """A message that waits will not leave; its occasion stays used."""
    mail = lock(OutgoingMail, mail_id)
    if mail.state not in ("queued", "claimed"):
        raise MailHasLeft
    mail.state, mail.lease, mail.lease_until = "cancelled", None, None
    db.session.flush()
    return mail


def erase_old_mail(*, at: datetime) -> None:
    """Texts, and facts never made into one, are erased after three months, rows after two years."""
    mail = OutgoingMail
    db.session.execute(delete(mail).where(mail.state.in_(AT_REST), mail.queued_at < at - ROW_IS_KEPT))
    old = update(mail).where(mail.state.in_(AT_REST), mail.queued_at < at - TEXT_IS_KEPT)
    db.session.execute(
        old.where(or_(mail.body_text != "", mail.context.is_not(None))).values(
            body_text="", body_html="", context=None, calendar=None, calendar_method=None
        )
    )
