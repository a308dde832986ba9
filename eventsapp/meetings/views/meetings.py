"""The list of meetings, and the general page of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.differences import Difference, differences
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.versions import SavedMeanwhile
from eventsapp.directory.queries import list_themes
from eventsapp.geography.outlines import region_outlines
from eventsapp.meetings import queries
from eventsapp.meetings.forms.meeting import MeetingForm, form_of, stored_form_of
from eventsapp.meetings.models import MEETING_KINDS, MEETING_STATES, Meeting
from eventsapp.meetings.services import editing

bp = Blueprint("meetings", __name__, url_prefix="/gestion/rencontres")

LONGEST_SEARCH = 100


@bp.get("")
@requires(Permission.SEE_OFFICE)
def list_meetings() -> str:
    """Every role finds its meetings here; the titles lead where the role may go."""
    filters = queries.MeetingFilters(
        text=request.args.get("q", "")[:LONGEST_SEARCH],
        region=request.args.get("region", ""),
        state=request.args.get("etat", ""),
    )
    page = queries.list_managed_meetings(current_scope(Permission.SEE_OFFICE), filters, page_number())
    managed = current_scope(Permission.MANAGE_MEETINGS)
    template = "meetings/_list.html" if "X-Fragment" in request.headers else "meetings/list.html"
    return render_template(template, page=page, filters=filters, managed=managed, **_words())


@bp.route("/nouvelle", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def create_meeting() -> Any:
    form = _offered(MeetingForm(data={"visibility": "public"}))
    scope = current_scope(Permission.MANAGE_MEETINGS)
    if form.validate_on_submit():
        plan = form.plan(current_app.config["TIME_ZONE"])
        try:
            meeting = editing.create_meeting(plan, scope, by=current_actor(), at=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Brouillon créé. Composez maintenant le programme."))
            return redirect(url_for("meetings_programme.show_programme", meeting_id=meeting.id), 303)
    return render_template("meetings/new.html", form=form), form.status


@bp.route("/<int:meeting_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def edit_meeting(meeting_id: int) -> Any:
    scope = current_scope(Permission.MANAGE_MEETINGS)
    meeting = queries.get_managed_programme(meeting_id, scope)
    form = _offered(form_of(meeting))
    if form.validate_on_submit():
        plan = form.plan(current_app.config["TIME_ZONE"])
        how = {"seen": form.seen.data or None, "by": current_actor(), "at": now()}
        try:
            is_done = form.carries_out(lambda: editing.edit_meeting(meeting, plan, scope, **how))
        except SavedMeanwhile as refusal:
            return _conflict_page(meeting, form), refusal.status
        if is_done:
            flash(_("Modifications enregistrées."))
            return redirect(url_for("meetings.edit_meeting", meeting_id=meeting.id), 303)
    return _edit_page(meeting, form), form.status


def _conflict_page(meeting: Meeting, form: MeetingForm) -> str:
    """What was typed, and what somebody else saved meanwhile: saving again after having compared is a decision."""
    stored = _offered(stored_form_of(meeting))
    conflict = differences(form, stored, but=["new_series", "commune_choice"])
    form.seen.data = stored.seen.data
    return _edit_page(meeting, form, conflict)


def _edit_page(meeting: Meeting, form: MeetingForm, conflict: Sequence[Difference] | None = None) -> str:
    return render_template(
        "meetings/edit.html",
        meeting=meeting,
        form=form,
        conflict=conflict,
        has_begun=now() >= meeting.starts_at,
    )


def _offered(form: MeetingForm) -> MeetingForm:
    form.offer(queries.list_series(), list_themes())
    return form


def _words() -> dict[str, object]:
    regions = [(outline.name, outline.code) for outline in region_outlines()]
    return {"kinds": MEETING_KINDS, "states": MEETING_STATES, "regions": regions}
