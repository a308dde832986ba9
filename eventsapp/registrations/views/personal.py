"""The pages of whoever holds the signed link: their registration, and only that."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError, LinkHasExpired, LinkIsInvalid
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link, public
from eventsapp.registrations import queries, rules, services
from eventsapp.registrations.calendar import build_entry
from eventsapp.registrations.errors import ChangeIsTooLate, RegistrationIsCancelled, WorkshopIsFull
from eventsapp.registrations.forms import EmailForm, MyDetailsForm, NoAnswers, WorkshopsForm, workshops_form
from eventsapp.registrations.links import PURPOSE, registration_url
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, load_offer

bp = Blueprint("my_registration", __name__, url_prefix="/mon-inscription")

Answer = str | tuple[str, int] | Response


@bp.after_request
def keep_private(response: Response) -> Response:
    """No cache and no search engine keeps a personal page."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.errorhandler(LinkIsInvalid)
@bp.errorhandler(LinkHasExpired)
def explain_bad_link(error: DomainError) -> Answer:
    """Say how to get the link that works."""
    page = render_template("registrations/bad_link.html", status=error.status, message=error.message)
    return page, error.status


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
    services.send_personal_links(email=form.email.data, at=now())
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
    return render_template(
        "registrations/mine.html",
        registration=registration,
        meeting=meeting,
        sessions=chosen_sessions(registration),
        token=token,
        may_change=registration.is_active() and rules.may_change(meeting, at),
        may_cancel=registration.is_active() and rules.may_cancel(meeting, at),
        is_over=meeting.ends_at <= at,
    )


@bp.get("/<token>/coordonnees")
@personal_link(PURPOSE)
def edit_details(token: str, subject: int, version: int) -> Answer:
    """The details, to be changed."""
    registration = _changeable(subject, version)
    return _details_page(registration, MyDetailsForm(obj=registration), token)


@bp.post("/<token>/coordonnees")
@personal_link(PURPOSE)
def change_details(token: str, subject: int, version: int) -> Answer:
    """The details are changed."""
    registration = _changeable(subject, version)
    form = MyDetailsForm()
    if not form.validate():
        return _details_page(registration, form, token)
    details = form.to_details(email=registration.email)
    services.change_registration(registration=registration, details=details, at=now())
    flash(_("Vos coordonnées sont enregistrées."), "success")
    return _to("show", token)


@bp.get("/<token>/ateliers")
@personal_link(PURPOSE)
def edit_workshops(token: str, subject: int, version: int) -> Answer:
    """The workshops, to be changed."""
    registration = _changeable(subject, version)
    offer = load_offer(registration.meeting, at=now())
    return _workshops_page(registration, offer, workshops_form(offer.slots, _held(registration)), token)


@bp.post("/<token>/ateliers")
@personal_link(PURPOSE)
def change_workshops(token: str, subject: int, version: int) -> Answer:
    """The workshops are changed, or the page says which one filled up meanwhile."""
    registration = _changeable(subject, version)
    offer = load_offer(registration.meeting, at=now())
    form = workshops_form(offer.slots)
    if not form.validate():
        return _workshops_page(registration, offer, form, token)
    try:
        services.change_registration(registration=registration, session_ids=form.session_ids, at=now())
    except WorkshopIsFull as refusal:
        for full in refusal.sessions:
            form[offer.field_of(full)].errors = [WorkshopIsFull.message_about(full)]
    except DomainError as refusal:
        form.refuse(refusal)
    if form.errors:
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
    services.cancel_registration(registration=registration, at=now())
    return _to("show", token)


@bp.get("/<token>/rencontre.ics")
@personal_link(PURPOSE)
def download_entry(token: str, subject: int, version: int) -> Response:
    """The registration as a calendar entry."""
    registration = queries.get_by_link(subject, version)
    entry = build_entry(
        registration.meeting,
        registration,
        method="PUBLISH",
        sessions=chosen_sessions(registration),
        url=registration_url(registration),
        at=now(),
    )
    disposition = f"attachment; filename={registration.meeting.slug}.ics"
    return Response(entry, mimetype="text/calendar", headers={"Content-Disposition": disposition})


def _changeable(subject: int, version: int) -> Registration:
    registration = queries.get_by_link(subject, version)
    if not registration.is_active():
        raise RegistrationIsCancelled
    if not rules.may_change(registration.meeting, now()):
        raise ChangeIsTooLate
    return registration


def _held(registration: Registration) -> set[int]:
    return {place.session_id for place in registration.places}


def _details_page(registration: Registration, form: MyDetailsForm, token: str) -> Answer:
    page = render_template("registrations/my_details.html", registration=registration, form=form, token=token)
    return page, form.status


def _workshops_page(registration: Registration, offer: Offer, form: WorkshopsForm, token: str) -> Answer:
    page = render_template(
        "registrations/my_workshops.html", offer=offer, form=form, token=token, held=_held(registration)
    )
    return page, form.status


def _to(view: str, token: str | None = None) -> Response:
    answer = redirect(url_for(f"my_registration.{view}", token=token), 303)
    assert isinstance(answer, Response)  # noqa: S101 - tells mypy
    return answer
