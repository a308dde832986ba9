"""What the pages of a personal link have in common: nobody keeps them, and a bad link says how to get a good one."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from eventsapp.core.errors import DomainError, LinkHasExpired, LinkIsInvalid


def private_blueprint(name: str, module: str) -> Blueprint:
    """Return a blueprint of pages under /mon-inscription."""
    bp = Blueprint(name, module, url_prefix="/mon-inscription")
    bp.after_request(_keep_private)
    bp.register_error_handler(LinkIsInvalid, _explain_bad_link)
    bp.register_error_handler(LinkHasExpired, _explain_bad_link)
    return bp


def _keep_private(response: Response) -> Response:
    """No cache and no search engine keeps a personal page."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _explain_bad_link(error: DomainError) -> tuple[str, int]:
    """Say how to get the link that works."""
    page = render_template("registrations/bad_link.html", status=error.status, message=error.message)
    return page, error.status
