"""The signed-in session: a signed cookie that names the account and its session version."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, g, request, session

from eventsapp.accounts.models import Account
from eventsapp.core.clock import now
from eventsapp.core.db import db


def load_account() -> None:
    """Set g.account to the account signed in, or None. One statement, none for visitors and static files."""
    g.account = None
    if request.endpoint == "static" or "account" not in session:
        return
    account = db.session.get(Account, session["account"])
    if account is None or not _is_valid(account):
        session.clear()
        return
    g.account = account


def _is_valid(account: Account) -> bool:
    opened_at = datetime.fromisoformat(session["opened_at"])
    age = now() - opened_at
    return (
        account.is_active()
        and session.get("version") == account.session_version
        and timedelta(0) <= age < timedelta(hours=current_app.config["SESSION_HOURS"])
    )


def open_session(account: Account, *, at: datetime) -> None:
    """Sign the account in on this browser; a former session's content is dropped."""
    session.clear()
    session.update(account=account.id, version=account.session_version, opened_at=at.isoformat())
    g.account = account


def close_session() -> None:
    """Sign out on this browser."""
    session.clear()
    g.account = None
