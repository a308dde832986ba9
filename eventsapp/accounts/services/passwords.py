"""Passwords are kept as Argon2id hashes (RFC 9106)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from eventsapp.accounts.models import Account
from eventsapp.accounts.services.sessions import end_every_session

_hasher = PasswordHasher()
# Verified when no account matches, so that the answer takes as long as for one that does.
_DECOY = _hasher.hash("no account has this password")


def set_password(account: Account, password: str) -> None:
    """The account has this password, and only the session that changes it stays open; links sent before end."""
    account.password_hash = _hasher.hash(password)
    end_every_session(account)


def password_matches(account: Account | None, password: str) -> bool:
    """Tell whether it is the account's password; an old hash is renewed on the way."""
    stored = account.password_hash if account else None
    try:
        _hasher.verify(stored or _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    if account is None or stored is None:
        return False
    if _hasher.check_needs_rehash(stored):
        account.password_hash = _hasher.hash(password)
    return True
