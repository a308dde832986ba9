"""The pages of one registration: showing, changing, cancelling."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, render_template, request

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.columns import STATE_TONES
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.forms import OfficeDetailsForm
from eventsapp.registrations.forms.office import NoteForm
from eventsapp.registrations.forms.workshops import WorkshopsForm, office_workshops_form
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import (
    ATTENDANCE_MODES,
    PARTICIPANT_KINDS,
    REGISTRATION_STATES,
    Registration,
)
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.queries.duplicates import lookalikes
from eventsapp.registrations.queries.history import history_of
from eventsapp.registrations.questions.answers import readings
from eventsapp.registrations.questions.queries import form_of
from eventsapp.registrations.services import changing, links
from eventsapp.registrations.views.office.scope import (
    MANAGE,
    Answer,
    bp,
    load_registration,
    to,
)
from eventsapp.registrations.wishing import WorkshopStep


@bp.get("/<int:registration_id>")
@requires(MANAGE)
def show(meeting_id: int, registration_id: int) -> Answer:
    """One registration and what can be done with it."""
    meeting, registration = load_registration(meeting_id, registration_id)
    return registration_page(meeting, registration, NoteForm(formdata=None))


def registration_page(meeting: Meeting, registration: Registration, note: NoteForm) -> Answer:
    """Return the page of the registration, with its history and the note being written."""
    page = render_template(
        "registrations/office/show.html",
        meeting=meeting,
        registration=registration,
        sessions=chosen_sessions(registration),
        answers=[one for one in readings(form_of(registration)) if one.question.visibility == "office"],
        lookalike_id=lookalikes([registration]).get(registration.id),
        history=history_of(registration, reader_id=current_actor().id),
        form=note,
        kinds=PARTICIPANT_KINDS,
        states=REGISTRATION_STATES,
        modes=ATTENDANCE_MODES,
        regions=REGIONS,
        tones=STATE_TONES,
    )
    return page, note.status


@bp.get("/<int:registration_id>/fiche")
@requires(MANAGE)
def edit(meeting_id: int, registration_id: int) -> Answer:
    """The details and workshops of one registration, to be changed."""
    meeting, registration = load_registration(meeting_id, registration_id)
    return _form_page(
        meeting, registration, OfficeDetailsForm(obj=registration), _workshops(meeting, registration)
    )


@bp.post("/<int:registration_id>/fiche")
@requires(MANAGE)
def change(meeting_id: int, registration_id: int) -> Answer:
    """The registration is changed."""
    meeting, registration = load_registration(meeting_id, registration_id)
    form, workshops = OfficeDetailsForm(), _workshops(meeting, registration)
    if form.validate() & workshops.validate():
        try:
            changing.change_registration(
                registration=registration,
                details=form.to_details(),
                session_ids=workshops.session_ids,
                seen=request.form.get("revision", type=int),
                by=current_actor(),
                at=now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("L’inscription est enregistrée."), "success")
            return to("show", meeting_id=meeting.id, registration_id=registration.id)
    return _form_page(meeting, registration, form, workshops)


@bp.post("/<int:registration_id>/annulation")
@requires(MANAGE)
def cancel(meeting_id: int, registration_id: int) -> Answer:
    """The registration is cancelled and the person is told."""
    meeting, registration = load_registration(meeting_id, registration_id)
    changing.cancel_registration(registration=registration, by=current_actor(), at=now())
    flash(_("L’inscription est annulée. La personne est prévenue."), "success")
    return to("show", meeting_id=meeting.id, registration_id=registration.id)


@bp.post("/<int:registration_id>/confirmation")
@requires(MANAGE)
def resend(meeting_id: int, registration_id: int) -> Answer:
    """The confirmation and its personal link are sent again."""
    meeting, registration = load_registration(meeting_id, registration_id)
    links.resend_confirmation(registration=registration, by=current_actor(), at=now())
    flash(_("La confirmation repart à %(email)s.", email=registration.email), "success")
    return to("show", meeting_id=meeting.id, registration_id=registration.id)


def _workshops(meeting: Meeting, registration: Registration) -> WorkshopsForm:
    offer = load_offer(meeting, at=now())
    if not registration.may_hold_sessions() and offer.workshop_step is not WorkshopStep.DIRECT:
        offer = replace(offer, slots=())  # their ranked wishes stay as they are
    return office_workshops_form(offer, registration.chosen_session_ids())


def _form_page(
    meeting: Meeting, registration: Registration, form: OfficeDetailsForm, workshops: WorkshopsForm
) -> Answer:
    status = 422 if form.errors or workshops.errors else 200
    page = render_template(
        "registrations/office/form.html",
        meeting=meeting,
        registration=registration,
        form=form,
        workshops=workshops,
    )
    return page, status
