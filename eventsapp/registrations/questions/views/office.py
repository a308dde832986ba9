"""The answers of one registration, for organisers: read, changed on somebody's behalf."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting
from eventsapp.registrations.models import Registration
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.queries.listing import get_registration
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.forms.asked import AskedForm, asked_form
from eventsapp.registrations.questions.services import answering
from eventsapp.registrations.questions.views import asking

bp = Blueprint(
    "office_answers",
    __name__,
    url_prefix="/gestion/rencontres/<int:meeting_id>/inscriptions/<int:registration_id>/reponses",
)
asking.take_files(bp)

MANAGE = Permission.MANAGE_REGISTRATIONS
Answer = str | tuple[str, int] | Response


@bp.get("")
@requires(MANAGE)
def edit(meeting_id: int, registration_id: int) -> Answer:
    """The answers, to be changed; those that only the desk reads are not there."""
    meeting, registration = _loaded(meeting_id, registration_id)
    known = asking.known_values(registration.id)
    form = asked_form(queries.live_questions(meeting.id), known, by_office=True)
    return _page(meeting, registration, form)


@bp.post("")
@requires(MANAGE)
def change(meeting_id: int, registration_id: int) -> Answer:
    """The answers are changed."""
    meeting, registration = _loaded(meeting_id, registration_id)
    known = asking.known_values(registration.id)
    form = asking.asked_so_far(queries.live_questions(meeting.id), known, by_office=True)
    if asking.is_complete_for(form, get_setup(meeting.id).form_version) and form.carries_out(
        lambda: answering.change_answers(
            registration=registration,
            answers=form.given(asking.version_sent()),
            by=current_actor(),
            at=now(),
        )
    ):
        flash(_("Les réponses sont enregistrées."), "success")
        return redirect(_href(meeting, registration), 303)
    return _page(meeting, registration, form)


@bp.get("/fichiers/<int:file_id>")
@requires(MANAGE)
def download(meeting_id: int, registration_id: int, file_id: int) -> Response:
    """A file given as an answer."""
    return asking.sent_file(_loaded(meeting_id, registration_id)[1], file_id)


def _loaded(meeting_id: int, registration_id: int) -> tuple[Meeting, Registration]:
    meeting = get_managed_meeting(meeting_id, current_scope(MANAGE))
    return meeting, get_registration(meeting.id, registration_id)


def _href(meeting: Meeting, registration: Registration) -> str:
    return url_for("office_registrations.show", meeting_id=meeting.id, registration_id=registration.id)


def _page(meeting: Meeting, registration: Registration, form: AskedForm) -> Answer:
    page = render_template(
        "registrations/questions/answers.html",
        meeting=meeting,
        registration=registration,
        form=form,
        form_version=get_setup(meeting.id).form_version,
        back=_href(meeting, registration),
    )
    return page, form.status
