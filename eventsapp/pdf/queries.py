"""Reading the ledger of documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select

from eventsapp.core.db import db
from eventsapp.pdf.models import PdfOrder


def get_public_order(token: str, at: datetime) -> PdfOrder:
    """Return the order with this token if whoever has it may read it; raises NoResultFound."""
    order = _unexpired(token, at).where(PdfOrder.restricted_to_account_id.is_(None))
    return db.session.scalars(order).one()


def get_restricted_order(token: str, *, purpose: str, account_id: int, at: datetime) -> PdfOrder:
    """Return the order that this account made for this purpose; raises NoResultFound.

    Having ordered it is not enough to read it: the caller checks that the account may see such things *now*.
    """
    order = _unexpired(token, at).where(
        PdfOrder.purpose == purpose, PdfOrder.restricted_to_account_id == account_id
    )
    return db.session.scalars(order).one()


def _unexpired(token: str, at: datetime) -> Select[PdfOrder]:
    alive = or_(PdfOrder.expires_at.is_(None), PdfOrder.expires_at > at)
    return select(PdfOrder).where(PdfOrder.token == token, alive)
