"""Every way in that was given before is closed."""

from __future__ import annotations

from sqlalchemy import delete

from eventsapp.accounts.models import Account, MagicLink
from eventsapp.core.db import db


def end_every_session(account: Account) -> None:
    """The account's open sessions are over, and links sent but not used yet open nothing."""
    account.session_version += 1
    db.session.flush()  # a new account has no number before
    unused = delete(MagicLink).where(MagicLink.account_id == account.id, MagicLink.used_at.is_(None))
    db.session.execute(unused)
