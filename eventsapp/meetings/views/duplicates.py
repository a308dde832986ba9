"""Copying a meeting or its whole series to other dates: the dates are shown before anything is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.zones import local_day
from eventsapp.meetings.errors import PlaceIsOutsideScope
from eventsapp.meetings.forms.steps import DuplicationForm
from eventsapp.meetings.models import Meeting, Series
from eventsapp.meetings.queries import get_managed_programme, get_managed_series, has_managed_series
from eventsapp.meetings.services.duplication import duplicate_meeting, duplicate_series

bp = Blueprint("meetings_duplicates", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/duplication")


@dataclass(frozen=True)
class NewDate:
    """One line of the preview."""

    meeting: Meeting
    before: date
    after: date

    @property
    def is_weekend(self) -> bool:
        return self.after.isoweekday() > 5


@bp.get("")
@requires(Permission.MANAGE_MEETINGS)
def preview(meeting_id: int) -> Any:
    """Without a date, ask for it; with one, show what would be made."""
    meeting = _load(meeting_id)
    form = _form(
        meeting, DuplicationForm(request.args if "day" in request.args else None, meta={"csrf": False})
    )
    dates = _dates(meeting, form) if "day" in request.args and form.validate() else None
    return render_template("meetings/duplication.html", meeting=meeting, form=form, dates=dates), form.status


@bp.post("")
@requires(Permission.MANAGE_MEETINGS)
def duplicate(meeting_id: int) -> Any:
    meeting = _load(meeting_id)
    form = _form(meeting, DuplicationForm())
    if not form.validate_on_submit():
        return render_template(
            "meetings/duplication.html", meeting=meeting, form=form, dates=None
        ), form.status
    if not current_scope(Permission.MANAGE_MEETINGS).includes(
        territory_code=meeting.region_code, meeting_id=None
    ):
        raise PlaceIsOutsideScope
    days = _shift(_copied(meeting, form), form)
    if form.what.data == "series":
        return _duplicate_series(_series(meeting), form.title.data or "", days)
    copy = duplicate_meeting(meeting, days=days, by=current_actor(), at=now())
    flash(_("Rencontre dupliquée : voici le nouveau brouillon."))
    return redirect(url_for("meetings.edit_meeting", meeting_id=copy.id), 303)


def _duplicate_series(series: Series, title: str, days: int) -> Response:
    copy = duplicate_series(series, title=title, days=days, by=current_actor(), at=now())
    count = len(copy.meetings)
    flash(ngettext("%(num)d brouillon créé.", "%(num)d brouillons créés.", count))
    return redirect(url_for("meetings.list_meetings", etat="draft"), 303)


def _load(meeting_id: int) -> Meeting:
    return get_managed_programme(meeting_id, current_scope(Permission.MANAGE_MEETINGS))


def _form(meeting: Meeting, form: DuplicationForm) -> DuplicationForm:
    form.offer(has_series=has_managed_series(meeting, current_scope(Permission.MANAGE_MEETINGS)))
    if form.title.data is None and meeting.series:
        form.title.data = meeting.series.title
    return form


def _series(meeting: Meeting) -> Series:
    return get_managed_series(meeting.series_id or 0, current_scope(Permission.MANAGE_MEETINGS))


def _copied(meeting: Meeting, form: DuplicationForm) -> list[Meeting]:
    return list(_series(meeting).meetings) if form.what.data == "series" else [meeting]


def _shift(copied: list[Meeting], form: DuplicationForm) -> int:
    first = min(local_day(one.starts_at, one.time_zone) for one in copied)
    return ((form.day.data or first) - first).days


def _dates(meeting: Meeting, form: DuplicationForm) -> list[NewDate]:
    copied = _copied(meeting, form)
    moved = timedelta(days=_shift(copied, form))
    days = [(one, local_day(one.starts_at, one.time_zone)) for one in copied]
    return [NewDate(one, day, day + moved) for one, day in days]
