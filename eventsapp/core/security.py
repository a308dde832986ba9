"""Headers that close what pages do not use, and cross-site request forgery protection."""

from __future__ import annotations

import re
from itertools import chain

from flask import Flask, Response, abort, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

csrf = CSRFProtect()

# No inline script or style anywhere; scripts may only insert HTML through the policy "fragment".
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types fragment",
    )
)

MOST_ID = 2**31 - 1
MOST_TEXT = 2 * 1024 * 1024  # bytes of the fields of one form, files apart: the longest text takes a quarter


class RowIdConverter(IntegerConverter):
    """The number of a row in an address. One that no column can hold names nothing: 404."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MOST_ID)


def row_id(text: str) -> int:
    """Return the number of a row sent in a field; ValueError when no column can hold it."""
    if not re.fullmatch(RowIdConverter.regex, text) or int(text) > MOST_ID:
        raise ValueError("not the number of a row")
    return int(text)


def init_app(app: Flask) -> None:
    """Protect forms, cookies and pages."""
    app.url_map.converters["int"] = RowIdConverter
    secure = bool(app.config["HTTPS_ONLY"])
    app.config.update(
        SESSION_COOKIE_NAME="__Host-rencontres" if secure else "rencontres",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=app.config["MAX_UPLOAD_MEGABYTES"] * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=MOST_TEXT,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
    )
    csrf.init_app(app)
    app.before_request(_refuse_null_characters)
    if proxies := int(app.config["TRUSTED_PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.after_request(_harden_with_hsts if secure else _harden)


def _refuse_null_characters() -> None:
    # No person types one, and PostgreSQL stores none: said here once, before any query meets it.
    sent = chain(
        [request.path],
        *((name, *values) for name, values in chain(request.args.lists(), request.form.lists())),
        (file.filename or "" for file in request.files.values()),
    )
    if any("\x00" in text for text in sent):
        abort(400)


# On a shared computer, a page of somebody's must not come back from a cache after signing out.
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _harden(response: Response) -> Response:
    """Add what the view has not decided itself."""
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - it is no dictionary
    wanted = _PRIVATE | _ALWAYS if g.get("account") or g.get("personal") else _ALWAYS
    response.headers.extend({name: text for name, text in wanted.items() if name.lower() not in given})
    return response


def _harden_with_hsts(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return _harden(response)
