"""Registering somebody by hand: who they are, the meeting's own questions, workshops, and what they are told."""

from __future__ import annotations

from flask import flash, render_template

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.forms import Together
from eventsapp.core.i18n import _
from eventsapp.core.permissions import current_actor, requires
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.forms.office import AddForm, add_form
from eventsapp.registrations.forms.workshops import WorkshopsForm, office_workshops_form
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, load_offer
from eventsapp.registrations.queries.queues import position_of
from eventsapp.registrations.questions.errors import FileIsGone, FormHasChanged
from eventsapp.registrations.questions.forms.asked import AskedForm, asked_form
from eventsapp.registrations.questions.views import asking
from eventsapp.registrations.services import registering
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to


@bp.get("/nouvelle")
@requires(MANAGE)
def show_form(meeting_id: int) -> Answer:
    """The form to register somebody by hand; it says first whether there is a place."""
    offer = load_offer(load_meeting(meeting_id), at=now())
    asked = asked_form(offer.questions, by_office=True, is_new=True)
    return _page(offer, add_form(offer), asked, office_workshops_form(offer, ()))


@bp.post("")
@requires(MANAGE)
def register(meeting_id: int) -> Answer:
    """Somebody is registered by hand; the next page says whether with a place or in the waiting list."""
    offer = load_offer(load_meeting(meeting_id), at=now())
    form, workshops = add_form(offer), office_workshops_form(offer, ())
    asked = asking.asked_so_far(offer.questions, by_office=True, is_new=True)
    is_complete = asking.is_complete_for(asked, offer.setup.form_version)
    if form.validate() & workshops.validate() & is_complete:
        try:
            registration = _register(offer, form, asked, workshops)
        except DomainError as refusal:
            _refuse(refusal, form, asked, workshops)
        else:
            _tell_outcome(registration, is_told=form.is_told.data)
            return to("show", meeting_id=meeting_id, registration_id=registration.id)
    return _page(offer, form, asked, workshops)


def _register(offer: Offer, form: AddForm, asked: AskedForm, workshops: WorkshopsForm) -> Registration:
    choices = Choices(session_ids=tuple(workshops.session_ids), mode=form.data.get("mode") or "")
    return registering.register_by_hand(
        meeting=offer.meeting,
        details=form.to_details(),
        choices=choices,
        locale=form.locale.data,
        answers=asked.given(asking.version_sent()),
        is_told=form.is_told.data,
        may_wait=bool(form.data.get("may_wait")),
        by=current_actor(),
        at=now(),
    )


def _refuse(refusal: DomainError, form: AddForm, asked: AskedForm, workshops: WorkshopsForm) -> None:
    """Show the refusal in the part of the page that it is about."""
    if isinstance(refusal, FormHasChanged | FileIsGone):
        asked.refuse(refusal)
    elif refusal.field == "sessions":
        workshops.refuse(refusal)
    else:
        form.refuse(refusal)


def _tell_outcome(registration: Registration, *, is_told: bool) -> None:
    name = registration.full_name
    if registration.state == "waiting":
        rank = position_of(registration)
        flash(_("%(name)s est en liste d’attente, au rang %(rank)d.", name=name, rank=rank), "warning")
    else:
        flash(_("%(name)s a une place.", name=name), "success")
    flash(_("Le message de l’inscription part.") if is_told else _("Aucun message n’est envoyé."), "info")


def _page(offer: Offer, form: AddForm, asked: AskedForm, workshops: WorkshopsForm) -> Answer:
    together = Together(form, asked, workshops)
    page = render_template(
        "registrations/office/add.html",
        meeting=offer.meeting,
        offer=offer,
        form=together,
        details=form,
        asked=asked,
        workshops=workshops,
    )
    return page, together.status
