"""The personal page of somebody invited: registering, declining, asking for no more messages."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.permissions import personal_link
from eventsapp.core.security import csrf
from eventsapp.invitations import queries, rules
from eventsapp.invitations.mails import PURPOSE
from eventsapp.invitations.models import Invitation
from eventsapp.invitations.services import answers as services
from eventsapp.registrations.links import invited_token
from eventsapp.registrations.rules import Opening, opening

bp = Blueprint("invitations", __name__, url_prefix="/invitation/<token>")

Answer = str | tuple[str, int] | Response


@bp.get("")
@personal_link(PURPOSE)
def show(token: str, subject: int, version: int) -> Answer:
    """The invitation: the facts of the meeting, and two answers."""
    invitation = queries.get_personal_invitation(subject)
    services.check_standing(invitation)
    meeting = invitation.campaign.meeting
    return render_template(
        "invitations/invitation.html",
        invitation=invitation,
        meeting=meeting,
        token=token,
        may_answer=rules.may_answer(meeting, now()),
        may_register=opening(meeting, now()) is Opening.OPEN,
        prefilled=_prefilled(invitation),
    )


@bp.post("/refus")
@personal_link(PURPOSE)
def decline(token: str, subject: int, version: int) -> Answer:
    """The person will not come."""
    invitation = queries.get_personal_invitation(subject)
    services.decline_invitation(invitation, invitation.campaign.meeting, at=now())
    return _to("show", token)


@bp.post("/refus/retrait")
@personal_link(PURPOSE)
def take_back_refusal(token: str, subject: int, version: int) -> Answer:
    """The person may come after all: both answers are open again."""
    invitation = queries.get_personal_invitation(subject)
    services.take_back_refusal(invitation, invitation.campaign.meeting, at=now())
    return _to("show", token)


@bp.get("/desinscription")
@personal_link(PURPOSE)
def check_unsubscribing(token: str, subject: int, version: int) -> Answer:
    """Asked for in a browser: a page with a button, because some mail filters open every link."""
    return _unsubscribe_page(queries.get_personal_invitation(subject), token)


@bp.post("/desinscription")
@personal_link(PURPOSE)
def unsubscribe_in_one_click(token: str, subject: int, version: int) -> Answer:
    """No more messages of this meeting's campaigns. No redirection: the RFC forbids it."""
    invitation = queries.get_personal_invitation(subject)
    services.unsubscribe(invitation, at=now())
    return _unsubscribe_page(invitation, token)


# RFC 8058: the person's mail program posts there by itself, without our cookie or our form. The signed
# token in the address is the proof of who asks, and all it can do is stop messages.
csrf.exempt(unsubscribe_in_one_click)


@bp.post("/desinscription/retrait")
@personal_link(PURPOSE)
def subscribe_again(token: str, subject: int, version: int) -> Answer:
    """The button was pressed by mistake."""
    services.subscribe_again(queries.get_personal_invitation(subject))
    return _to("check_unsubscribing", token)


def _prefilled(invitation: Invitation) -> dict[str, str]:
    """What the registration form is given: posted, so that no address or name stands in a URL."""
    names = ("civility", "given_name", "family_name", "email", "organisation", "job_title")
    known = {name: getattr(invitation, name) for name in names}
    return {**known, "invitation": invited_token(invitation.campaign.meeting_id, invitation.id)}


def _unsubscribe_page(invitation: Invitation, token: str) -> str:
    meeting = invitation.campaign.meeting
    return render_template(
        "invitations/unsubscribe.html", invitation=invitation, meeting=meeting, token=token
    )


def _to(view: str, token: str) -> Response:
    return see_other(f"invitations.{view}", token=token)
