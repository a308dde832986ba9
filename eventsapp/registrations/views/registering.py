"""The public form: details, questions, workshops, check, done. Answers travel from page to page in the form itself.

Nothing is kept on the server before the end (files apart, for a day), and nothing personal in a cookie:
each page posts every answer given so far to the next one, so that going back and forth loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from flask import Blueprint, Response, jsonify, render_template, request, session

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.db import read_only
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import current_locale
from eventsapp.core.links import public_url
from eventsapp.core.permissions import public
from eventsapp.meetings.calendar import build_event
from eventsapp.registrations import places, queries, rules
from eventsapp.registrations.errors import (
    ChoiceHasChanged,
    MeetingIsFull,
    ModeIsNotOffered,
    PlacesOnSiteAreTaken,
    RegistrationIsClosed,
    SessionsOverlap,
    ThereIsNoWaitingList,
    TooManyFromOneAddress,
    WishesAreUnsound,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.forms import DetailsForm, entry_form
from eventsapp.registrations.forms.workshops import (
    WorkshopsForm,
    awaited_ids,
    choices_form,
    chosen_ids,
    chosen_wishes,
)
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, load_announced_offer, seats_shown
from eventsapp.registrations.questions.errors import FileIsGone, FormHasChanged
from eventsapp.registrations.questions.forms.asked import VERSION, AskedForm
from eventsapp.registrations.questions.views import asking
from eventsapp.registrations.services import registering
from eventsapp.registrations.views import pacing, sent
from eventsapp.registrations.views.pacing import check_pace
from eventsapp.registrations.wishing import are_wishes_due, wishes_end_at

bp = Blueprint("registering", __name__, url_prefix="/rencontres/<slug>")
asking.take_files(bp)

REFERENCE = "registration_reference"  # in the session: all that the last page needs
Answer = str | tuple[str, int] | Response
Step: TypeAlias = Callable[
    [Offer, DetailsForm, AskedForm], Answer
]  # what is shown once those before are right


@bp.get("/inscription")
@public
def show_details(slug: str) -> Answer:
    """Step 1, empty."""
    offer = _offer(slug)
    if not offer.is_open:
        return _closed_page(offer)
    return _details_page(offer, _form(offer), asking.asked_so_far(()))


@bp.post("/inscription")
@public
def show_details_again(slug: str) -> Answer:
    """Step 1 with the answers posted: going back, or a form filled in beforehand by an invitation."""
    asking.read_only_without_files()
    offer = _offer(slug)
    if not offer.is_open:
        return _closed_page(offer)
    return _details_page(offer, _form(offer), asking.asked_so_far(offer.questions))


@bp.post("/inscription/questions")
@public
def show_questions(slug: str) -> Answer:
    """The meeting's own questions, where it has some; details that need correcting are shown again."""
    return _after_details(
        slug,
        lambda offer, form, asked: (
            _questions_page(offer, asked) if offer.questions else _after_questions(offer, form, asked)
        ),
    )


@bp.post("/inscription/ateliers")
@public
def show_workshops(slug: str) -> Answer:
    """The workshops, where there are some; details and answers that need correcting are shown again."""
    return _after_answers(slug, _after_questions)


@bp.post("/inscription/verification")
@public
def show_check(slug: str) -> Answer:
    """Last step: every answer on one page."""
    return _after_answers(slug, _after_workshops)


@bp.post("/inscription/confirmation")
@public
def register(slug: str) -> Answer:
    """The registration exists and its confirmation is queued, or the page says what to change."""
    form = DetailsForm()
    if not form.validate():
        return _refused_page(_offer(slug))
    details, at = form.to_details(), now()
    given = sent.reference_sent(details.email)
    try:
        check_pace(pacing.registrations)
        choices = sent.choices_sent()
        held = places.hold_announced(
            slug,
            choices.session_ids,
            choices.other_ids,
            registering.newcomer(details, given),
            reserved_for=sent.reserved_for(),
        )
        answers = asking.answers_sent(held.meeting.id)
        if answers is None:
            read_only()
            return _refused_page(_offer(slug))
        entry = registering.Entry(
            details=details,
            choices=choices,
            at=at,
            invitation_id=sent.invitation_to(held.meeting.id),
            reference=given,
            locale=current_locale(),
            answers=answers,
        )
        receipt = registering.register_or_remind(held, entry)
    except DomainError as refusal:
        read_only()
        return _refused_page(_offer(slug), refusal)
    shown = _shown_reference(receipt.registration, given, at)
    session[REFERENCE] = [held.meeting.id, shown, receipt.state]
    return see_other("registering.show_confirmation", slug=slug)


@bp.get("/inscription/confirmation")
@public
def show_confirmation(slug: str) -> Answer:
    """Done: the reference and what comes next. The same page whether or not the address was registered."""
    meeting_id, reference, state = session.get(REFERENCE) or (0, "", "")
    open_to = sent.reserved_for()
    meeting = queries.get_announced_meeting(
        slug, reserved_for=None if open_to is None else {*open_to, meeting_id}
    )
    if meeting.id != meeting_id:
        return see_other("registering.show_details", slug=slug)
    setup = queries.get_setup(meeting.id)
    return render_template(
        "registrations/confirmation.html",
        meeting=meeting,
        reference=reference,
        state=state,
        wishes_end_at=wishes_end_at(meeting, setup) if are_wishes_due(setup) else None,
    )


@bp.get("/inscription/questions")
@bp.get("/inscription/ateliers")
@bp.get("/inscription/verification")
@public
def begin_again(slug: str) -> Answer:
    """A step's address opened directly: the answers are not there, the first step is."""
    return see_other("registering.show_details", slug=slug)


@bp.get("/inscription/rencontre.ics")
@public
def download_entry(slug: str) -> Response:
    """The meeting as a calendar entry; the one sent by mail, with the workshops, updates it."""
    meeting = queries.get_announced_meeting(slug, reserved_for=sent.reserved_for())
    entry = build_event(meeting, method="PUBLISH", url=public_url("registering.show_details", slug=slug))
    return Response(
        entry, mimetype="text/calendar", headers={"Content-Disposition": f"attachment; filename={slug}.ics"}
    )


@bp.get("/places.json")
@public
def show_seats(slug: str) -> Response:
    """Places left, by workshop and for the meeting («meeting»), as their badges say it."""
    meeting, _setup, seats = queries.get_announced_places(slug, reserved_for=sent.reserved_for())
    shown = {str(x.id): seats_shown(seats.sessions[x.id], x.capacity) for x in meeting.workshops}
    answer = jsonify({"meeting": seats_shown(seats.meeting, meeting.capacity), **shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offer(slug: str) -> Offer:
    offer = load_announced_offer(slug, reserved_for=sent.reserved_for(), at=now())
    return offer.as_asked(sent.mode_sent())


def _form(offer: Offer) -> DetailsForm:
    is_invited = sent.invitation_to(offer.meeting.id) is not None
    return entry_form(offer.setup, is_invited=is_invited, code=request.args.get("code", "")[:40])


def _is_possible(offer: Offer, choices: WorkshopsForm) -> bool:
    if not choices.validate():
        return False
    closed = [session for session in offer.sessions(choices.session_ids) if offer.is_closed(session)]
    if closed:
        choices.refuse(WorkshopIsFull(closed))
    return not closed


def _refused_page(offer: Offer, refusal: DomainError | None = None) -> Answer:
    """The page where what was refused can be changed; without a refusal, the first that has an error."""
    asked, form = asking.asked_so_far(offer.questions), _form(offer)
    if refusal is None and asking.version_sent() != offer.setup.form_version:
        refusal = FormHasChanged()
    if isinstance(refusal, RegistrationIsClosed):
        return _closed_page(offer)
    is_admitted = form.validate()
    if isinstance(refusal, ModeIsNotOffered | PlacesOnSiteAreTaken):
        form.refuse(refusal)
        is_admitted = False
    if not is_admitted:
        return _details_page(offer, form, asked)
    if not asked.is_complete() or (offer.questions and isinstance(refusal, FormHasChanged | FileIsGone)):
        if refusal:
            asked.refuse(refusal)
        return _questions_page(offer, asked)
    is_of_no_step = isinstance(refusal, MeetingIsFull | FormHasChanged | TooManyFromOneAddress)
    if refusal is None or not offer.slots or is_of_no_step:
        if refusal:
            form.refuse(refusal)
        page, status = _check_page(offer, form, asked)
        return page, 429 if isinstance(refusal, TooManyFromOneAddress) else status
    if not isinstance(
        refusal,
        WorkshopIsFull
        | WorkshopIsUnknown
        | SessionsOverlap
        | ChoiceHasChanged
        | WishesAreUnsound
        | ThereIsNoWaitingList,
    ):
        raise refusal
    choices = choices_form(offer)
    choices.refuse(refusal)
    return _workshops_page(offer, choices, asked)


def _after_details(slug: str, then: Step) -> Answer:
    """Return the page that follows the details; the first step again when they need correcting."""
    asking.read_only_without_files()
    offer = _offer(slug)
    if not offer.is_open:
        return _closed_page(offer)
    form, asked = _form(offer), asking.asked_so_far(offer.questions)
    return then(offer, form, asked) if form.validate() else _details_page(offer, form, asked)


def _after_answers(slug: str, then: Step) -> Answer:
    """Return the page that follows the meeting's own questions; the first of these steps that needs correcting."""
    return _after_details(
        slug,
        lambda offer, form, asked: (
            then(offer, form, asked) if asked.is_complete() else _questions_page(offer, asked)
        ),
    )


def _after_workshops(offer: Offer, form: DetailsForm, asked: AskedForm) -> Answer:
    choices = choices_form(offer)
    if not _is_possible(offer, choices):
        return _workshops_page(offer, choices, asked)
    return _check_page(offer, form, asked)


def _after_questions(offer: Offer, form: DetailsForm, asked: AskedForm) -> Answer:
    if offer.slots:
        return _workshops_page(offer, choices_form(offer), asked)
    return _check_page(offer, form, asked)


def _details_page(offer: Offer, form: DetailsForm, asked: AskedForm) -> Answer:
    carried = [*sent.carried(details=False), *asked.carried]
    page = render_template("registrations/details.html", offer=offer, form=form, carried=carried)
    return page, form.status


def _questions_page(offer: Offer, asked: AskedForm) -> Answer:
    page = render_template(
        "registrations/questions/step.html", offer=offer, form=asked, carried=sent.carried()
    )
    return page, asked.status


def _workshops_page(offer: Offer, choices: WorkshopsForm, asked: AskedForm) -> Answer:
    carried = [*sent.carried(choices=False), *asked.carried]
    page = render_template("registrations/workshops.html", offer=offer, form=choices, carried=carried)
    return page, choices.status


def _check_page(offer: Offer, form: DetailsForm, asked: AskedForm) -> tuple[str, int]:
    carried = [
        *sent.carried(choices=bool(offer.slots), reference=False),
        *asked.carried,
        ("reference", sent.form_sent()),
    ]
    if offer.setup.form_version:
        carried.append((VERSION, str(offer.setup.form_version)))
    page = render_template(
        "registrations/check.html",
        offer=offer,
        form=form,
        asked=asked,
        sessions=offer.sessions(chosen_ids(request.form)),
        awaited=offer.sessions(awaited_ids(request.form, chosen_ids(request.form))),
        wishes=chosen_wishes(request.form),
        carried=carried,
    )
    return page, form.status


def _closed_page(offer: Offer) -> Answer:
    status = 200 if request.method == "GET" else 409
    return render_template("registrations/closed.html", offer=offer, Opening=rules.Opening), status


def _shown_reference(registration: Registration, given: str, at: datetime) -> str:
    """The reference of a new registration; for an address already registered, one that tells nothing.

    Whoever types somebody's address must not learn that it is registered, nor the reference it has.
    """
    if registration.registered_at == at:
        return registration.reference
    is_anothers = registration.reference != given and queries.is_reference_taken(given)
    return rules.make_reference() if is_anothers else given
