"""What somebody does with their place besides changing it: give it to a colleague, ask the organiser after the deadline."""

from __future__ import annotations

from flask import Response, flash, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link, public
from eventsapp.registrations import queries, rules
from eventsapp.registrations.errors import PlaceIsNotTheirs, RequestsAreNotTaken
from eventsapp.registrations.forms.colleagues import MessageForm, SubstituteForm, substitute_form
from eventsapp.registrations.forms.workshops import WorkshopsForm, workshops_form
from eventsapp.registrations.links import PURPOSE
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, load_offer
from eventsapp.registrations.services import requests, transferring
from eventsapp.registrations.views.private import private_blueprint
from eventsapp.registrations.wishing import WorkshopStep

bp = private_blueprint("my_requests", __name__)

Answer = str | tuple[str, int] | Response


@bp.get("/<token>/remplacement")
@personal_link(PURPOSE)
def show_substitute(token: str, subject: int, version: int) -> Answer:
    """Who comes instead."""
    registration = _with_place(subject, version)
    return _substitute_page(registration, substitute_form(registration), token)


@bp.post("/<token>/remplacement")
@personal_link(PURPOSE)
def pass_on(token: str, subject: int, version: int) -> Answer:
    """The place is somebody else's, or the organiser is asked."""
    registration = _with_place(subject, version)
    form = SubstituteForm()
    if not (form.validate() and form.carries_out(lambda: _pass_on(registration, form))):
        return _substitute_page(registration, form, token)
    if registration.link_version == version:
        flash(_("Votre demande est transmise à l’organisation, qui vous répond par message."), "success")
        return see_other("my_registration.show", token=token)
    return see_other("my_requests.passed_on")


@bp.get("/place-transmise")
@public
def passed_on() -> Answer:
    """What follows; the link no longer opens anything of the person who gave the place."""
    return render_template("registrations/passed_on.html")


@bp.get("/<token>/demande")
@personal_link(PURPOSE)
def show_workshops(token: str, subject: int, version: int) -> Answer:
    """Which workshops to ask for."""
    registration = _with_place(subject, version)
    offer = _offer(registration)
    form = workshops_form(offer.slots, _held(registration))
    return _workshops_page(registration, offer, form, MessageForm(), token)


@bp.post("/<token>/demande")
@personal_link(PURPOSE)
def ask_for_workshops(token: str, subject: int, version: int) -> Answer:
    """The organiser is asked for these workshops."""
    registration = _with_place(subject, version)
    offer = _offer(registration)
    form, message = workshops_form(offer.slots), MessageForm()
    is_valid = form.validate() & message.validate()
    if not (is_valid and form.carries_out(lambda: _ask(registration, form, message))):
        return _workshops_page(registration, offer, form, message, token)
    flash(_("Votre demande est transmise à l’organisation, qui vous répond par message."), "success")
    return see_other("my_registration.show", token=token)


@bp.post("/<token>/demande/retrait")
@personal_link(PURPOSE)
def withdraw(token: str, subject: int, version: int) -> Answer:
    """Nothing is asked any more."""
    registration = queries.get_by_link(subject, version)
    requests.withdraw_request(registration=registration, at=now())
    flash(_("Votre demande est retirée."), "success")
    return see_other("my_registration.show", token=token)


def _pass_on(registration: Registration, form: SubstituteForm) -> None:
    message = form.message.data or ""
    transferring.pass_on_place(
        registration=registration, details=form.to_details(), message=message, at=now()
    )


def _ask(registration: Registration, form: WorkshopsForm, message: MessageForm) -> None:
    requests.ask_for_workshops(
        registration=registration,
        session_ids=form.session_ids,
        message=message.message.data or "",
        at=now(),
    )


def _with_place(subject: int, version: int) -> Registration:
    registration = queries.get_by_link(subject, version)
    if not registration.is_confirmed():
        raise PlaceIsNotTheirs
    setup, at = queries.get_setup(registration.meeting_id), now()
    may_ask = setup.takes_late_requests and rules.may_request(
        registration.meeting, at, setup.changes_close_at
    )
    if not (may_ask or rules.may_change(registration.meeting, at, setup.changes_close_at)):
        raise RequestsAreNotTaken
    return registration


def _offer(registration: Registration) -> Offer:
    offer = load_offer(registration.meeting, at=now()).as_asked(registration.mode)
    if offer.workshop_step is not WorkshopStep.DIRECT or not offer.slots:
        raise RequestsAreNotTaken
    return offer


def _held(registration: Registration) -> set[int]:
    return {place.session_id for place in registration.places if place.is_held()}


def _is_late(registration: Registration) -> bool:
    closes_at = queries.get_setup(registration.meeting_id).changes_close_at
    return not rules.may_change(registration.meeting, now(), closes_at)


def _substitute_page(registration: Registration, form: SubstituteForm, token: str) -> Answer:
    page = render_template(
        "registrations/substitute.html",
        registration=registration,
        meeting=registration.meeting,
        form=form,
        is_late=_is_late(registration),
        token=token,
    )
    return page, form.status


def _workshops_page(
    registration: Registration, offer: Offer, form: WorkshopsForm, message: MessageForm, token: str
) -> Answer:
    page = render_template(
        "registrations/ask_workshops.html",
        offer=offer,
        form=form,
        message=message,
        held=_held(registration),
        token=token,
    )
    return page, 422 if form.errors or message.errors else 200
