"""The dashboard: what needs doing, for the person signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from eventsapp.core.clock import now
from eventsapp.core.permissions import Permission, current_scope, may, requires
from eventsapp.portal import queries

bp = Blueprint("office", __name__)


@bp.get("/gestion")
@requires(Permission.SEE_OFFICE)
def dashboard() -> Any:
    at, scope = now(), current_scope(Permission.SEE_OFFICE)
    coming = queries.coming_meetings(scope, at=at)
    coming_ids = [meeting.id for meeting in coming]
    return render_template(
        "portal/dashboard.html",
        coming=coming,
        taken=queries.registered_counts(coming_ids),
        workshops=queries.workshops_of(coming_ids),
        to_decide=queries.meetings_to_decide(current_scope(Permission.MANAGE_REGISTRATIONS), at=at),
        to_record=queries.meetings_without_published_minutes(scope, at=at),
        overdue=queries.overdue_actions(scope, on=at.date()),
        mail=queries.mail_to_settle() if may(Permission.SEE_MAIL) else {},
        at=at,
    )
