"""The page of the link that proves an address. Opening it changes nothing: mail scanners open links too."""

from __future__ import annotations

from flask import Response, flash, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link
from eventsapp.registrations import queries
from eventsapp.registrations.forms import NoAnswers
from eventsapp.registrations.links import PURPOSE
from eventsapp.registrations.services import admitting
from eventsapp.registrations.views.private import private_blueprint

bp = private_blueprint("my_verification", __name__)


@bp.get("/<token>/verification")
@personal_link(PURPOSE)
def ask(token: str, subject: int, version: int) -> str | Response:
    """What verifying does, and the button."""
    registration = queries.get_by_link(subject, version)
    if registration.state != "unverified":
        return see_other("my_registration.show", token=token)
    return render_template(
        "registrations/verify.html",
        registration=registration,
        meeting=registration.meeting,
        setup=queries.get_setup(registration.meeting_id),
        token=token,
        form=NoAnswers(),
    )


@bp.post("/<token>/verification")
@personal_link(PURPOSE)
def verify(token: str, subject: int, version: int) -> Response:
    """The address is theirs; the personal page says what follows."""
    registration = queries.get_by_link(subject, version)
    admitting.verify_address(registration=registration, at=now())
    flash(_("Votre adresse est vérifiée."), "success")
    return see_other("my_registration.show", token=token)
