"""What the back office reads of messages. A message is seen by whoever sees what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import undefer

from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.core.permissions import Scope
from eventsapp.mail.models import OutgoingMail


def mail_in(scope: Scope) -> Select[OutgoingMail]:
    """Return the messages of that scope: all, or those of its régions and meetings."""
    return select(OutgoingMail).where(_inside(scope))


def _inside(scope: Scope) -> ColumnElement[bool]:
    if scope.everywhere:
        return true()
    if scope.is_empty():
        return false()
    return or_(
        OutgoingMail.territory_code.in_(scope.territory_codes),
        OutgoingMail.about.in_([f"meeting:{number}" for number in scope.meeting_ids]),
    )


def filtered_mail(
    scope: Scope, *, states: tuple[str, ...] = (), purpose: str = "", recipient: str = ""
) -> Select[OutgoingMail]:
    """Return the messages of that scope, newest first, narrowed by what is given."""
    found = mail_in(scope).order_by(OutgoingMail.queued_at.desc(), OutgoingMail.id.desc())
    if states:
        found = found.where(OutgoingMail.state.in_(states))
    if purpose:
        found = found.where(OutgoingMail.purpose == purpose)
    if recipient:
        found = found.where(func.lower(OutgoingMail.recipient) == email_key(recipient))
    return found


def mail_to(recipient: str, *, about: str, most: int) -> Sequence[OutgoingMail]:
    """Return the latest messages to this person about that, the newest first, without their texts."""
    mail = OutgoingMail
    statement = select(mail).where(mail.about == about, func.lower(mail.recipient) == email_key(recipient))
    return db.session.scalars(statement.order_by(mail.id.desc()).limit(most)).all()


def mail_with_text(scope: Scope, mail_id: int) -> OutgoingMail:
    """Return one message of that scope with its texts, or what makes them; raises NoResultFound."""
    mail = OutgoingMail
    parts = (mail.context, mail.body_text, mail.body_html, mail.calendar)
    texts = [undefer(part) for part in parts]
    return db.session.scalars(mail_in(scope).where(mail.id == mail_id).options(*texts)).one()


def count_by_state(scope: Scope) -> dict[str, int]:
    """Return how many messages of that scope are in each state."""
    counted = select(OutgoingMail.state, func.count()).where(_inside(scope)).group_by(OutgoingMail.state)
    return dict(db.session.execute(counted).all())


def oldest_due(scope: Scope, *, at: datetime) -> datetime | None:
    """Return since when the oldest message that should have left has been waiting."""
    waiting = and_(OutgoingMail.state.in_(("queued", "claimed")), OutgoingMail.due_at <= at)
    return db.session.scalar(select(func.min(OutgoingMail.due_at)).where(_inside(scope), waiting))
