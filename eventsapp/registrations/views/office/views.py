"""Saved views of the list: saved from it, renamed, shared, made the one it opens with, deleted."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.filters import read_query
from eventsapp.registrations.forms.office import ViewForm
from eventsapp.registrations.models import SavedView
from eventsapp.registrations.queries import views as queries
from eventsapp.registrations.services import views as services
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to


@bp.get("/vues")
@requires(MANAGE)
def list_views(meeting_id: int) -> Answer:
    """One's own views and those that colleagues share."""
    meeting = load_meeting(meeting_id)
    return render_template(
        "registrations/office/views.html",
        meeting=meeting,
        views=queries.views_at(meeting.id, current_actor().id),
        account_id=current_actor().id,
    )


@bp.post("/vues")
@requires(MANAGE)
def save_view(meeting_id: int) -> Answer:
    """What the list shows has a name."""
    meeting, form = load_meeting(meeting_id), ViewForm()
    filters = read_query(form.query.data or "")
    if form.validate() and form.carries_out(
        lambda: services.save_view(
            meeting=meeting,
            name=form.name.data,
            filters=filters,
            is_shared=form.is_shared.data,
            is_default=form.is_default.data,
            by=current_actor(),
            at=now(),
        )
    ):
        flash(_("La vue « %(name)s » est enregistrée.", name=form.name.data), "success")
        return _to_list(meeting, filters.query())
    return _form_page(meeting, None, form)


@bp.get("/vues/<int:view_id>")
@requires(MANAGE)
def edit_view(meeting_id: int, view_id: int) -> Answer:
    """The name of a view of one's own, and for whom it is."""
    meeting, view = _loaded(meeting_id, view_id)
    return _form_page(meeting, view, ViewForm(obj=view))


@bp.post("/vues/<int:view_id>")
@requires(MANAGE)
def change_view(meeting_id: int, view_id: int) -> Answer:
    """The view is renamed, shared, or opens the list."""
    meeting, view = _loaded(meeting_id, view_id)
    form = ViewForm()
    if form.validate() and form.carries_out(
        lambda: services.change_view(
            view=view,
            name=form.name.data,
            is_shared=form.is_shared.data,
            is_default=form.is_default.data,
        )
    ):
        flash(_("La vue est modifiée."), "success")
        return to("list_views", meeting_id=meeting.id)
    return _form_page(meeting, view, form)


@bp.post("/vues/<int:view_id>/suppression")
@requires(MANAGE)
def delete_view(meeting_id: int, view_id: int) -> Answer:
    """The view is gone."""
    meeting, view = _loaded(meeting_id, view_id)
    services.delete_view(view=view)
    flash(_("La vue est supprimée."), "success")
    return to("list_views", meeting_id=meeting.id)


def _loaded(meeting_id: int, view_id: int) -> tuple[Meeting, SavedView]:
    return load_meeting(meeting_id), queries.get_own_view(view_id, current_actor().id)


def _form_page(meeting: Meeting, view: SavedView | None, form: ViewForm) -> Answer:
    return render_template(
        "registrations/office/view.html", meeting=meeting, view=view, form=form
    ), form.status


def _to_list(meeting: Meeting, query: str) -> Response:
    href = url_for("office_registrations.list_all", meeting_id=meeting.id)
    return make_response(redirect(f"{href}?{query or 'vue=toutes'}", 303))
