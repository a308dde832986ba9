"""The list of registrations: searched, narrowed, sorted, with the columns one chose; the same as a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, make_response, redirect, render_template, request

from eventsapp.core.columns import Column, chosen_columns, header_cells
from eventsapp.core.exports import MEDIA_TYPES, list_file
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import current_actor, requires
from eventsapp.core.security import MOST_ID
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import filters as shown
from eventsapp.registrations import queries
from eventsapp.registrations.columns import COLUMNS, STATE_TONES
from eventsapp.registrations.filters import Filters, read_filters
from eventsapp.registrations.models import (
    ATTENDANCE_MODES,
    BATCH_KINDS,
    BATCH_STATES,
    PARTICIPANT_KINDS,
    Registration,
)
from eventsapp.registrations.queries import batches, duplicates, listing, views
from eventsapp.registrations.questions.columns import is_of_question, question_columns
from eventsapp.registrations.rules import read_quotas
from eventsapp.registrations.services import bulk
from eventsapp.registrations.setup.words import rules_in_force
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting

NAME = COLUMNS[0].key  # always shown
MOST_TICKED = 500
ID = re.compile(r"[0-9]{1,10}")


@bp.get("")
@requires(MANAGE)
def list_all(meeting_id: int) -> Answer:
    """The list, one page at a time; the part that follows the typing is asked for alone.

    Its bare address opens one's usual view, if there is one; ``vue=toutes`` shows everything.
    """
    meeting, filters = load_meeting(meeting_id), asked_filters()
    is_part = "X-Fragment" in request.headers
    if not (request.args or is_part) and (usual := views.default_view(meeting.id, current_actor().id)):
        return make_response(redirect(f"{request.path}?{usual.query or 'vue=toutes'}"))
    figures = listing.figures(meeting)
    total = None if filters.narrows() else figures.total
    return render_template(
        "registrations/office/_results.html" if is_part else "registrations/office/list.html",
        meeting=meeting,
        filters=filters,
        figures=figures,
        most=listing.MOST_COUNTED,
        rules=rules_in_force(queries.get_setup(meeting.id), meeting),
        batches=() if is_part else batches.latest_batches(meeting.id),
        batch_kinds=BATCH_KINDS,
        batch_states=BATCH_STATES,
        views=views.views_at(meeting.id, current_actor().id),
        **_table(meeting, filters, page_number(), total),
        **_choices(meeting),
    )


@bp.get("/liste.<kind>")
@requires(MANAGE)
def export(meeting_id: int, kind: str) -> Response:
    """The same list, whole or only those ticked, with the columns one chose or every one of them."""
    if kind not in MEDIA_TYPES:
        abort(404)
    meeting, filters = load_meeting(meeting_id), asked_filters()
    columns = columns_of(meeting)
    if filters.columns:
        columns = chosen_columns(columns, filters.columns)
    ids, with_answers = ticked_ids(request.args.getlist("id")), _say_answers(columns)
    if ids:
        statement = listing.among(meeting.id, ids, with_answers=with_answers)
    else:
        statement = listing.listed(meeting.id, filters, with_answers=with_answers)
    return list_file(
        kind,
        columns,
        listing.every_registration(statement),
        title=_("Inscriptions"),
        filename=f"inscriptions-{meeting.slug}",
        tz=meeting.time_zone,
    )


def asked_filters() -> Filters:
    """Return what the address narrows the list to."""
    filters = read_filters(request.args.to_dict(flat=False))
    usual = {column.key for column in COLUMNS if column.on_screen}
    return filters.with_usual_columns() if {NAME, *filters.columns} == usual else filters


def ticked_ids(sent: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the boxes that were ticked; what is no number is left out."""
    numbers = (text for text in sent[:MOST_TICKED] if ID.fullmatch(text))
    return tuple(number for number in map(int, numbers) if number <= MOST_ID)


def columns_of(meeting: Meeting) -> list[Column[Registration]]:
    """Return every column of the meeting's list: those of any, and one a question of its form."""
    return [*COLUMNS, *question_columns(meeting.id)]


def _say_answers(columns: Iterable[Column[Registration]]) -> bool:
    return any(is_of_question(column) for column in columns)


def _table(meeting: Meeting, filters: Filters, page: int, total: int | None) -> dict[str, Any]:
    """The rows of one page, the columns shown, with their headings."""
    every_column = columns_of(meeting)
    columns = chosen_columns(every_column, filters.columns)

    def sorted_by(order: str) -> str:
        return f"{request.path}?{urlencode(filters.ordered(order).pairs())}"

    found = listing.list_registrations(meeting.id, filters, page, total, with_answers=_say_answers(columns))
    return {
        "page": found,
        "lookalikes": duplicates.lookalikes(found.items),
        "columns": columns,
        "headers": header_cells(columns, filters.order, sorted_by),
        "every_column": every_column,
        "state_tones": STATE_TONES,
        "file_kinds": MEDIA_TYPES,
        "actions": bulk.ACTION_LABELS,
    }


def _choices(meeting: Meeting) -> dict[str, Any]:
    """What the list may be narrowed to."""
    setup = queries.get_setup(meeting.id)
    return {
        "states": shown.STATE_FILTERS,
        "kinds": PARTICIPANT_KINDS,
        "regions": shown.REGIONS,
        "modes": ATTENDANCE_MODES if setup.attendance == "both" else {},
        "quotas": {quota.key: quota.label for quota in read_quotas(setup.quotas)},
        "workshops": {str(session.id): session.title for session in meeting.workshops},
        "places": shown.PLACE_FILTERS if meeting.workshops else {},
        "needs": shown.NEEDS_FILTERS,
    }
