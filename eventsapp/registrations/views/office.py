"""The organisers' list of registrations and the pages of one of them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.columns import csv_response, header_cells
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.security import MOST_ID
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_programme
from eventsapp.registrations import queries, services
from eventsapp.registrations.columns import COLUMNS, ON_SCREEN
from eventsapp.registrations.forms import OfficeDetailsForm, WorkshopsForm, office_workshops_form
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import PARTICIPANT_KINDS, REGISTRATION_STATES, Registration
from eventsapp.registrations.offer import load_offer

bp = Blueprint(
    "office_registrations", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/inscriptions"
)

Answer = str | tuple[str, int] | Response
FILTERS = ("q", "etat", "type", "atelier", "tri")
MANAGE = Permission.MANAGE_REGISTRATIONS


@bp.get("")
@requires(MANAGE)
def list_all(meeting_id: int) -> Answer:
    """The list, searched, filtered and sorted, one page at a time."""
    meeting, filters = _meeting(meeting_id), _filters()
    page = queries.list_registrations(meeting.id, filters, page_number())
    kept = {name: value for name, value in request.args.items() if name in FILTERS and value}

    def sorted_by(order: str) -> str:
        return f"{request.path}?{urlencode({**kept, 'tri': order})}"

    return render_template(
        "registrations/office/list.html",
        meeting=meeting,
        page=page,
        filters=filters,
        totals=queries.totals(meeting),
        taken=queries.places_taken([session.id for session in meeting.workshops]),
        columns=ON_SCREEN,
        headers=header_cells(COLUMNS, filters.order, sorted_by),
        kept=kept,
        states=REGISTRATION_STATES,
        kinds=PARTICIPANT_KINDS,
    )


@bp.get("/liste.csv")
@requires(MANAGE)
def export(meeting_id: int) -> Response:
    """The same list, whole, for a spreadsheet."""
    meeting = _meeting(meeting_id)
    rows = queries.export_registrations(meeting.id, _filters())
    return csv_response(COLUMNS, rows, filename=f"inscriptions-{meeting.slug}.csv", tz=meeting.time_zone)


@bp.get("/nouvelle")
@requires(MANAGE)
def show_form(meeting_id: int) -> Answer:
    """The form to register somebody by hand."""
    meeting = _meeting(meeting_id)
    return _form_page(meeting, None, OfficeDetailsForm(), _workshops(meeting, None))


@bp.post("")
@requires(MANAGE)
def register(meeting_id: int) -> Answer:
    """Somebody is registered by hand."""
    meeting = _meeting(meeting_id)
    form, workshops = OfficeDetailsForm(), _workshops(meeting, None)
    if form.validate() & workshops.validate():
        try:
            registration = services.register_by_hand(
                meeting=meeting,
                details=form.to_details(),
                session_ids=workshops.session_ids,
                by=current_actor(),
                at=now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s a une place. La confirmation part.", name=registration.full_name), "success")
            return _to("show", meeting.id, registration.id)
    return _form_page(meeting, None, form, workshops)


@bp.get("/<int:registration_id>")
@requires(MANAGE)
def show(meeting_id: int, registration_id: int) -> Answer:
    """One registration and what can be done with it."""
    meeting, registration = _loaded(meeting_id, registration_id)
    return render_template(
        "registrations/office/show.html",
        meeting=meeting,
        registration=registration,
        sessions=chosen_sessions(registration),
        kinds=PARTICIPANT_KINDS,
        states=REGISTRATION_STATES,
    )


@bp.get("/<int:registration_id>/fiche")
@requires(MANAGE)
def edit(meeting_id: int, registration_id: int) -> Answer:
    """The details and workshops of one registration, to be changed."""
    meeting, registration = _loaded(meeting_id, registration_id)
    return _form_page(
        meeting, registration, OfficeDetailsForm(obj=registration), _workshops(meeting, registration)
    )


@bp.post("/<int:registration_id>/fiche")
@requires(MANAGE)
def change(meeting_id: int, registration_id: int) -> Answer:
    """The registration is changed."""
    meeting, registration = _loaded(meeting_id, registration_id)
    form, workshops = OfficeDetailsForm(), _workshops(meeting, registration)
    if form.validate() & workshops.validate():
        try:
            services.change_registration(
                registration=registration,
                details=form.to_details(),
                session_ids=workshops.session_ids,
                by=current_actor(),
                at=now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("L’inscription est enregistrée."), "success")
            return _to("show", meeting.id, registration.id)
    return _form_page(meeting, registration, form, workshops)


@bp.post("/<int:registration_id>/annulation")
@requires(MANAGE)
def cancel(meeting_id: int, registration_id: int) -> Answer:
    """The registration is cancelled and the person is told."""
    meeting, registration = _loaded(meeting_id, registration_id)
    services.cancel_registration(registration=registration, by=current_actor(), at=now())
    flash(_("L’inscription est annulée. La personne est prévenue."), "success")
    return _to("show", meeting.id, registration.id)


@bp.post("/<int:registration_id>/confirmation")
@requires(MANAGE)
def resend(meeting_id: int, registration_id: int) -> Answer:
    """The confirmation and its personal link are sent again."""
    meeting, registration = _loaded(meeting_id, registration_id)
    services.resend_confirmation(registration=registration, by=current_actor(), at=now())
    flash(_("La confirmation repart à %(email)s.", email=registration.email), "success")
    return _to("show", meeting.id, registration.id)


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_programme(meeting_id, current_scope(MANAGE))


def _loaded(meeting_id: int, registration_id: int) -> tuple[Meeting, Registration]:
    meeting = _meeting(meeting_id)
    return meeting, queries.get_registration(meeting.id, registration_id)


def _filters() -> queries.RegistrationFilters:
    args = request.args
    order = args.get("tri", "name")
    return queries.RegistrationFilters(
        text=args.get("q", "")[:100],
        state=args["etat"] if args.get("etat") in REGISTRATION_STATES else "",
        kind=args["type"] if args.get("type") in PARTICIPANT_KINDS else "",
        session_id=max(0, min(args.get("atelier", 0, type=int), MOST_ID)) or None,
        order=order if order in queries.ORDERS else "name",
    )


def _workshops(meeting: Meeting, registration: Registration | None) -> WorkshopsForm:
    held = {place.session_id for place in registration.places} if registration else set()
    return office_workshops_form(load_offer(meeting, at=now()), held)


def _form_page(
    meeting: Meeting, registration: Registration | None, form: OfficeDetailsForm, workshops: WorkshopsForm
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


def _to(view: str, meeting_id: int, registration_id: int) -> Response:
    target = url_for(f"office_registrations.{view}", meeting_id=meeting_id, registration_id=registration_id)
    answer = redirect(target, 303)
    assert isinstance(answer, Response)  # noqa: S101 - tells mypy
    return answer
