"""Reads about accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, case, func, select

from eventsapp.accounts.models import Account, RoleGrant, SignInAttempt
from eventsapp.accounts.rules import WINDOW, RecentTries
from eventsapp.core.db import db
from eventsapp.core.keys import email_key

MOST_IN_A_TEAM = 100


def find_account(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email_key == email_key(email)))


def accounts_by_name() -> Select[Account]:
    """Every account, the active first, by name; role grants come in one more statement."""
    return select(Account).order_by(Account.disabled_at.isnot(None), func.lower(Account.name), Account.id)


def count_recent_tries(email: str, address: str, *, at: datetime) -> RecentTries:
    """Count tries of the last fifteen minutes by e-mail address and by IP address: one statement."""
    by_email = SignInAttempt.email_key == email_key(email)
    failed = and_(SignInAttempt.kind == "password", SignInAttempt.succeeded.is_(False))
    link = SignInAttempt.kind == "link"
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((and_(by_email, failed), 1), else_=0)), 0),
            func.coalesce(func.sum(case((and_(by_email, link), 1), else_=0)), 0),
            func.coalesce(
                func.sum(case((and_(SignInAttempt.address == address, failed | link), 1), else_=0)), 0
            ),
        ).where(SignInAttempt.at > at - WINDOW, by_email | (SignInAttempt.address == address))
    ).one()
    return RecentTries(*(int(value) for value in row))


def count_other_administrators(account: Account) -> int:
    """Active accounts, besides this one, that administer the whole network."""
    statement = (
        select(func.count(func.distinct(Account.id)))
        .join(RoleGrant)
        .where(
            Account.id != account.id,
            Account.disabled_at.is_(None),
            RoleGrant.role == "administrator",
            RoleGrant.territory_code.is_(None),
            RoleGrant.meeting_id.is_(None),
        )
    )
    return db.session.scalar(statement) or 0


def meeting_team(meeting_id: int) -> Sequence[Account]:
    """Return the active accounts that hold a role for this meeting alone, by name."""
    statement = (
        select(Account)
        .where(Account.role_grants.any(RoleGrant.meeting_id == meeting_id), Account.disabled_at.is_(None))
        .order_by(func.lower(Account.name), Account.id)
    )
    return db.session.scalars(statement.limit(MOST_IN_A_TEAM)).all()
