"""What the editor's pages answer: saved, refused, or somebody else was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flask import flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.forms import Form
from eventsapp.core.i18n import _, format_time
from eventsapp.core.permissions import Permission, current_scope
from eventsapp.core.templating import render_markdown
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting
from eventsapp.minutes.errors import TextHasChanged
from eventsapp.minutes.forms import BLOCK_FORMS, ItemForm, TextForm
from eventsapp.minutes.models import AgendaItem, Versioned

Answer: TypeAlias = "str | Response | tuple[str | Response, int]"


def managed(meeting_id: int, permission: Permission = Permission.WRITE_MINUTES) -> Meeting:
    """Return the meeting, when the person may work on its minutes."""
    return get_managed_meeting(meeting_id, current_scope(permission))


def is_autosave() -> bool:
    """Tell whether the request comes from the autosave, which reads JSON."""
    return request.headers.get("X-Fragment") == "1"


def saved(meeting: Meeting, row: Versioned, href: str, preview: str | None = None) -> Response:
    """Answer a save: the new version to the autosave, the page again to a person."""
    at = format_time(now(), meeting.time_zone)
    if is_autosave():
        return jsonify(version=row.version, saved_at=at, html=render_markdown(preview))
    flash(_("Enregistré à %(time)s.", time=at), "success")
    return redirect(href, 303)


def refused(
    form: Form,
    page: Callable[..., str],
    error: DomainError | None = None,
    row: Versioned | None = None,
) -> Answer:
    """Answer a refusal with what was typed still in the form; on a conflict, with the other text beside."""
    if isinstance(error, TextHasChanged) and row is not None:
        if is_autosave():
            return jsonify(message=str(error.message)), error.status
        # Saving again after having compared is a decision: the form now knows the version it replaces.
        version = form["version"]
        version.data, version.raw_data = row.version, None
        return page(conflict=row), error.status
    if error is not None:
        form.refuse(error)
    if is_autosave():
        return jsonify(errors=form.errors), 422
    return page(), 422


def item_page(
    meeting: Meeting,
    item: AgendaItem,
    form: ItemForm,
    *,
    block_form: TextForm | None = None,
    block_kind: str = "",
    block_id: int | None = None,
    conflict: object = None,
    block_conflict: object = None,
) -> str:
    """Return the page of a point; ``block_form`` is the form of a block that was refused."""
    forms = {
        kind: [
            (
                block,
                block_form
                if block_form and (block_kind, block_id) == (kind, block.id)
                else _form(kind, block),
            )
            for block in getattr(item, kind)
        ]
        for kind in BLOCK_FORMS
    }
    new_forms = {
        kind: block_form if block_form and (block_kind, block_id) == (kind, None) else _form(kind)
        for kind in BLOCK_FORMS
    }
    return render_template(
        "minutes/item.html",
        meeting=meeting,
        item=item,
        form=form,
        block_forms=forms,
        new_forms=new_forms,
        refused_form=block_form,
        conflict=conflict,
        block_conflict=block_conflict,
    )


def _form(kind: str, block: object = None) -> TextForm:
    prefix = f"{kind}-{getattr(block, 'id', 'nouveau')}-"
    # formdata=None: the request's own values belong to the one form that was sent.
    return BLOCK_FORMS[kind](formdata=None, obj=block, prefix=prefix)
