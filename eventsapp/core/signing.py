"""Signatures of cookies and personal links: itsdangerous' own, with what repeats done once.

Each request reads and writes several. As shipped, every one derives the key anew, builds its signer, and
compresses a few words in a quarter of a megabyte of memory, which pushes the rest of the program out of the
processor's cache.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import flask_wtf.csrf
from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer, TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.serializer import Serializer
from itsdangerous.signer import SigningAlgorithm


class _OneCall(SigningAlgorithm):
    """HMAC-SHA1, as itsdangerous computes it, in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class _Quick(Serializer[str]):
    """One signer for life, one derived key for each secret, no compression; the texts are itsdangerous' own."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._signer = super().make_signer()
        self._signer.algorithm = _OneCall()
        self._signer.derive_key = lru_cache(self._signer.derive_key)  # type: ignore[method-assign]

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[Any]:
        yield self._signer

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(Serializer.dump_payload(self, obj))


class QuickSerializer(_Quick, URLSafeSerializer):
    """Signs for ever."""


class QuickTimedSerializer(_Quick, URLSafeTimedSerializer):
    """Signs with the instant, so that a cookie ends."""

    default_signer = TimestampSigner


@lru_cache(maxsize=32)
def timed_serializer(secret: str, salt: str) -> QuickTimedSerializer:
    return QuickTimedSerializer(secret, salt=salt)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's sessions. What they keep is plain JSON: a tuple comes back as a list."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return _cookies(str(app.secret_key))


@lru_cache(maxsize=8)
def _cookies(secret: str) -> QuickTimedSerializer:
    return QuickTimedSerializer(secret, salt="cookie-session", signer_kwargs={"key_derivation": "hmac"})


def keyed_digest(text: str) -> bytes:
    """Return what tells this text from any other, and which nobody can make without the site's secret (HMAC-SHA256)."""
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), "sha256")


def init_app(app: Flask) -> None:
    """Sign this application's sessions, and the tokens of its forms, so."""
    app.session_interface = SignedCookies()
    flask_wtf.csrf.URLSafeTimedSerializer = timed_serializer  # which makes one for each token
