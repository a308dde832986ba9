"""The programme editor: slots and parallel sessions, and the page of each session."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.zones import local_day, local_hour
from eventsapp.directory.queries import list_themes
from eventsapp.meetings import rules
from eventsapp.meetings.errors import SlotIsGone
from eventsapp.meetings.forms.session import MoveForm, RemoveForm, SessionForm, session_form_of
from eventsapp.meetings.models import SESSION_KINDS, Meeting, Session
from eventsapp.meetings.queries import (
    get_managed_programme,
    get_managed_session,
    people_of,
    places_taken,
)
from eventsapp.meetings.services import programme

bp = Blueprint("meetings_programme", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>")


@bp.get("/programme")
@requires(Permission.MANAGE_MEETINGS)
def show_programme(meeting_id: int) -> str:
    return _editor(get_managed_programme(meeting_id, _scope()))


@bp.route("/seances/nouvelle", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def add_session(meeting_id: int) -> Any:
    meeting = get_managed_programme(meeting_id, _scope())
    form = _offered(SessionForm(data=_slot_asked(meeting)), meeting)
    if not form.more.data and form.validate_on_submit():
        plan = form.plan(meeting.time_zone)
        if form.carries_out(lambda: programme.add_session(meeting, plan, by=current_actor())):
            flash(_("Séance ajoutée au programme."))
            return _back_to(meeting)
    form.add_empty_row()
    return render_template("meetings/session.html", meeting=meeting, form=form, session=None), form.status


@bp.route("/seances/<int:session_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def edit_session(meeting_id: int, session_id: int) -> Any:
    session = get_managed_session(session_id, meeting_id, _scope())
    meeting = session.meeting
    form = _offered(session_form_of(session, meeting.time_zone), meeting)
    if not form.more.data and form.validate_on_submit():
        plan = form.plan(meeting.time_zone)
        accepts = form.accepts_clashes.data
        if form.carries_out(
            lambda: programme.edit_session(
                session, plan, accepts_clashes=accepts, by=current_actor(), at=now()
            )
        ):
            flash(_("Séance enregistrée."))
            return _back_to(meeting)
    form.add_empty_row()
    page = render_template("meetings/session.html", meeting=meeting, form=form, session=session)
    return page, form.status


@bp.post("/seances/<int:session_id>/deplacement")
@requires(Permission.MANAGE_MEETINGS)
def move_session(meeting_id: int, session_id: int) -> Any:
    session = get_managed_session(session_id, meeting_id, _scope())
    form = MoveForm()
    if not form.validate_on_submit() or not form.carries_out(lambda: _move(session, form)):
        return _editor(session.meeting, form, moving=session), 409
    if "X-Fragment" in request.headers:
        return _editor(session.meeting)
    flash(_("Séance déplacée."))
    return _back_to(session.meeting)


@bp.route("/seances/<int:session_id>/suppression", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEETINGS)
def remove_session(meeting_id: int, session_id: int) -> Any:
    session = get_managed_session(session_id, meeting_id, _scope())
    meeting, form = session.meeting, RemoveForm()
    if form.validate_on_submit() and form.carries_out(
        lambda: programme.remove_session(
            session, ends_offers=form.ends_offers.data, by=current_actor(), at=now()
        )
    ):
        flash(_("Séance supprimée du programme."))
        return _back_to(meeting)
    page = render_template(
        "meetings/remove_session.html",
        meeting=meeting,
        session=session,
        people=people_of(session.id),
        form=form,
    )
    return page, 409 if form.errors else 200


def _scope() -> Any:
    return current_scope(Permission.MANAGE_MEETINGS)


def _back_to(meeting: Meeting) -> Response:
    return redirect(url_for("meetings_programme.show_programme", meeting_id=meeting.id), 303)


def _move(session: Session, form: MoveForm) -> None:
    wanted = [slot for slot in rules.slots(session.meeting.sessions) if slot.key == form.slot.data]
    if not wanted:
        raise SlotIsGone
    accepts = form.accepts_clashes.data
    programme.move_session(session, wanted[0], accepts_clashes=accepts, by=current_actor(), at=now())


def _editor(meeting: Meeting, form: MoveForm | None = None, moving: Session | None = None) -> str:
    """The editor as a page, or its grid alone for the script that moves sessions.

    ``moving`` is the session that the form could not move.
    """
    in_order = sorted(meeting.sessions, key=lambda one: (one.starts_at, one.position, one.id))
    template = "meetings/_grid.html" if "X-Fragment" in request.headers else "meetings/programme.html"
    return render_template(
        template,
        meeting=meeting,
        form=form,
        moving=moving,
        slots=rules.slots(in_order),
        days=rules.days_of(meeting, meeting.time_zone),
        taken=places_taken([session.id for session in in_order]),
        room_clashes=rules.room_clashes(in_order),
        speaker_clashes=rules.speaker_clashes(in_order),
        kinds=SESSION_KINDS,
    )


def _offered(form: SessionForm, meeting: Meeting) -> SessionForm:
    form.offer(meeting, list_themes())
    return form


def _slot_asked(meeting: Meeting) -> dict[str, object]:
    """The hours of the slot whose «Ajouter en parallèle» was followed; else the day goes on after its last session."""
    asked = [slot for slot in rules.slots(meeting.sessions) if slot.key == request.args.get("creneau")]
    zone = meeting.time_zone
    if not asked:
        begins = max((session.ends_at for session in meeting.sessions), default=meeting.starts_at)
        kind = "workshop" if meeting.sessions else "welcome"
        return {"kind": kind, "day": local_day(begins, zone), "starts": local_hour(begins, zone)}
    slot = asked[0]
    return {
        "kind": "workshop",
        "day": local_day(slot.starts_at, zone),
        "starts": local_hour(slot.starts_at, zone),
        "ends": local_hour(slot.ends_at, zone),
    }
