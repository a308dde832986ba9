"""Waiting lists as organisers see them: who is next, what is offered, and what they decide themselves."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, render_template, request

from eventsapp.core.answers import flash_outcome
from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import current_actor, requires
from eventsapp.core.security import MOST_ID
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import queries, rules
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services import answering, waiting_list
from eventsapp.registrations.views.office.scope import (
    MANAGE,
    Answer,
    bp,
    load_meeting,
    load_registration,
    to,
)

MOVES = {"haut": "up", "bas": "down", "premier": "first"}


@bp.get("/liste-attente")
@requires(MANAGE)
def show_queue(meeting_id: int) -> Answer:
    """The waiting list of the meeting, or with ?atelier= that of a workshop: a page of it, and the offers."""
    meeting, at = load_meeting(meeting_id), now()
    setup = queries.get_setup(meeting.id)
    session = _session_asked(meeting)
    line = (
        queues.page_of_line(meeting.id, page_number())
        if session is None
        else queues.page_of_session_line(session.id, page_number())
    )
    return render_template(
        "registrations/office/queue.html",
        meeting=meeting,
        setup=setup,
        session=session,
        lines=queues.lines_of(meeting),
        line=line,
        offers=queues.offers_of(meeting.id, session.id if session else None),
        seats=queries.places_left(meeting, session),
        runs=rules.offers_by_itself(meeting, setup, at),
        stops_at=rules.offers_stop_at(meeting, setup),
        may_offer=rules.may_offer(meeting, at),
        at=at,
    )


@bp.post("/liste-attente/suspension")
@requires(MANAGE)
def freeze_offers(meeting_id: int) -> Answer:
    """Places that become free stay free."""
    waiting_list.freeze_offers(meeting_id=load_meeting(meeting_id).id, at=now())
    flash(
        _("Les propositions sont suspendues. Les places libres attendent que vous les proposiez."), "success"
    )
    return _back(meeting_id)


@bp.post("/liste-attente/reprise")
@requires(MANAGE)
def resume_offers(meeting_id: int) -> Answer:
    """Free places are offered again, those free now at once."""
    waiting_list.resume_offers(meeting_id=load_meeting(meeting_id).id, at=now())
    flash(_("Les places libres sont de nouveau proposées, dans l’ordre de la liste."), "success")
    return _back(meeting_id)


@bp.post("/<int:registration_id>/rang")
@requires(MANAGE)
def move_in_line(meeting_id: int, registration_id: int) -> Answer:
    """Somebody is moved in the list."""
    meeting, registration = load_registration(meeting_id, registration_id)
    move, session = MOVES.get(request.form.get("vers", ""), "down"), _session_asked(meeting)
    return _decide(
        meeting.id,
        _("%(name)s a changé de rang.", name=registration.full_name),
        lambda: waiting_list.move_in_line(
            registration=registration,
            session_id=session.id if session else None,
            move=move,
            by=current_actor(),
            at=now(),
        ),
    )


@bp.post("/<int:registration_id>/proposition")
@requires(MANAGE)
def offer_place(meeting_id: int, registration_id: int) -> Answer:
    """Somebody is offered a place, whatever their rank."""
    meeting, registration = load_registration(meeting_id, registration_id)
    session = _session_asked(meeting)
    return _decide(
        meeting.id,
        _("Une place est proposée à %(name)s. Le message part.", name=registration.full_name),
        lambda: waiting_list.offer_by_hand(
            registration=registration,
            session_id=session.id if session else None,
            by=current_actor(),
            at=now(),
        ),
    )


@bp.post("/<int:registration_id>/acceptation")
@requires(MANAGE)
def accept_for(meeting_id: int, registration_id: int) -> Answer:
    """Somebody has said yes by telephone: the place offered is theirs."""
    meeting, registration = load_registration(meeting_id, registration_id)
    return _decide(
        meeting.id,
        _("%(name)s a une place. La confirmation part.", name=registration.full_name),
        lambda: answering.accept_place(registration=registration, by=current_actor(), at=now()),
    )


def _session_asked(meeting: Meeting) -> Session | None:
    wanted = max(0, min(request.values.get("atelier", 0, type=int), MOST_ID))
    return next((session for session in meeting.workshops if session.id == wanted), None)


def _decide(meeting_id: int, said: str, act: Callable[[], object]) -> Response:
    flash_outcome(act, said)
    return _back(meeting_id)


def _back(meeting_id: int) -> Response:
    """Go back to the list and the page of it that was shown."""
    shown = {
        name: request.form[name] for name in ("atelier", "page") if request.form.get(name, "").isdecimal()
    }
    return to("show_queue", meeting_id=meeting_id, **shown)
