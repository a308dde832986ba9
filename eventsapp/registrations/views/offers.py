"""Places offered to whoever holds the personal link: accepted or declined, until the deadline."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, render_template

from eventsapp.core.answers import flash_outcome, see_other
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link
from eventsapp.registrations import queries
from eventsapp.registrations.forms import NoAnswers
from eventsapp.registrations.links import PURPOSE
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.services import answering
from eventsapp.registrations.views.private import private_blueprint

bp = private_blueprint("my_offers", __name__)

Answer = str | tuple[str, int] | Response


@bp.post("/<token>/place")
@personal_link(PURPOSE)
def accept(token: str, subject: int, version: int) -> Answer:
    """The place at the meeting is taken."""
    registration = queries.get_by_link(subject, version)
    said = _("Votre place est réservée. Nous vous envoyons une confirmation.")
    return _answer(token, said, lambda: answering.accept_place(registration=registration, at=now()))


@bp.get("/<token>/refus")
@personal_link(PURPOSE)
def ask_to_decline(token: str, subject: int, version: int) -> Answer:
    """What declining means, before it is done."""
    registration = queries.get_by_link(subject, version)
    return (
        _declining_page(registration, None, token)
        if registration.state == "offered"
        else see_other("my_registration.show", token=token)
    )


@bp.post("/<token>/refus")
@personal_link(PURPOSE)
def decline(token: str, subject: int, version: int) -> Answer:
    """The place goes to the next in line."""
    registration = queries.get_by_link(subject, version)
    said = _("Vous avez refusé la place. Elle est proposée à la personne suivante.")
    return _answer(token, said, lambda: answering.decline_place(registration=registration, at=now()))


@bp.post("/<token>/ateliers/<int:session_id>/place")
@personal_link(PURPOSE)
def accept_workshop(token: str, subject: int, version: int, session_id: int) -> Answer:
    """The place in the workshop is taken."""
    registration = queries.get_by_link(subject, version)
    said = _("Vous participez à cet atelier. Nous vous envoyons une confirmation.")
    return _answer(
        token,
        said,
        lambda: answering.accept_session_place(registration=registration, session_id=session_id, at=now()),
    )


@bp.get("/<token>/ateliers/<int:session_id>/refus")
@personal_link(PURPOSE)
def ask_to_decline_workshop(token: str, subject: int, version: int, session_id: int) -> Answer:
    """What declining the workshop means, before it is done."""
    registration = queries.get_by_link(subject, version)
    for place in registration.places:
        if place.session_id == session_id and place.state == "offered":
            return _declining_page(registration, place, token)
    return see_other("my_registration.show", token=token)


@bp.post("/<token>/ateliers/<int:session_id>/refus")
@personal_link(PURPOSE)
def decline_workshop(token: str, subject: int, version: int, session_id: int) -> Answer:
    """The place in the workshop goes to the next in line."""
    registration = queries.get_by_link(subject, version)
    said = _("Vous avez refusé cet atelier. La place est proposée à la personne suivante.")
    return _answer(
        token,
        said,
        lambda: answering.decline_session_place(registration=registration, session_id=session_id, at=now()),
    )


def _answer(token: str, said: str, act: Callable[[], object]) -> Response:
    """Go back to the registration, which shows what has become of it; say why an answer came too late."""
    flash_outcome(act, said)
    return see_other("my_registration.show", token=token)


def _declining_page(registration: Registration, place: SessionPlace | None, token: str) -> str:
    return render_template(
        "registrations/decline.html",
        registration=registration,
        meeting=registration.meeting,
        place=place,
        token=token,
        form=NoAnswers(),
    )
