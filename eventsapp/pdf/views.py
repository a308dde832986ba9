"""Where anybody waits for a public document, then reads it. The token in the address is the key."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.permissions import public
from eventsapp.pdf.answers import answer_content, answer_document, answer_retry
from eventsapp.pdf.queries import get_public_order

bp = Blueprint("pdf", __name__, url_prefix="/documents")


@bp.get("/<token>")
@public
def document(token: str) -> Response:
    return answer_document(get_public_order(token, now()), token=token)


@bp.get("/<token>/<filename>")
@public
def content(token: str, filename: str) -> Response:
    return answer_content(get_public_order(token, now()), filename, token=token)


@bp.post("/<token>/nouvel-essai")
@public
def retry(token: str) -> Response:
    return answer_retry(get_public_order(token, now()), token=token)
