"""Ranked wishes on the personal page: seen and changed until they close."""

from __future__ import annotations

from flask import Response, flash, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link
from eventsapp.registrations import queries
from eventsapp.registrations.errors import RegistrationIsCancelled
from eventsapp.registrations.forms.workshops import WishesForm, wishes_form
from eventsapp.registrations.links import PURPOSE
from eventsapp.registrations.models import Registration
from eventsapp.registrations.offer import Offer, offer_to
from eventsapp.registrations.services.wishes import change_wishes
from eventsapp.registrations.views.private import private_blueprint

bp = private_blueprint("my_wishes", __name__)

Answer = str | tuple[str, int] | Response


@bp.get("/<token>/voeux")
@personal_link(PURPOSE)
def edit(token: str, subject: int, version: int) -> Answer:
    """The wishes, to be ranked anew."""
    registration, offer = _load(subject, version)
    if not (offer.takes_wishes and offer.slots):
        return see_other("my_registration.show", token=token)
    ranks = {place.session_id: place.rank or 0 for place in registration.places if place.state == "wished"}
    return _page(offer, wishes_form(offer.slots, offer.setup.wishes_per_slot, ranks), token)


@bp.post("/<token>/voeux")
@personal_link(PURPOSE)
def change(token: str, subject: int, version: int) -> Answer:
    """The wishes are changed, or the page says what keeps them from it."""
    registration, offer = _load(subject, version)
    form = wishes_form(offer.slots, offer.setup.wishes_per_slot)
    if not form.validate() or not form.carries_out(
        lambda: change_wishes(registration=registration, wishes=form.wishes, at=now())
    ):
        return _page(offer, form, token)
    flash(_("Vos vœux sont enregistrés. Nous vous envoyons une confirmation."), "success")
    return see_other("my_registration.show", token=token)


def _load(subject: int, version: int) -> tuple[Registration, Offer]:
    registration = queries.get_by_link(subject, version)
    if not registration.is_active():
        raise RegistrationIsCancelled
    return registration, offer_to(registration, at=now())


def _page(offer: Offer, form: WishesForm, token: str) -> Answer:
    page = render_template("registrations/my_wishes.html", offer=offer, form=form, token=token)
    return page, form.status
