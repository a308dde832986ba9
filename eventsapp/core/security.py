"""Headers that close what pages do not use, and cross-site request forgery protection."""

from __future__ import annotations

from flask import Flask, Response, g
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

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


def init_app(app: Flask) -> None:
    """Protect forms, cookies and pages."""
    secure = bool(app.config["HTTPS_ONLY"])
    app.config.update(
        SESSION_COOKIE_NAME="__Host-rencontres" if secure else "rencontres",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=app.config["MAX_UPLOAD_MEGABYTES"] * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=app.config["MAX_UPLOAD_MEGABYTES"] * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
    )
    csrf.init_app(app)
    if proxies := int(app.config["TRUSTED_PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.after_request(_harden_with_hsts if secure else _harden)


def _harden(response: Response) -> Response:
    headers = response.headers
    if g.get("account") or g.get("personal"):
        # On a shared computer, the page must not come back from a cache after signing out.
        headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def _harden_with_hsts(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return _harden(response)
