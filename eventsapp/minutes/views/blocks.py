"""Interventions, decisions and actions of a point."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.errors import TextHasChanged
from eventsapp.minutes.forms import BLOCK_FORMS, ItemForm, TextForm
from eventsapp.minutes.models import AgendaItem
from eventsapp.minutes.queries import BLOCKS, get_block, get_item
from eventsapp.minutes.services import writing
from eventsapp.minutes.views.answers import Answer, item_page, managed

bp = Blueprint(
    "minutes_blocks",
    __name__,
    url_prefix="/gestion/rencontres/<int:meeting_id>/compte-rendu/points/<int:item_id>/<kind>",
)


@bp.post("")
@requires(Permission.WRITE_MINUTES)
def add(meeting_id: int, item_id: int, kind: str) -> Answer:
    """Add a block at the end of its kind."""
    meeting, item = _load(meeting_id, item_id, kind)
    form = BLOCK_FORMS[kind](prefix=f"{kind}-nouveau-")
    if not form.validate():
        return _page(meeting, item, form, kind), 422
    block = writing.add_block(item, kind, form.values(), by=current_actor(), at=now())
    return _back(meeting_id, item_id, kind, block.id)


@bp.post("/<int:block_id>")
@requires(Permission.WRITE_MINUTES)
def save(meeting_id: int, item_id: int, kind: str, block_id: int) -> Answer:
    """Save a block; a conflict shows both texts."""
    meeting, item = _load(meeting_id, item_id, kind)
    block = get_block(item, kind, block_id)
    form = BLOCK_FORMS[kind](prefix=f"{kind}-{block_id}-")
    if not form.validate():
        return _page(meeting, item, form, kind, block_id), 422
    try:
        writing.change_block(
            item, block, form.values(), seen=form.version.data or 0, by=current_actor(), at=now()
        )
    except TextHasChanged as error:
        form.version.data, form.version.raw_data = block.version, None
        return _page(meeting, item, form, kind, block_id, block_conflict=block), error.status
    return _back(meeting_id, item_id, kind, block_id)


@bp.post("/<int:block_id>/deplacement")
@requires(Permission.WRITE_MINUTES)
def move(meeting_id: int, item_id: int, kind: str, block_id: int) -> Response:
    """Move a block one place earlier or later among its kind."""
    _meeting, item = _load(meeting_id, item_id, kind)
    step = 1 if request.form.get("sens") == "bas" else -1
    block = get_block(item, kind, block_id)
    writing.move_block(item, kind, block, step, by=current_actor(), at=now())
    return _back(meeting_id, item_id, kind, block_id)


@bp.get("/<int:block_id>/suppression")
@requires(Permission.WRITE_MINUTES)
def ask_to_remove(meeting_id: int, item_id: int, kind: str, block_id: int) -> str:
    """What would be lost, before it is."""
    meeting, item = _load(meeting_id, item_id, kind)
    block = get_block(item, kind, block_id)
    return render_template("minutes/remove.html", meeting=meeting, item=item, block=block, kind=kind)


@bp.post("/<int:block_id>/suppression")
@requires(Permission.WRITE_MINUTES)
def remove(meeting_id: int, item_id: int, kind: str, block_id: int) -> Response:
    """Remove a block."""
    _meeting, item = _load(meeting_id, item_id, kind)
    writing.remove_block(item, get_block(item, kind, block_id), by=current_actor(), at=now())
    flash(_("Supprimé."), "success")
    return _back(meeting_id, item_id, kind)


def _load(meeting_id: int, item_id: int, kind: str) -> tuple[Meeting, AgendaItem]:
    if kind not in BLOCKS:
        abort(404)
    return managed(meeting_id), get_item(meeting_id, item_id)


def _page(
    meeting: Meeting,
    item: AgendaItem,
    form: TextForm,
    kind: str,
    block_id: int | None = None,
    block_conflict: object = None,
) -> str:
    return item_page(
        meeting,
        item,
        ItemForm(formdata=None, obj=item),
        block_form=form,
        block_kind=kind,
        block_id=block_id,
        block_conflict=block_conflict,
    )


def _back(meeting_id: int, item_id: int, kind: str, block_id: int | None = None) -> Response:
    anchor = f"{kind}-{block_id}" if block_id else kind
    href = url_for("minutes.edit_item", meeting_id=meeting_id, item_id=item_id, _anchor=anchor)
    return redirect(href, 303)
