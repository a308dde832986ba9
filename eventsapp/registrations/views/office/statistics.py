"""The statistics of a meeting's registrations, and each of their tables as a file."""

from __future__ import annotations

from flask import Response, abort, render_template

from eventsapp.core.clock import now
from eventsapp.core.exports import MEDIA_TYPES, list_file
from eventsapp.core.permissions import requires
from eventsapp.registrations.statistics.growth import growth_table
from eventsapp.registrations.statistics.report import report_on
from eventsapp.registrations.statistics.workshops import workshops_table
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting


@bp.get("/statistiques")
@requires(MANAGE)
def show_statistics(meeting_id: int) -> Answer:
    """Who registered, when, for which workshops, and what they answered."""
    meeting, at = load_meeting(meeting_id), now()
    report = report_on(meeting, at=at)
    return render_template(
        "registrations/office/statistics.html",
        meeting=meeting,
        report=report,
        workshops=workshops_table(report.workshops),
        growth=growth_table(report.growth),
        file_kinds=MEDIA_TYPES,
        at=at,
    )


@bp.get("/statistiques/<table>.<kind>")
@requires(MANAGE)
def export_statistics(meeting_id: int, table: str, kind: str) -> Response:
    """One table as a file, with the columns it has on screen."""
    meeting = load_meeting(meeting_id)
    found = report_on(meeting, at=now()).tables().get(table)
    if found is None or kind not in MEDIA_TYPES:
        abort(404)
    return list_file(
        kind,
        found.columns,
        found.rows,
        title=str(found.title),
        filename=f"statistiques-{found.key}-{meeting.slug}",
        tz=meeting.time_zone,
    )
