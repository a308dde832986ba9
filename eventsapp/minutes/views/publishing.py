"""From review to publication, and telling people."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.permissions import Permission, current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.checking import contacts_of, missing_parts, names_of
from eventsapp.minutes.forms import ApprovalForm, PublicationForm
from eventsapp.minutes.models import Minutes, Publication
from eventsapp.minutes.queries import get_minutes, get_publication
from eventsapp.minutes.rules import may_become
from eventsapp.minutes.services import publishing
from eventsapp.minutes.views.answers import Answer, managed
from eventsapp.pdf.orders import retry_order

bp = Blueprint("minutes_publishing", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/compte-rendu")


@bp.post("/relecture")
@requires(Permission.WRITE_MINUTES)
def submit(meeting_id: int) -> Response:
    """Hand the minutes over for review."""
    managed(meeting_id)
    publishing.submit_for_review(get_minutes(meeting_id), by=current_actor(), at=now())
    flash(_("Le compte rendu est en relecture. Il peut encore être corrigé."), "success")
    return _back(meeting_id)


@bp.post("/approbation")
@requires(Permission.PUBLISH_MINUTES)
def approve(meeting_id: int) -> Response:
    """Approve the text."""
    managed(meeting_id, Permission.PUBLISH_MINUTES)
    form = ApprovalForm()
    if form.validate():
        note = form.approval_note.data or ""
        publishing.approve_minutes(get_minutes(meeting_id), note, by=current_actor(), at=now())
        flash(_("Le compte rendu est approuvé. Il peut être publié."), "success")
    return _back(meeting_id)


@bp.post("/reprise")
@requires(Permission.WRITE_MINUTES)
def resume(meeting_id: int) -> Response:
    """Write again, to correct."""
    managed(meeting_id)
    publishing.resume_writing(get_minutes(meeting_id), by=current_actor(), at=now())
    flash(_("La rédaction est reprise. Les versions publiées restent telles quelles."), "success")
    return _back(meeting_id)


@bp.get("/publication")
@requires(Permission.PUBLISH_MINUTES)
def check(meeting_id: int) -> str:
    """Everything that becomes public, before it does."""
    meeting = managed(meeting_id, Permission.PUBLISH_MINUTES)
    return _check_page(meeting, get_minutes(meeting_id), PublicationForm())


@bp.post("/publication")
@requires(Permission.PUBLISH_MINUTES)
def publish(meeting_id: int) -> Answer:
    """Freeze and publish a version."""
    meeting, minutes = managed(meeting_id, Permission.PUBLISH_MINUTES), get_minutes(meeting_id)
    form = PublicationForm()
    if not form.validate():
        return _check_page(meeting, minutes, form), 422
    try:
        publication = publishing.publish_minutes(
            minutes,
            form.reason.data or "",
            issuer=current_app.config["NETWORK_NAME"],
            by=current_actor(),
            at=now(),
        )
    except DomainError as error:
        form.refuse(error)
        return _check_page(meeting, minutes, form), 422
    flash(_("La version %(reference)s est publiée.", reference=publication.reference), "success")
    return _back(meeting_id)


@bp.post("/diffusion")
@requires(Permission.PUBLISH_MINUTES)
def announce(meeting_id: int) -> Response:
    """Tell everybody expected at the meeting, once each."""
    managed(meeting_id, Permission.PUBLISH_MINUTES)
    publication = _publication(meeting_id)
    count = publishing.announce_publication(publication, at=now())
    flash(
        ngettext("%(num)s message est en route.", "%(num)s messages sont en route.", count)
        if count
        else _("Tout le monde a déjà reçu ce message."),
        "success",
    )
    return _back(meeting_id)


@bp.post("/document")
@requires(Permission.PUBLISH_MINUTES)
def order_again(meeting_id: int) -> Response:
    """Order again a PDF that could not be made."""
    managed(meeting_id, Permission.PUBLISH_MINUTES)
    publication = _publication(meeting_id)
    if publication.pdf_order:
        retry_order(publication.pdf_order, at=now())
    return _back(meeting_id)


def _publication(meeting_id: int) -> Publication:
    publication = get_publication(request.form.get("reference", ""), reserved=True)
    if publication.minutes.meeting_id != meeting_id:
        abort(404)
    return publication


def _check_page(meeting: Meeting, minutes: Minutes, form: PublicationForm) -> str:
    content = publishing.draft_content(
        minutes, form.reason.data or "", issuer=current_app.config["NETWORK_NAME"], at=now()
    )
    return render_template(
        "minutes/publication.html",
        meeting=meeting,
        minutes=minutes,
        content=content,
        names=names_of(content),
        missing=missing_parts(content),
        refusals=contacts_of(content),
        may_publish=may_become(minutes.state, "published"),
        form=form,
    )


def _back(meeting_id: int) -> Response:
    return redirect(url_for("minutes.show", meeting_id=meeting_id), 303)
