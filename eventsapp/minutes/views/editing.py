"""The editor of the minutes: the whole on one page, its opening and closing, and each point on its own."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.attendance.queries import standing_counts
from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.meetings.queries import get_managed_programme
from eventsapp.minutes.errors import TextHasChanged
from eventsapp.minutes.forms import ItemForm, MinutesForm, NewItemForm
from eventsapp.minutes.queries import block_counts, find_minutes, get_item, get_minutes
from eventsapp.minutes.services import writing
from eventsapp.minutes.views.answers import Answer, item_page, managed, refused, saved

bp = Blueprint("minutes", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/compte-rendu")


@bp.get("")
@requires(Permission.WRITE_MINUTES)
def show(meeting_id: int) -> str:
    """The points, who was there, where the minutes stand, and the next step."""
    meeting, minutes = managed(meeting_id), find_minutes(meeting_id)
    if minutes is None:
        return render_template("minutes/create.html", meeting=meeting)
    return render_template(
        "minutes/show.html",
        meeting=meeting,
        minutes=minutes,
        counts=block_counts(minutes.id),
        standings=standing_counts(meeting_id),
        form=NewItemForm(),
    )


@bp.post("")
@requires(Permission.WRITE_MINUTES)
def create(meeting_id: int) -> Response:
    """Begin the minutes with the points of the programme."""
    meeting = get_managed_programme(meeting_id, current_scope(Permission.WRITE_MINUTES))
    writing.create_minutes(meeting, by=current_actor(), at=now())
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.get("/seance")
@requires(Permission.WRITE_MINUTES)
def edit_session(meeting_id: int) -> str:
    """Who chaired, when, the introduction and the conclusion."""
    meeting, minutes = managed(meeting_id), get_minutes(meeting_id)
    form = MinutesForm.of(minutes, meeting)
    return render_template("minutes/session.html", meeting=meeting, minutes=minutes, form=form)


@bp.post("/seance")
@requires(Permission.WRITE_MINUTES)
def save_session(meeting_id: int) -> Answer:
    """Save them; the autosave receives the new version, a conflict shows both texts."""
    meeting, minutes = managed(meeting_id), get_minutes(meeting_id)
    form = MinutesForm()

    def page(conflict: object = None) -> str:
        return render_template(
            "minutes/session.html", meeting=meeting, minutes=minutes, form=form, conflict=conflict
        )

    if "preview" in request.form:
        return page()
    if not form.validate():
        return refused(form, page)
    try:
        writing.change_minutes(
            minutes, form.values_at(meeting), seen=form.version.data or 0, by=current_actor(), at=now()
        )
    except DomainError as error:
        return refused(form, page, error, minutes)
    return saved(meeting, minutes, url_for(".show", meeting_id=meeting_id), form.introduction.data)


@bp.post("/points")
@requires(Permission.WRITE_MINUTES)
def add_item(meeting_id: int) -> Response:
    """Add a point at the end."""
    managed(meeting_id)
    form = NewItemForm()
    if not form.validate():
        flash(_("Saisissez l’intitulé du point."), "danger")
        return redirect(url_for(".show", meeting_id=meeting_id, _anchor="title"), 303)
    item = writing.add_item(get_minutes(meeting_id), form.title.data or "", by=current_actor(), at=now())
    return redirect(url_for(".edit_item", meeting_id=meeting_id, item_id=item.id), 303)


@bp.get("/points/<int:item_id>")
@requires(Permission.WRITE_MINUTES)
def edit_item(meeting_id: int, item_id: int) -> str:
    """One point: its synthesis and its blocks."""
    meeting, item = managed(meeting_id), get_item(meeting_id, item_id)
    return item_page(meeting, item, ItemForm(obj=item))


@bp.post("/points/<int:item_id>")
@requires(Permission.WRITE_MINUTES)
def save_item(meeting_id: int, item_id: int) -> Answer:
    """Save the point; the autosave receives the new version, a conflict shows both texts."""
    meeting, item = managed(meeting_id), get_item(meeting_id, item_id)
    form = ItemForm()

    def page(conflict: object = None) -> str:
        return item_page(meeting, item, form, conflict=conflict)

    if "preview" in request.form:
        return page()
    if not form.validate():
        return refused(form, page)
    try:
        writing.change_item(item, form.values(), seen=form.version.data or 0, by=current_actor(), at=now())
    except TextHasChanged as error:
        return refused(form, page, error, item)
    href = url_for(".edit_item", meeting_id=meeting_id, item_id=item_id)
    return saved(meeting, item, href, form.summary.data)


@bp.post("/points/<int:item_id>/deplacement")
@requires(Permission.WRITE_MINUTES)
def move_item(meeting_id: int, item_id: int) -> Response:
    """Move the point one place earlier or later."""
    managed(meeting_id)
    step = 1 if request.form.get("sens") == "bas" else -1
    writing.move_item(get_item(meeting_id, item_id), step, by=current_actor(), at=now())
    return redirect(url_for(".show", meeting_id=meeting_id, _anchor=f"point-{item_id}"), 303)


@bp.get("/points/<int:item_id>/suppression")
@requires(Permission.WRITE_MINUTES)
def ask_to_remove_item(meeting_id: int, item_id: int) -> str:
    """What would be lost, before it is."""
    meeting, item = managed(meeting_id), get_item(meeting_id, item_id)
    return render_template("minutes/remove.html", meeting=meeting, item=item, block=None)


@bp.post("/points/<int:item_id>/suppression")
@requires(Permission.WRITE_MINUTES)
def remove_item(meeting_id: int, item_id: int) -> Response:
    """Remove the point and everything in it."""
    managed(meeting_id)
    writing.remove_item(get_item(meeting_id, item_id), by=current_actor(), at=now())
    flash(_("Le point est supprimé."), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)
