"""Reads of saved views."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.registrations.models import SavedView

MOST_SHOWN = 100


def views_at(meeting_id: int, account_id: int) -> Sequence[tuple[SavedView, str]]:
    """Return this account's views and those others share, with their owner's name: those that serve at this meeting."""
    statement = (
        select(SavedView, Account.name)
        .join(Account, Account.id == SavedView.account_id)
        .where(or_(SavedView.account_id == account_id, SavedView.is_shared))
        .where(or_(SavedView.meeting_id.is_(None), SavedView.meeting_id == meeting_id))
        .order_by(SavedView.name, SavedView.id)
        .limit(MOST_SHOWN)
    )
    return [(view, owner) for view, owner in db.session.execute(statement)]


def default_view(meeting_id: int, account_id: int) -> SavedView | None:
    """Return the view with which the list opens for this account; one of another meeting does not serve here."""
    view = db.session.scalars(
        select(SavedView).where(SavedView.account_id == account_id, SavedView.is_default)
    ).one_or_none()
    return view if view and view.meeting_id in (None, meeting_id) else None


def get_own_view(view_id: int, account_id: int) -> SavedView:
    """Return one view of this account; NoResultFound (404) when it is somebody else's."""
    return db.session.scalars(
        select(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
    ).one()


def own_view_named(name: str, account_id: int) -> SavedView | None:
    return db.session.scalars(
        select(SavedView).where(SavedView.account_id == account_id, SavedView.name == name)
    ).one_or_none()


def count_own_views(account_id: int) -> int:
    return len(db.session.scalars(select(SavedView.id).where(SavedView.account_id == account_id)).all())
