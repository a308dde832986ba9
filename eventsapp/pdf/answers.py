"""What is answered about an order, at whatever address leads to it.

Whoever calls has just made sure that the order may be read. Addresses are those of the caller's own blueprint, which
names its three views `document`, `content` and `retry`; `address` is what they are made of.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventsapp.core.clock import now
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import retry_order

LONG_WAIT = timedelta(minutes=1)
# A PDF runs no script of ours; browsers show it in a viewer that brings its own styles.
VIEWER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def answer_document(order: PdfOrder, **address: Any) -> AnyResponse:
    """The file when it is ready, else the page that waits for it and looks again by itself."""
    if order.is_ready:
        return redirect(url_for(".content", filename=order.filename, **address), 303)
    waited = now() - order.ordered_at
    page = render_template(
        "pdf/document.html",
        order=order,
        is_long=waited > LONG_WAIT,
        here=url_for(".document", **address),
        again=url_for(".retry", **address),
    )
    response = make_response(page)
    if not order.has_failed:
        response.headers["Refresh"] = str(_pause(waited))
    return _private(response)


def answer_content(order: PdfOrder, filename: str, **address: Any) -> AnyResponse:
    """The file under its own name; 404 under another; the page that waits when it is not ready."""
    if filename != order.filename:
        abort(404)
    if not order.is_ready:
        return redirect(url_for(".document", **address), 303)
    return _file(order)


def answer_retry(order: PdfOrder, **address: Any) -> AnyResponse:
    """The document is ordered again if it had failed."""
    retry_order(order, at=now())
    return redirect(url_for(".document", **address), 303)


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
