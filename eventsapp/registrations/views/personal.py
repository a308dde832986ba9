"""The pages of whoever holds the signed link: their registration, and only that."""

from __future__ import annotations

from flask import Response, flash, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link, public
from eventsapp.mail.calendar import write_entry
from eventsapp.registrations import queries, rules
from eventsapp.registrations.calendar import registration_entry
from eventsapp.registrations.errors import (
    ChangeIsTooLate,
    RegistrationIsCancelled,
    TooManyFromOneAddress,
)
from eventsapp.registrations.forms import EmailForm, MyDetailsForm, NoAnswers
from eventsapp.registrations.forms.workshops import WorkshopsForm, workshops_form
from eventsapp.registrations.links import PURPOSE, registration_url
from eventsapp.registrations.mails import chosen_sessions, wish_facts
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, offer_to
from eventsapp.registrations.queries.requests import open_request_of
from eventsapp.registrations.questions.answers import readings
from eventsapp.registrations.questions.queries import form_of
from eventsapp.registrations.services import changing, links
from eventsapp.registrations.standing import standing_in_line
from eventsapp.registrations.views import pacing
from eventsapp.registrations.views.pacing import check_pace
from eventsapp.registrations.views.private import private_blueprint
from eventsapp.registrations.wishing import WorkshopStep, wishes_end_at, workshop_step

bp = private_blueprint("my_registration", __name__)

Answer = str | tuple[str, int] | Response


@bp.get("")
@public
def ask_for_link() -> Answer:
    """The form of those who lost their link."""
    return render_template("registrations/find.html", form=EmailForm())


@bp.post("")
@public
def send_link() -> Answer:
    """The link is on its way if the address is registered; the answer is the same when it is not."""
    form = EmailForm()
    if not form.validate():
        return render_template("registrations/find.html", form=form), form.status
    if not form.carries_out(lambda: check_pace(pacing.links)):
        return render_template("registrations/find.html", form=form), TooManyFromOneAddress.status
    links.send_personal_links(email=form.email.data, at=now())
    return _to("link_sent")


@bp.get("/lien-envoye")
@public
def link_sent() -> Answer:
    """What to do next."""
    return render_template("registrations/link_sent.html")


@bp.get("/<token>")
@personal_link(PURPOSE)
def show(token: str, subject: int, version: int) -> Answer:
    """The registration, with what can still be done."""
    registration = queries.get_by_link(subject, version)
    meeting, at = registration.meeting, now()
    setup = queries.get_setup(meeting.id)
    closes_at = setup.changes_close_at
    return render_template(
        "registrations/mine.html",
        registration=registration,
        meeting=meeting,
        sessions=chosen_sessions(registration),
        answers=readings(form_of(registration)),
        wishes=wish_facts(registration, meeting, setup),
        wishes_end_at=wishes_end_at(meeting, setup),
        workshop_step=workshop_step(meeting, setup, at),
        token=token,
        queue=standing_in_line(registration, setup, at),
        may_change=registration.is_active() and rules.may_change(meeting, at, closes_at),
        changes_end_at=rules.changes_end_at(meeting, closes_at),
        may_cancel=registration.is_active() and rules.may_cancel(meeting, at),
        may_request=setup.takes_late_requests and rules.may_request(meeting, at, closes_at),
        asked=open_request_of(registration.id),
        is_over=meeting.ends_at <= at,
    )


@bp.get("/<token>/coordonnees")
@personal_link(PURPOSE)
def edit_details(token: str, subject: int, version: int) -> Answer:
    """The details, to be changed."""
    registration = changeable(subject, version)
    return _details_page(registration, MyDetailsForm(obj=registration), token)


@bp.post("/<token>/coordonnees")
@personal_link(PURPOSE)
def change_details(token: str, subject: int, version: int) -> Answer:
    """The details are changed."""
    registration = changeable(subject, version)
    form = MyDetailsForm()
    if not form.validate():
        return _details_page(registration, form, token)
    details = form.to_details(email=registration.email)
    changing.change_registration(registration=registration, details=details, at=now())
    flash(_("Vos coordonnées sont enregistrées."), "success")
    return _to("show", token)


@bp.get("/<token>/ateliers")
@personal_link(PURPOSE)
def edit_workshops(token: str, subject: int, version: int) -> Answer:
    """The workshops, to be changed."""
    registration = changeable(subject, version)
    offer = offer_to(registration, at=now())
    if not offer.slots:
        return _to("show", token)
    if offer.workshop_step is not WorkshopStep.DIRECT:
        return see_other("my_wishes.edit", token=token)
    form = workshops_form(offer.slots, registration.chosen_session_ids(), _awaited(registration))
    return _workshops_page(registration, offer, form, token)


@bp.post("/<token>/ateliers")
@personal_link(PURPOSE)
def change_workshops(token: str, subject: int, version: int) -> Answer:
    """The workshops are changed, or the page says which one filled up meanwhile."""
    registration = changeable(subject, version)
    offer = offer_to(registration, at=now())
    form = workshops_form(offer.slots)
    if not form.validate():
        return _workshops_page(registration, offer, form, token)
    waiting_ids = form.waiting_ids if registration.is_confirmed() else None
    if not form.carries_out(
        lambda: changing.change_registration(
            registration=registration, session_ids=form.session_ids, waiting_ids=waiting_ids, at=now()
        )
    ):
        return _workshops_page(registration, offer, form, token)
    flash(_("Vos ateliers sont enregistrés. Nous vous envoyons une confirmation."), "success")
    return _to("show", token)


@bp.get("/<token>/annulation")
@personal_link(PURPOSE)
def ask_to_cancel(token: str, subject: int, version: int) -> Answer:
    """What cancelling means, before it is done."""
    registration = queries.get_by_link(subject, version)
    if not (registration.is_active() and rules.may_cancel(registration.meeting, now())):
        return _to("show", token)
    return render_template(
        "registrations/cancel.html",
        registration=registration,
        meeting=registration.meeting,
        sessions=chosen_sessions(registration),
        token=token,
        form=NoAnswers(),
    )


@bp.post("/<token>/annulation")
@personal_link(PURPOSE)
def cancel(token: str, subject: int, version: int) -> Answer:
    """The registration is cancelled and its places are free."""
    registration = queries.get_by_link(subject, version)
    changing.cancel_registration(registration=registration, at=now())
    return _to("show", token)


@bp.get("/<token>/rencontre.ics")
@personal_link(PURPOSE)
def download_entry(token: str, subject: int, version: int) -> Response:
    """The registration as a calendar entry."""
    registration = queries.get_by_link(subject, version)
    entry = registration_entry(
        registration.meeting,
        registration,
        method="PUBLISH",
        sessions=chosen_sessions(registration),
        url=registration_url(registration),
        at=now(),
    )
    disposition = f"attachment; filename={registration.meeting.slug}.ics"
    return Response(
        write_entry(entry), mimetype="text/calendar", headers={"Content-Disposition": disposition}
    )


def changeable(subject: int, version: int) -> Registration:
    """Return the registration of a link if its person may still change it; say why not otherwise."""
    registration = queries.get_by_link(subject, version)
    if not registration.is_active():
        raise RegistrationIsCancelled
    closes_at = queries.get_setup(registration.meeting_id).changes_close_at
    if not rules.may_change(registration.meeting, now(), closes_at):
        raise ChangeIsTooLate
    return registration


def _awaited(registration: Registration) -> set[int]:
    return {place.session_id for place in registration.places if place.state == "waiting"}


def _details_page(registration: Registration, form: MyDetailsForm, token: str) -> Answer:
    page = render_template("registrations/my_details.html", registration=registration, form=form, token=token)
    return page, form.status


def _workshops_page(registration: Registration, offer: Offer, form: WorkshopsForm, token: str) -> Answer:
    page = render_template(
        "registrations/my_workshops.html",
        offer=offer,
        form=form,
        token=token,
        held=registration.chosen_session_ids(),
        offered={place.session_id for place in registration.places if place.state == "offered"},
        is_certain=registration.is_confirmed(),
    )
    return page, form.status


def _to(view: str, token: str | None = None) -> Response:
    return see_other(f"my_registration.{view}", token=token)
