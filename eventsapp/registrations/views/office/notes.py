"""Internal notes about a registration."""

from __future__ import annotations

from flask import flash

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import current_actor, requires
from eventsapp.registrations.forms.office import NoteForm
from eventsapp.registrations.queries import history
from eventsapp.registrations.services import notes
from eventsapp.registrations.views.office.registration import registration_page
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_registration, to


@bp.post("/<int:registration_id>/notes")
@requires(MANAGE)
def add_note(meeting_id: int, registration_id: int) -> Answer:
    """The note is in the history of the registration."""
    meeting, registration = load_registration(meeting_id, registration_id)
    form = NoteForm()
    if not form.validate():
        return registration_page(meeting, registration, form)
    notes.add_note(registration=registration, text=form.text.data or "", by=current_actor(), at=now())
    flash(_("La note est enregistrée."), "success")
    return to("show", meeting_id=meeting.id, registration_id=registration.id)


@bp.post("/<int:registration_id>/notes/<int:note_id>/suppression")
@requires(MANAGE)
def delete_note(meeting_id: int, registration_id: int, note_id: int) -> Answer:
    """The note is gone; only whoever wrote it may."""
    meeting, registration = load_registration(meeting_id, registration_id)
    notes.delete_note(note=history.get_note(registration.id, note_id), by=current_actor())
    flash(_("La note est supprimée."), "success")
    return to("show", meeting_id=meeting.id, registration_id=registration.id)
