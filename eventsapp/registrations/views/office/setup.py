"""The rules of a meeting's registrations."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, render_template

from eventsapp.core.clock import now
from eventsapp.core.differences import Difference, differences
from eventsapp.core.i18n import _
from eventsapp.core.links import public_url
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.versions import SavedMeanwhile
from eventsapp.meetings.models import VISIBILITIES, Meeting
from eventsapp.meetings.queries import get_managed_programme
from eventsapp.registrations import queries
from eventsapp.registrations.models import RegistrationSetup
from eventsapp.registrations.rules import read_quotas
from eventsapp.registrations.setup import services
from eventsapp.registrations.setup.forms import SetupForm, setup_form_of
from eventsapp.registrations.setup.queries import usage_of
from eventsapp.registrations.setup.rules import places_reserved
from eventsapp.registrations.views.office.scope import Answer, bp, to

MANAGE_MEETINGS = Permission.MANAGE_MEETINGS


@bp.get("/regles")
@requires(MANAGE_MEETINGS)
def show_rules(meeting_id: int) -> Answer:
    """The rules in force, to be changed."""
    meeting = get_managed_programme(meeting_id, current_scope(MANAGE_MEETINGS))
    setup = queries.get_setup(meeting.id)
    return _page(meeting, setup, setup_form_of(setup, meeting.time_zone))


@bp.post("/regles")
@requires(MANAGE_MEETINGS)
def change_rules(meeting_id: int) -> Answer:
    """The rules are changed, or the page says which promise they would break."""
    meeting = get_managed_programme(meeting_id, current_scope(MANAGE_MEETINGS))
    form = SetupForm()
    try:
        is_done = not form.more.data and form.validate() and form.carries_out(lambda: _change(meeting, form))
    except SavedMeanwhile:
        return _conflict_page(meeting, form)
    if is_done:
        flash(_("Les règles sont enregistrées."), "success")
        return to("show_rules", meeting_id=meeting.id)
    return _page(meeting, queries.get_setup(meeting.id), form)


def _change(meeting: Meeting, form: SetupForm) -> None:
    plan = form.plan(meeting.time_zone)
    seen = form.seen.data or None
    services.change_setup(meeting_id=meeting.id, plan=plan, seen=seen, by=current_actor(), at=now())


def _conflict_page(meeting: Meeting, form: SetupForm) -> Answer:
    """What was typed, and what somebody else saved meanwhile: saving again after having compared is a decision."""
    setup = queries.get_setup(meeting.id)
    stored = setup_form_of(setup, meeting.time_zone)
    conflict = differences(form, stored)
    form.seen.data = stored.seen.data
    page, _status = _page(meeting, setup, form, conflict)
    return page, SavedMeanwhile.status


def _page(
    meeting: Meeting, setup: RegistrationSetup, form: SetupForm, conflict: Sequence[Difference] | None = None
) -> tuple[str, int]:
    quotas = read_quotas(setup.quotas)
    form.add_empty_row()
    page = render_template(
        "registrations/office/rules.html",
        meeting=meeting,
        form=form,
        conflict=conflict,
        setup=setup,
        usage=usage_of(meeting.id),
        quotas=quotas,
        shares=queries.quota_shares(meeting.id) if quotas else None,
        reserved=places_reserved(quotas),
        visibilities=VISIBILITIES,
        link=public_url("registering.show_details", slug=meeting.slug, code=setup.access_code or None),
    )
    return page, form.status
