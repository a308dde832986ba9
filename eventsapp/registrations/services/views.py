"""Saved views: what an account keeps of the list's filters, order and columns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from eventsapp.core.db import db
from eventsapp.core.permissions import Actor
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import TooManyViews, ViewIsTooLong, ViewNameIsTaken
from eventsapp.registrations.filters import Filters
from eventsapp.registrations.models import SavedView
from eventsapp.registrations.queries import views

MOST_VIEWS = 40  # of one account
LONGEST_QUERY = 1000


def save_view(
    *,
    meeting: Meeting,
    name: str,
    filters: Filters,
    is_shared: bool,
    is_default: bool,
    by: Actor,
    at: datetime,
) -> SavedView:
    """These filters have a name; a view of that name that the account had is replaced.

    Raises ViewIsTooLong, TooManyViews.
    """
    query = filters.query()
    if len(query) > LONGEST_QUERY:
        raise ViewIsTooLong
    view = views.own_view_named(name, by.id)
    if view is None:
        if views.count_own_views(by.id) >= MOST_VIEWS:
            raise TooManyViews(MOST_VIEWS)
        view = SavedView(account_id=by.id, name=name)
        db.session.add(view)
    view.query, view.saved_at = query, at
    view.meeting_id = meeting.id if filters.names_one_meeting() else None
    _share(view, is_shared=is_shared, is_default=is_default)
    return view


def change_view(*, view: SavedView, name: str, is_shared: bool, is_default: bool) -> None:
    """The view has that name, is shown to the office or not, opens the list or not. Raises ViewNameIsTaken."""
    other = views.own_view_named(name, view.account_id)
    if other is not None and other.id != view.id:
        raise ViewNameIsTaken
    view.name = name
    _share(view, is_shared=is_shared, is_default=is_default)


def delete_view(*, view: SavedView) -> None:
    """The view is gone, for those it was shared with too."""
    db.session.delete(view)
    db.session.flush()


def _share(view: SavedView, *, is_shared: bool, is_default: bool) -> None:
    view.is_shared = is_shared
    if is_default and not view.is_default:
        others = update(SavedView).where(SavedView.account_id == view.account_id, SavedView.is_default)
        db.session.execute(others.values(is_default=False))
    view.is_default = is_default
    db.session.flush()
