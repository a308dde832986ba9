"""A meeting is published, cancelled, held."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.meetings.forms.steps import CancellationForm
from eventsapp.meetings.models import VISIBILITIES, Meeting
from eventsapp.meetings.queries import get_managed_programme, registered_count
from eventsapp.meetings.rules import lacks, may_become
from eventsapp.meetings.services import publication

bp = Blueprint("meetings_states", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>")


@bp.get("/publication")
@requires(Permission.MANAGE_MEETINGS)
def check_publication(meeting_id: int) -> str:
    meeting = _load(meeting_id)
    found = lacks(meeting, at=now())
    return render_template(
        "meetings/publication.html",
        meeting=meeting,
        blocking=[lack for lack in found if lack.is_blocking],
        advice=[lack for lack in found if not lack.is_blocking],
        may_publish=may_become(meeting.state, "published"),
        visibilities=VISIBILITIES,
    )


@bp.post("/publication")
@requires(Permission.MANAGE_MEETINGS)
def publish(meeting_id: int) -> Response:
    meeting = _load(meeting_id)
    publication.publish_meeting(meeting, by=current_actor(), at=now())
    flash(_("Rencontre publiée."))
    return _back_to(meeting)


@bp.get("/report")
@requires(Permission.MANAGE_MEETINGS)
def ask_to_postpone(meeting_id: int) -> str:
    meeting = _load(meeting_id)
    return render_template(
        "meetings/postponement.html",
        meeting=meeting,
        registered=registered_count(meeting.id),
        may_postpone=may_become(meeting.state, "postponed"),
    )


@bp.post("/report")
@requires(Permission.MANAGE_MEETINGS)
def postpone(meeting_id: int) -> Response:
    meeting = _load(meeting_id)
    publication.postpone_meeting(meeting, by=current_actor(), at=now())
    flash(_("Rencontre reportée. Saisissez sa nouvelle date, puis publiez-la de nouveau."))
    return _back_to(meeting)


@bp.route("/annulation", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def cancel(meeting_id: int) -> Any:
    meeting = _load(meeting_id)
    form = CancellationForm()
    if form.validate_on_submit():
        reason = form.reason.data or ""
        if form.carries_out(
            lambda: publication.cancel_meeting(meeting, reason, by=current_actor(), at=now())
        ):
            flash(_("Rencontre annulée. Sa page en donne la raison."))
            return _back_to(meeting)
    page = render_template(
        "meetings/cancellation.html",
        meeting=meeting,
        form=form,
        registered=registered_count(meeting.id),
        may_cancel=may_become(meeting.state, "cancelled"),
    )
    return page, form.status if request.method == "POST" else 200


@bp.post("/tenue")
@requires(Permission.MANAGE_MEETINGS)
def hold(meeting_id: int) -> Response:
    meeting = _load(meeting_id)
    publication.mark_held(meeting, by=current_actor(), at=now())
    flash(_("Rencontre déclarée tenue. Vous pouvez publier son compte rendu."))
    return _back_to(meeting)


def _load(meeting_id: int) -> Meeting:
    return get_managed_programme(meeting_id, current_scope(Permission.MANAGE_MEETINGS))


def _back_to(meeting: Meeting) -> Response:
    return redirect(url_for("meetings.edit_meeting", meeting_id=meeting.id), 303)
