"""The public form: details, workshops, check, done. Answers travel from page to page in the form itself.

Nothing is kept on the server before the end, and nothing personal in a cookie: each page posts every
answer given so far to the next one, so that going back and forth loses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for

from eventsapp.core.clock import now
from eventsapp.core.db import read_only
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import current_locale
from eventsapp.core.links import public_url
from eventsapp.core.permissions import Permission, may, public
from eventsapp.core.tokens import read_token
from eventsapp.meetings.calendar import build_event
from eventsapp.registrations import queries, rules, services
from eventsapp.registrations.errors import (
    MeetingIsFull,
    RegistrationIsClosed,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.forms import DETAILS, DetailsForm, WorkshopsForm, chosen_ids, workshops_form
from eventsapp.registrations.links import INVITED
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, load_offer, seats_shown

bp = Blueprint("registering", __name__, url_prefix="/rencontres/<slug>")

REFERENCE = "registration_reference"  # in the session: all that the last page needs
Answer = str | tuple[str, int] | Response


@bp.get("/inscription")
@public
def show_details(slug: str) -> Answer:
    """Step 1, empty."""
    offer = _offer(slug)
    return _details_page(offer, DetailsForm()) if offer.is_open else _closed_page(offer)


@bp.post("/inscription")
@public
def show_details_again(slug: str) -> Answer:
    """Step 1 with the answers posted: going back, or a form filled in beforehand by an invitation."""
    read_only()
    offer = _offer(slug)
    return _details_page(offer, DetailsForm()) if offer.is_open else _closed_page(offer)


@bp.post("/inscription/ateliers")
@public
def show_workshops(slug: str) -> Answer:
    """Step 2; details that need correcting are shown again."""
    read_only()
    offer, form = _offer(slug), DetailsForm()
    if not offer.is_open:
        return _closed_page(offer)
    if not form.validate():
        return _details_page(offer, form)
    return _workshops_page(offer, workshops_form(offer.slots)) if offer.slots else _check_page(offer, form)


@bp.post("/inscription/verification")
@public
def show_check(slug: str) -> Answer:
    """Last step: every answer on one page."""
    read_only()
    offer, form = _offer(slug), DetailsForm()
    if not offer.is_open:
        return _closed_page(offer)
    if not form.validate():
        return _details_page(offer, form)
    choices = workshops_form(offer.slots)
    return _check_page(offer, form) if _is_possible(offer, choices) else _workshops_page(offer, choices)


@bp.post("/inscription/confirmation")
@public
def register(slug: str) -> Answer:
    """The registration exists and its confirmation is queued, or the page says what to change."""
    form = DetailsForm()
    if not form.validate():
        return _details_page(_offer(slug), form)
    meeting = queries.get_announced_to_lock(slug, reserved_for=_reserved_for())
    given, at = _reference(), now()
    try:
        registration = services.register_or_remind(
            meeting=meeting,
            details=form.to_details(),
            session_ids=chosen_ids(request.form),
            at=at,
            invitation_id=_invitation_id(),
            reference=given,
            locale=current_locale(),
        )
    except DomainError as refusal:
        read_only()
        return _refused_page(_offer(slug), form, refusal)
    session[REFERENCE] = [meeting.id, _shown_reference(registration, given, at)]
    return _see("registering.show_confirmation", slug)


@bp.get("/inscription/confirmation")
@public
def show_confirmation(slug: str) -> Answer:
    """Done: the reference and what comes next. The same page whether or not the address was registered."""
    meeting_id, reference = session.get(REFERENCE) or (0, "")
    open_to = _reserved_for()
    meeting = queries.get_announced_meeting(
        slug, reserved_for=None if open_to is None else {*open_to, meeting_id}
    )
    if meeting.id != meeting_id:
        return _see("registering.show_details", slug)
    return render_template("registrations/confirmation.html", meeting=meeting, reference=reference)


@bp.get("/inscription/ateliers")
@bp.get("/inscription/verification")
@public
def begin_again(slug: str) -> Answer:
    """A step's address opened directly: the answers are not there, the first step is."""
    return _see("registering.show_details", slug)


@bp.get("/inscription/rencontre.ics")
@public
def download_entry(slug: str) -> Response:
    """The meeting as a calendar entry; the one sent by mail, with the workshops, updates it."""
    meeting = queries.get_announced_meeting(slug, reserved_for=_reserved_for())
    entry = build_event(meeting, method="PUBLISH", url=public_url("registering.show_details", slug=slug))
    return Response(
        entry, mimetype="text/calendar", headers={"Content-Disposition": f"attachment; filename={slug}.ics"}
    )


@bp.get("/places.json")
@public
def show_seats(slug: str) -> Response:
    """Places left, by workshop and for the meeting («meeting»), as their badges say it."""
    meeting = queries.get_announced_programme(slug, reserved_for=_reserved_for())
    seats = queries.seats_left(meeting)
    shown = {str(x.id): seats_shown(seats.sessions[x.id], x.capacity) for x in meeting.workshops}
    answer = jsonify({"meeting": seats_shown(seats.meeting, meeting.capacity), **shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offer(slug: str) -> Offer:
    meeting = queries.get_announced_programme(slug, reserved_for=_reserved_for())
    return load_offer(meeting, at=now())


def _reserved_for() -> frozenset[int] | None:
    """The meetings that are not public but open to this person; None for all of them."""
    if may(Permission.SEE_OFFICE):
        return None
    invited = _invited()
    return frozenset({invited[0]} if invited else ())


def _invited() -> tuple[int, int] | None:
    token = request.values.get("invitation")
    return read_token(INVITED, token) if token else None


def _invitation_id() -> int | None:
    invited = _invited()
    return invited[1] if invited else None


def _is_possible(offer: Offer, choices: WorkshopsForm) -> bool:
    if not choices.validate():
        return False
    for chosen in offer.sessions(choices.session_ids):
        if offer.is_full(chosen):
            choices[offer.field_of(chosen)].errors = [WorkshopIsFull.message_about(chosen)]
    return not choices.errors


def _refused_page(offer: Offer, form: DetailsForm, refusal: DomainError) -> Answer:
    if isinstance(refusal, RegistrationIsClosed):
        return _closed_page(offer)
    if isinstance(refusal, MeetingIsFull):
        form.refuse(refusal)
        return _check_page(offer, form)
    if not isinstance(refusal, WorkshopIsFull | WorkshopIsUnknown | SessionsOverlap):
        raise refusal
    choices = workshops_form(offer.slots)
    if isinstance(refusal, WorkshopIsFull):
        for full in refusal.sessions:
            choices[offer.field_of(full)].errors = [WorkshopIsFull.message_about(full)]
    else:
        choices.refuse(refusal)
    return _workshops_page(offer, choices)


def _details_page(offer: Offer, form: DetailsForm) -> Answer:
    page = render_template(
        "registrations/details.html", offer=offer, form=form, carried=_carried(details=False)
    )
    return page, form.status


def _workshops_page(offer: Offer, choices: WorkshopsForm) -> Answer:
    carried = _carried(choices=False)
    page = render_template("registrations/workshops.html", offer=offer, form=choices, carried=carried)
    return page, choices.status


def _check_page(offer: Offer, form: DetailsForm) -> Answer:
    carried = [*_carried(reference=False), ("reference", _reference())]
    sessions = offer.sessions(chosen_ids(request.form))
    page = render_template(
        "registrations/check.html", offer=offer, form=form, sessions=sessions, carried=carried
    )
    return page, form.status


def _closed_page(offer: Offer) -> Answer:
    status = 200 if request.method == "GET" else 409
    return render_template("registrations/closed.html", offer=offer, Opening=rules.Opening), status


def _reference() -> str:
    return rules.read_reference(request.form.get("reference", "")) or rules.make_reference()


def _shown_reference(registration: Registration, given: str, at: datetime) -> str:
    """The reference of a new registration; for an address already registered, one that tells nothing.

    Whoever types somebody's address must not learn that it is registered, nor the reference it has.
    """
    if registration.registered_at == at:
        return registration.reference
    is_anothers = registration.reference != given and queries.is_reference_taken(given)
    return rules.make_reference() if is_anothers else given


def _carried(*, details: bool = True, choices: bool = True, reference: bool = True) -> list[tuple[str, str]]:
    """The answers given so far that the page does not show as fields."""
    names: set[str] = {"invitation", *(DETAILS if details else ()), *(["reference"] if reference else ())}
    carried = [(name, value) for name, value in request.form.items() if name in names]
    if choices:
        carried += [(name, value) for name, value in request.form.items() if name.startswith("creneau_")]
    if request.method == "GET" and (token := request.args.get("invitation")):
        carried.append(("invitation", token))
    return carried


def _see(endpoint: str, slug: str, **values: Any) -> Response:
    answer = redirect(url_for(endpoint, slug=slug, **values), 303)
    assert isinstance(answer, Response)  # noqa: S101 - tells mypy
    return answer
