"""The team of one meeting: who holds a role for it alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from eventsapp.accounts.forms import TeamForm
from eventsapp.accounts.models import Account
from eventsapp.accounts.queries import meeting_team
from eventsapp.accounts.services.managing import join_meeting_team, leave_meeting_team
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_scope, requires
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting

bp = Blueprint("team", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/equipe")


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_meeting(meeting_id, current_scope(Permission.MANAGE_ACCOUNTS))


@bp.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def show(meeting_id: int) -> Any:
    meeting, form = _meeting(meeting_id), TeamForm()
    if form.validate_on_submit() and form.carries_out(
        lambda: join_meeting_team(
            email=form.email.data,
            name=form.name.data,
            role=form.role.data,
            meeting_id=meeting.id,
            by=g.account,
            at=now(),
        )
    ):
        flash(_("%(email)s rejoint l’équipe de la rencontre.", email=form.email.data), "success")
        return redirect(url_for("team.show", meeting_id=meeting.id), 303)
    team = meeting_team(meeting.id)
    return render_template("portal/team.html", meeting=meeting, form=form, team=team), form.status


@bp.post("/<int:account_id>/depart")
@requires(Permission.MANAGE_ACCOUNTS)
def leave(meeting_id: int, account_id: int) -> Any:
    meeting, account = _meeting(meeting_id), db.session.get_one(Account, account_id)
    leave_meeting_team(account, meeting_id=meeting.id)
    flash(_("%(name)s n’est plus dans l’équipe de la rencontre.", name=account.name), "success")
    return redirect(url_for("team.show", meeting_id=meeting.id), 303)
