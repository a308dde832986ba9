"""Documents of a meeting: attached in the back office, read by the public."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, may, public, requires
from eventsapp.meetings.forms.steps import DOCUMENT_VISIBILITIES, DocumentForm
from eventsapp.meetings.models import Document
from eventsapp.meetings.queries import get_managed_document, get_managed_programme, get_public_document
from eventsapp.meetings.services import documents

bp = Blueprint("meetings_documents", __name__)


@bp.route("/gestion/rencontres/<int:meeting_id>/documents", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def list_documents(meeting_id: int) -> Any:
    meeting = get_managed_programme(meeting_id, current_scope(Permission.MANAGE_MEETINGS))
    form = DocumentForm()
    if form.validate_on_submit():
        plan = form.plan()
        if form.carries_out(lambda: documents.add_document(meeting, plan, by=current_actor(), at=now())):
            flash(_("Document ajouté."))
            return redirect(url_for("meetings_documents.list_documents", meeting_id=meeting.id), 303)
    page = render_template(
        "meetings/documents.html", meeting=meeting, form=form, visibilities=DOCUMENT_VISIBILITIES
    )
    return page, form.status


@bp.post("/gestion/rencontres/<int:meeting_id>/documents/<int:document_id>/suppression")
@requires(Permission.MANAGE_MEETINGS)
def remove_document(meeting_id: int, document_id: int) -> Response:
    scope = current_scope(Permission.MANAGE_MEETINGS)
    meeting, document = get_managed_document(document_id, meeting_id, scope)
    documents.remove_document(meeting, document, by=current_actor())
    flash(_("Document supprimé."))
    return redirect(url_for("meetings_documents.list_documents", meeting_id=meeting_id), 303)


@bp.get("/gestion/rencontres/<int:meeting_id>/documents/<int:document_id>")
@requires(Permission.MANAGE_MEETINGS)
def read_in_office(meeting_id: int, document_id: int) -> Response:
    scope = current_scope(Permission.MANAGE_MEETINGS)
    return _sent(get_managed_document(document_id, meeting_id, scope)[1])


@bp.get("/rencontres/<slug>/documents/<int:document_id>")
@public
def read_document(slug: str, document_id: int) -> Response:
    return _sent(get_public_document(slug, document_id, reserved=may(Permission.SEE_OFFICE)))


def _sent(document: Document) -> Response:
    """The file as a download: a browser that would show it could be made to run it."""
    if document.content is None:
        abort(404)
    return send_file(
        io.BytesIO(document.content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=document.filename,
        last_modified=document.added_at,
    )
