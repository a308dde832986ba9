"""Reading the ledger of documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from eventsapp.core.db import db
from eventsapp.pdf.models import PdfOrder


def get_readable_order(token: str, account_id: int | None, at: datetime) -> PdfOrder:
    """Return the order with this token that the account (None: a visitor) may read; raises NoResultFound."""
    order = select(PdfOrder).where(PdfOrder.token == token)
    open_to_all_or_mine = or_(
        PdfOrder.restricted_to_account_id.is_(None), PdfOrder.restricted_to_account_id == account_id
    )
    unexpired = or_(PdfOrder.expires_at.is_(None), PdfOrder.expires_at > at)
    return db.session.scalars(order.where(open_to_all_or_mine, unexpired)).one()
