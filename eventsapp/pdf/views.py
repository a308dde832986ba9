"""Where a person waits for a document, then reads it. The token in the address is the key."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventsapp.core.clock import now
from eventsapp.core.permissions import current_actor, public
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import retry_order
from eventsapp.pdf.queries import get_readable_order

LONG_WAIT = timedelta(minutes=1)
# A PDF runs no script of ours; browsers show it in a viewer that brings its own styles.
VIEWER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; frame-ancestors 'none'"

bp = Blueprint("pdf", __name__, url_prefix="/documents")


@bp.get("/<token>")
@public
def document(token: str) -> AnyResponse:
    order = _readable(token)
    if order.is_ready:
        return redirect(url_for(".content", token=token, filename=order.filename), 303)
    waited = now() - order.ordered_at
    response = make_response(render_template("pdf/document.html", order=order, is_long=waited > LONG_WAIT))
    if not order.has_failed:
        response.headers["Refresh"] = str(_pause(waited))
    return _private(response)


@bp.get("/<token>/<filename>")
@public
def content(token: str, filename: str) -> AnyResponse:
    order = _readable(token)
    if filename != order.filename:
        abort(404)
    if not order.is_ready:
        return redirect(url_for(".document", token=token), 303)
    return _file(order)


@bp.post("/<token>/nouvel-essai")
@public
def retry(token: str) -> AnyResponse:
    retry_order(_readable(token), at=now())
    return redirect(url_for(".document", token=token), 303)


def _readable(token: str) -> PdfOrder:
    account = current_actor()
    return get_readable_order(token, account.id if account else None, now())


def _pause(waited: timedelta) -> int:
    """Seconds before the page looks again: soon at first, then ever more quietly."""
    return min(30, max(2, int(waited.total_seconds() / 5)))


def _file(order: PdfOrder) -> Response:
    response = make_response(order.content)
    response.mimetype = "application/pdf"
    response.last_modified = _whole_second(order.ready_at)
    response.headers["Content-Disposition"] = f'inline; filename="{order.filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = VIEWER_POLICY
    response.set_etag(order.sha256 or "")
    _private(response)
    response.make_conditional(request)
    return response


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _whole_second(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None
