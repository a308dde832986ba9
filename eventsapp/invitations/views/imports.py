"""Inviting the people of a spreadsheet: the file, what it would do line by line, the import."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.db import beside_writers
from eventsapp.core.errors import DomainError
from eventsapp.core.forms import choices
from eventsapp.core.i18n import _l, ngettext
from eventsapp.core.paging import page_number, paged
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.tables.errors import TableIsNotAccepted
from eventsapp.core.tables.forms import FileForm
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.sheet import MOST_LINES, MOST_MEGABYTES, Sheet
from eventsapp.invitations import queries
from eventsapp.invitations.columns import FIELDS, is_known
from eventsapp.invitations.models import Campaign, InviteeImport
from eventsapp.invitations.rules import OUTCOMES
from eventsapp.invitations.services import imports as services
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting

BASE = "/gestion/rencontres/<int:meeting_id>/invitations/campagnes/<int:campaign_id>/fichiers"
bp = Blueprint("invitee_imports", __name__, url_prefix=BASE)

Answer = str | tuple[str, int] | Response
SEND = Permission.SEND_INVITATIONS
LINES_A_PAGE = 100


@bp.route("", methods=["GET", "POST"])
@requires(SEND)
def new_import(meeting_id: int, campaign_id: int) -> Answer:
    """Choosing a file; one that is not a list of people is refused with what to do."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    form = FileForm()
    if form.validate_on_submit():
        sent = form.file.data
        content = sent.read()
        try:
            with beside_writers():
                header = read_table(content, is_known).header
        except TableIsNotAccepted as refusal:
            form.refuse(refusal)
        else:
            kept = services.keep_file(
                campaign,
                content=content,
                header=header,
                filename=sent.filename or "",
                by=current_actor(),
                at=now(),
            )
            return _to_review(campaign, kept)
    page = render_template(
        "invitations/new_import.html",
        meeting=meeting,
        campaign=campaign,
        form=form,
        most_lines=MOST_LINES,
        most_megabytes=MOST_MEGABYTES,
    )
    return page, form.status


@bp.get("/<int:import_id>")
@requires(SEND)
def show_import(meeting_id: int, campaign_id: int, import_id: int) -> Answer:
    """What importing the file would do, line by line; nothing is written."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    return _review_page(meeting, campaign, queries.get_import(campaign, import_id))


@bp.post("/<int:import_id>/colonnes")
@requires(SEND)
def choose_columns(meeting_id: int, campaign_id: int, import_id: int) -> Answer:
    """Saying what each column holds."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    kept = queries.get_import(campaign, import_id)
    try:
        services.choose_columns(kept, request.form.getlist("column[]"))
    except DomainError as refusal:
        return _review_page(meeting, campaign, kept, refusal)
    return _to_review(campaign, kept)


@bp.post("/<int:import_id>/ajout")
@requires(SEND)
def import_invitees(meeting_id: int, campaign_id: int, import_id: int) -> Answer:
    """The people of that same file are on the list, or the page says why nothing was imported."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    kept = queries.get_import(campaign, import_id)
    valid_only = request.form.get("valid_only") == "1"
    try:
        count = services.import_invitees(kept, campaign, valid_only=valid_only, at=now())
    except DomainError as refusal:
        return _review_page(meeting, campaign, kept, refusal)
    said = ngettext(
        "Une personne est ajoutée à la campagne.", "%(num)d personnes sont ajoutées à la campagne.", count
    )
    flash(said, "success")
    href = url_for("campaigns.show_campaign", meeting_id=meeting.id, campaign_id=campaign.id)
    return make_response(redirect(href, 303))


def _campaign(meeting_id: int, campaign_id: int) -> tuple[Meeting, Campaign]:
    meeting = get_managed_meeting(meeting_id, current_scope(SEND))
    return meeting, queries.get_campaign(meeting, campaign_id)


def _review_page(
    meeting: Meeting, campaign: Campaign, kept: InviteeImport, refusal: DomainError | None = None
) -> Answer:
    sheet = services.read_kept_file(kept, at=now())
    known = "email" in kept.columns
    found = services.dry_run(kept, campaign, at=now()) if known else None
    outcome = request.args.get("resultat", "")
    page = render_template(
        "invitations/review.html" if known else "invitations/choose_columns.html",
        meeting=meeting,
        campaign=campaign,
        kept=kept,
        refusal=refusal,
        found=found,
        outcomes=OUTCOMES,
        outcome=outcome,
        lines=paged(found.having(outcome), number=page_number(), size=LINES_A_PAGE) if found else None,
        **_columns_shown(kept, sheet),
    )
    return page, refusal.status if refusal else 200


def _columns_shown(kept: InviteeImport, sheet: Sheet) -> dict[str, Any]:
    """The columns with their titles, what each holds, and an example."""
    first = sheet.rows[0].cells
    columns = [
        {"title": title.strip(), "field": kept.columns[n], "example": first[n] if n < len(first) else ""}
        for n, title in enumerate(sheet.header)
    ]
    return {
        "columns": columns,
        "fields": choices(FIELDS, first=_l("Ne pas importer")),
        "field_labels": FIELDS,
        "how": sheet.how,
    }


def _to_review(campaign: Campaign, kept: InviteeImport) -> Response:
    href = url_for(
        "invitee_imports.show_import",
        meeting_id=campaign.meeting_id,
        campaign_id=campaign.id,
        import_id=kept.id,
    )
    return make_response(redirect(href, 303))
