"""What an organiser decides on a registration to validate."""

from __future__ import annotations

from flask import flash, render_template

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.forms import ReasonForm
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import admitting
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_registration, to


@bp.post("/<int:registration_id>/validation")
@requires(MANAGE)
def approve(meeting_id: int, registration_id: int) -> Answer:
    """The person has a place, or a rank in the waiting list."""
    _meeting, registration = load_registration(meeting_id, registration_id)
    admitting.approve_registration(registration=registration, by=current_actor(), at=now())
    if registration.is_confirmed():
        flash(_("%(name)s a une place. La confirmation part.", name=registration.full_name), "success")
    else:
        flash(
            _("Tout est complet : %(name)s est sur la liste d’attente.", name=registration.full_name),
            "success",
        )
    return to("show", meeting_id=meeting_id, registration_id=registration.id)


@bp.get("/<int:registration_id>/refus")
@requires(MANAGE)
def ask_to_refuse(meeting_id: int, registration_id: int) -> Answer:
    """The reason, which the person will read."""
    return _page(*load_registration(meeting_id, registration_id), ReasonForm())


@bp.post("/<int:registration_id>/refus")
@requires(MANAGE)
def refuse(meeting_id: int, registration_id: int) -> Answer:
    """The person has no place and is told why."""
    meeting, registration = load_registration(meeting_id, registration_id)
    form = ReasonForm()
    if not form.validate():
        return _page(meeting, registration, form)
    reason = form.reason.data or ""
    admitting.refuse_registration(registration=registration, reason=reason, by=current_actor(), at=now())
    flash(
        _("L’inscription de %(name)s est refusée. Le message part.", name=registration.full_name), "success"
    )
    return to("show", meeting_id=meeting_id, registration_id=registration.id)


def _page(meeting: Meeting, registration: Registration, form: ReasonForm) -> Answer:
    page = render_template(
        "registrations/office/refusal.html", meeting=meeting, registration=registration, form=form
    )
    return page, form.status
