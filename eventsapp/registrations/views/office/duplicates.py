"""Registrations that may be one person's twice: found, compared, merged or told apart."""

from __future__ import annotations

from flask import abort, flash, render_template, request

from eventsapp.core.clock import now
from eventsapp.core.columns import shown_value
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number, paged
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.columns import COLUMNS, STATE_TONES
from eventsapp.registrations.likeness import REASONS
from eventsapp.registrations.models import REGISTRATION_STATES, Registration
from eventsapp.registrations.queries import duplicates
from eventsapp.registrations.services import merging
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, load_registration, to

PAIRS_A_PAGE = 20
# What is compared, after the name: what tells two people apart, then what they hold.
COMPARED = [
    column for column in COLUMNS if column.key not in ("name", "given_name", "accepts_listing", "quota")
]


@bp.get("/doublons")
@requires(MANAGE)
def list_duplicates(meeting_id: int) -> Answer:
    """The pairs that look alike, side by side, the surest first."""
    meeting = load_meeting(meeting_id)
    alike = duplicates.find_pairs(meeting.id)
    pairs = paged(alike.found, number=page_number(), size=PAIRS_A_PAGE)
    ids = [number for pair in pairs.items for number in (pair.first_id, pair.second_id)]
    return render_template(
        "registrations/office/duplicates.html",
        meeting=meeting,
        pairs=pairs,
        is_thorough=alike.is_thorough,
        most=duplicates.MOST_READ,
        people=duplicates.by_id(meeting.id, ids),
        reasons=REASONS,
        states=REGISTRATION_STATES,
        tones=STATE_TONES,
    )


@bp.get("/doublons/<int:first_id>/<int:second_id>")
@requires(MANAGE)
def compare(meeting_id: int, first_id: int, second_id: int) -> Answer:
    """Two registrations, line by line; which one is kept is chosen here."""
    meeting, first, second = _pair(meeting_id, first_id, second_id)
    rows = [
        (column.label, *(column.shown(one, meeting.time_zone) for one in (first, second)))
        for column in COMPARED
    ]
    return render_template(
        "registrations/office/compare.html",
        meeting=meeting,
        pair=(first, second),
        names=[shown_value(one.full_name, meeting.time_zone) for one in (first, second)],
        rows=[row for row in rows if row[1] or row[2]],
    )


@bp.post("/doublons/<int:first_id>/<int:second_id>/fusion")
@requires(MANAGE)
def merge(meeting_id: int, first_id: int, second_id: int) -> Answer:
    """One registration is left: the one named in the form."""
    _meeting, first, second = _pair(meeting_id, first_id, second_id)
    kept, other = (second, first) if request.form.get("kept") == str(second.id) else (first, second)
    merging.merge_registrations(
        kept=kept, other=other, tells="tells" in request.form, by=current_actor(), at=now()
    )
    flash(_("Les deux inscriptions de %(name)s n’en font plus qu’une.", name=kept.full_name), "success")
    return to("show", meeting_id=meeting_id, registration_id=kept.id)


@bp.post("/doublons/<int:first_id>/<int:second_id>/distinction")
@requires(MANAGE)
def tell_apart(meeting_id: int, first_id: int, second_id: int) -> Answer:
    """These are two people."""
    _meeting, first, second = _pair(meeting_id, first_id, second_id)
    merging.tell_apart(one=first, other=second, by=current_actor(), at=now())
    flash(_("C’est noté : ce sont deux personnes."), "success")
    return to("list_duplicates", meeting_id=meeting_id)


def _pair(meeting_id: int, first_id: int, second_id: int) -> tuple[Meeting, Registration, Registration]:
    if first_id == second_id:
        abort(404)
    meeting, first = load_registration(meeting_id, first_id)
    return meeting, first, load_registration(meeting_id, second_id)[1]
