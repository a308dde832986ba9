"""What people ask after the deadline, and the organiser's answers."""

from __future__ import annotations

from flask import flash, render_template

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.forms import NoAnswers, ReasonForm
from eventsapp.registrations.models import PARTICIPANT_KINDS, REQUEST_KINDS, ChangeRequest
from eventsapp.registrations.queries import requests as queries
from eventsapp.registrations.services import deciding
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to


@bp.get("/demandes")
@requires(MANAGE)
def list_requests(meeting_id: int) -> Answer:
    """The open requests, then those answered, one page at a time."""
    return _list_page(load_meeting(meeting_id))


@bp.post("/demandes/<int:request_id>/acceptation")
@requires(MANAGE)
def accept_request(meeting_id: int, request_id: int) -> Answer:
    """What was asked is done, or the list says beside the request what prevents it."""
    meeting = load_meeting(meeting_id)
    request, form = queries.get_request(meeting.id, request_id), NoAnswers()
    if not form.carries_out(lambda: _accept(request)):
        return _list_page(meeting, refused={request_id: form.form_errors[0]})
    flash(_("La demande est acceptée. Les personnes concernées sont prévenues."), "success")
    return to("list_requests", meeting_id=meeting.id)


@bp.get("/demandes/<int:request_id>/refus")
@requires(MANAGE)
def ask_to_refuse_request(meeting_id: int, request_id: int) -> Answer:
    """The answer, which the person will read."""
    meeting = load_meeting(meeting_id)
    return _refusal_page(meeting, queries.get_request(meeting.id, request_id), ReasonForm())


@bp.post("/demandes/<int:request_id>/refus")
@requires(MANAGE)
def refuse_request(meeting_id: int, request_id: int) -> Answer:
    """Everything stays as it is and the person is told."""
    meeting = load_meeting(meeting_id)
    request, form = queries.get_request(meeting.id, request_id), ReasonForm()
    if not form.validate():
        return _refusal_page(meeting, request, form)
    answer = form.reason.data or ""
    deciding.refuse_request(request=request, answer=answer, by=current_actor(), at=now())
    flash(_("La demande est refusée. Le message part."), "success")
    return to("list_requests", meeting_id=meeting.id)


def _accept(request: ChangeRequest) -> None:
    deciding.accept_request(request=request, by=current_actor(), at=now())


def _list_page(meeting: Meeting, refused: dict[int, str] | None = None) -> Answer:
    page = render_template(
        "registrations/office/requests.html",
        meeting=meeting,
        page=queries.page_of_requests(meeting.id, page_number()),
        titles={session.id: session.title for session in meeting.workshops},
        kinds=REQUEST_KINDS,
        participant_kinds=PARTICIPANT_KINDS,
        refused=refused or {},
    )
    return page, 409 if refused else 200


def _refusal_page(meeting: Meeting, asked: ChangeRequest, form: ReasonForm) -> Answer:
    page = render_template(
        "registrations/office/request_refusal.html", meeting=meeting, asked=asked, form=form
    )
    return page, form.status
