"""Signed personal links: unforgeable, tied to one purpose, revocable by a version number."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature

from eventsapp.core.errors import LinkIsInvalid
from eventsapp.core.signing import QuickSerializer


def make_token(purpose: str, subject: int, version: int = 1) -> str:
    """Return a token that names the subject and can be read for this purpose only."""
    return str(_signer(purpose).dumps([subject, version]))


def read_token(purpose: str, token: str) -> tuple[int, int]:
    """Return (subject, version); raise LinkIsInvalid when the token is forged, cut or of another purpose."""
    try:
        subject, version = _signer(purpose).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkIsInvalid from error
    return int(subject), int(version)


def _signer(purpose: str) -> QuickSerializer:
    return _made_signer(current_app.config["SECRET_KEY"], purpose)


@lru_cache(maxsize=32)
def _made_signer(secret: str, purpose: str) -> QuickSerializer:
    return QuickSerializer(secret, salt=f"personal-link:{purpose}")
