"""Signing in, by password or by a link sent to the account's address."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from eventsapp.accounts import mails, queries, rules
from eventsapp.accounts.errors import SignInRefused, TooManyAttempts
from eventsapp.accounts.models import Account, MagicLink, SignInAttempt
from eventsapp.accounts.services.passwords import password_matches
from eventsapp.core.db import db, lock
from eventsapp.core.errors import LinkHasExpired, LinkIsInvalid
from eventsapp.core.keys import email_key

ATTEMPTS_KEPT = timedelta(days=30)
WELCOME_LASTS = timedelta(days=7)


def sign_in_with_password(email: str, password: str, *, address: str, at: datetime) -> Account:
    """Return the account; the try is remembered either way.

    Raises SignInRefused, or TooManyAttempts after five failures in fifteen minutes.
    """
    account = queries.find_account(email)
    if account is not None:
        lock(Account, account.id)  # tries on one account wait for each other: the limit cannot be outrun
    if not rules.may_try_password(queries.count_recent_tries(email, address, at=at)):
        raise TooManyAttempts
    succeeded = password_matches(account, password) and account is not None and account.is_active()
    _remember_try(email, address, "password", succeeded, at)
    if not succeeded or account is None:
        raise SignInRefused
    account.last_signed_in_at = at
    return account


def request_sign_in_link(email: str, *, address: str, lasts: timedelta, at: datetime) -> None:
    """If the address has an active account, a link is on its way to it; the caller cannot tell.

    Raises TooManyAttempts after three requests in fifteen minutes.
    """
    account = queries.find_account(email)
    if not rules.may_ask_link(queries.count_recent_tries(email, address, at=at)):
        raise TooManyAttempts(field="email")
    _remember_try(email, address, "link", True, at)
    if account is not None and account.is_active():
        link, token = create_link(account, purpose="sign_in", lasts=lasts, at=at)
        mails.queue_sign_in_link(account, link, token, at=at)


def create_link(account: Account, *, purpose: str, lasts: timedelta, at: datetime) -> tuple[MagicLink, str]:
    """Return a link usable once and its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    link = MagicLink(
        account_id=account.id,
        token_sha256=_sha256(token),
        purpose=purpose,
        created_at=at,
        expires_at=at + lasts,
    )
    db.session.add(link)
    db.session.flush()  # its id names the occasion of the message
    return link, token


def check_link(token: str, *, at: datetime) -> MagicLink:
    """Return the link if it can be used now; raise LinkIsInvalid or LinkHasExpired."""
    link = db.session.scalar(select(MagicLink).where(MagicLink.token_sha256 == _sha256(token)))
    if link is None:
        raise LinkIsInvalid
    if link.used_at is not None or link.expires_at <= at:
        raise LinkHasExpired
    return link


def sign_in_with_link(token: str, *, at: datetime) -> Account:
    """Use the link up and return its account; raise like check_link, or SignInRefused when disabled."""
    link = lock(MagicLink, check_link(token, at=at).id)
    if link.used_at is not None:
        raise LinkHasExpired
    account = db.session.get_one(Account, link.account_id)
    if not account.is_active():
        raise LinkHasExpired
    link.used_at = at
    account.last_signed_in_at = at
    return account


def erase_old_attempts(*, at: datetime) -> None:
    """Attempts older than thirty days and links out of date are gone."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - ATTEMPTS_KEPT))
    db.session.execute(delete(MagicLink).where(MagicLink.expires_at < at - ATTEMPTS_KEPT))


def _remember_try(email: str, address: str, kind: str, succeeded: bool, at: datetime) -> None:
    key = email_key(email)
    db.session.add(SignInAttempt(email_key=key, address=address, kind=kind, succeeded=succeeded, at=at))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
