"""The reminders of a meeting: when each leaves, to how many people, what it says."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.permissions import Permission, current_scope, requires
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting, registered_count
from eventsapp.reminders import queries, rules, services
from eventsapp.reminders.forms import RuleForm

bp = Blueprint("reminders", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/rappels")

Answer = str | tuple[str, int] | Response
SEND = Permission.SEND_INVITATIONS


@bp.get("")
@requires(SEND)
def list_rules(meeting_id: int) -> Answer:
    """The rules: when each leaves, and to how many people."""
    meeting, at = _meeting(meeting_id), now()
    found = queries.list_rules(meeting)
    sent = queries.sent_counts([rule.id for rule in found])
    shown = [
        {
            "rule": rule,
            "due": rules.due_instant(meeting, rule),
            "progress": rules.progress(meeting, rule, at),
            "sent": sent.get(rule.id, 0),
        }
        for rule in found
    ]
    return render_template(
        "reminders/rules.html",
        meeting=meeting,
        shown=shown,
        registered=registered_count(meeting.id),
        Progress=rules.Progress,
        usual=services.missing_usual_moments(meeting, at=at),
    )


@bp.route("/nouveau", methods=["GET", "POST"])
@requires(SEND)
def new_rule(meeting_id: int) -> Answer:
    """Adding a rule."""
    meeting = _meeting(meeting_id)
    form = RuleForm(data={"days_before": 3, "hour": 9, "subject": services.usual_subject(meeting)})
    if form.validate_on_submit():
        try:
            services.add_rule(meeting, form.plan(), at=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Le rappel est ajouté."), "success")
            return _to_list(meeting)
    return render_template("reminders/rule.html", meeting=meeting, form=form, rule=None), form.status


@bp.post("/modeles")
@requires(SEND)
def add_usual_rules(meeting_id: int) -> Answer:
    """The usual rules are there, those that would already have left excepted."""
    meeting = _meeting(meeting_id)
    count = services.add_usual_rules(meeting, at=now())
    flash(ngettext("%(num)d rappel est ajouté.", "%(num)d rappels sont ajoutés.", count), "success")
    return _to_list(meeting)


@bp.route("/<int:rule_id>", methods=["GET", "POST"])
@requires(SEND)
def edit_rule(meeting_id: int, rule_id: int) -> Answer:
    """Changing a rule: the reminders still to leave follow."""
    meeting = _meeting(meeting_id)
    rule = queries.get_rule(meeting, rule_id)
    form = RuleForm(obj=rule)
    if form.validate_on_submit():
        try:
            services.change_rule(rule, meeting, form.plan(), at=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Le rappel est enregistré."), "success")
            return _to_list(meeting)
    return render_template("reminders/rule.html", meeting=meeting, form=form, rule=rule), form.status


@bp.post("/<int:rule_id>/retrait")
@requires(SEND)
def remove_rule(meeting_id: int, rule_id: int) -> Answer:
    """No more reminders by this rule."""
    meeting = _meeting(meeting_id)
    services.remove_rule(queries.get_rule(meeting, rule_id))
    flash(_("Le rappel est retiré."), "success")
    return _to_list(meeting)


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_meeting(meeting_id, current_scope(SEND))


def _to_list(meeting: Meeting) -> Response:
    return see_other("reminders.list_rules", meeting_id=meeting.id)
