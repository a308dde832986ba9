"""The desk of a meeting, and the documents printed for it."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.attendance import documents, queries, services
from eventsapp.attendance.errors import ListIsTooLong
from eventsapp.attendance.forms import AttendanceForm, ParticipantListForm, SignInSheetForm
from eventsapp.attendance.headings import sentence
from eventsapp.attendance.models import ATTENDANCE_STATES
from eventsapp.attendance.rules import HalfDay, present_half_day
from eventsapp.core.answers import attempt, see_other
from eventsapp.core.clock import now
from eventsapp.core.forms import choices
from eventsapp.core.i18n import _, format_day, ngettext
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.security import row_id
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_programme
from eventsapp.pdf.answers import answer_content, answer_document, answer_retry
from eventsapp.pdf.models import PdfOrder

Answer = Response | tuple[str, int]

bp = Blueprint("attendance", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>")
printed = Blueprint(
    "printed", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/documents-a-imprimer"
)


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_programme(meeting_id, current_scope(Permission.CHECK_IN))


@bp.get("/accueil")
@requires(Permission.CHECK_IN)
def show_desk(meeting_id: int) -> str:
    """Those expected, found by name, organisation or reference, and what is noted for one half-day."""
    meeting = _meeting(meeting_id)
    half_days = queries.half_days_of(meeting)
    known = {half_day.key: half_day for half_day in half_days}
    chosen = known.get(request.args.get("moment", ""), present_half_day(half_days, now()))
    page = queries.find_expected(meeting_id, request.args.get("q", ""), number=page_number())
    return render_template(
        "attendance/desk.html",
        meeting=meeting,
        chosen=chosen,
        half_day_tabs=_tabs(meeting, half_days, chosen),
        page=page,
        listed_name=documents.listed_name,
        state_labels=ATTENDANCE_STATES,
        marks=queries.marks_of(person.id for person in page.items),
        answers=queries.answers_at_desk(person.id for person in page.items),
        counts=queries.counts_by_half_day(meeting_id),
        expected=queries.expected_count(meeting_id),
        text=request.args.get("q", ""),
        is_over=chosen.ends_at <= now(),
    )


def _tabs(meeting: Meeting, half_days: list[HalfDay], chosen: HalfDay) -> list[tuple[str, str, bool]]:
    several_days = half_days[0].key[:10] != half_days[-1].key[:10]
    return [
        (
            f"{format_day(half_day.starts_at, meeting.time_zone)}, {documents.half_day_label(half_day).lower()}"
            if several_days
            else documents.half_day_label(half_day),
            url_for("attendance.show_desk", meeting_id=meeting.id, moment=half_day.key),
            half_day == chosen,
        )
        for half_day in half_days
    ]


@bp.post("/presences")
@requires(Permission.CHECK_IN)
def note_attendance(meeting_id: int) -> Response:
    """Note somebody's presence, excuse, absence or representation for one half-day."""
    meeting = _meeting(meeting_id)
    form = AttendanceForm()
    person = queries.get_registration(meeting_id, request.form.get("registration", 0, type=row_id))
    if form.validate():
        attempt(
            lambda: services.note_attendance(
                meeting,
                person,
                form.half_day.data or "",
                form.state.data,
                by=current_actor(),
                at=now(),
                represented_by=form.represented_by.data or "",
            )
        )
    return _back_to_desk(meeting_id, person.id)


@bp.post("/presences/annulation")
@requires(Permission.CHECK_IN)
def forget_attendance(meeting_id: int) -> Response:
    """Undo what was noted for somebody and one half-day."""
    meeting = _meeting(meeting_id)
    person = queries.get_registration(meeting_id, request.form.get("registration", 0, type=row_id))
    services.forget_attendance(meeting, person, request.form.get("half_day", ""))
    return _back_to_desk(meeting_id, person.id)


@bp.post("/absences")
@requires(Permission.CHECK_IN)
def close_half_day(meeting_id: int) -> Response:
    """Note as absent those with nothing noted, once the half-day is over."""
    count = services.close_half_day(
        _meeting(meeting_id), request.form.get("half_day", ""), by=current_actor(), at=now()
    )
    flash(ngettext("%(num)s absence notée.", "%(num)s absences notées.", count), "success")
    return _back_to_desk(meeting_id)


@bp.get("/documents-a-imprimer")
@requires(Permission.CHECK_IN)
def show_documents(meeting_id: int) -> str:
    """What can be printed for the meeting, and the documents ordered lately."""
    meeting = _meeting(meeting_id)
    return _documents(meeting, ParticipantListForm(), _sheet_form(meeting))


def _documents(meeting: Meeting, list_form: ParticipantListForm, sheet_form: SignInSheetForm) -> str:
    return render_template(
        "attendance/documents.html",
        meeting=meeting,
        list_form=list_form,
        sheet_form=sheet_form,
        orders=queries.recent_orders(meeting.id, current_actor().id),
    )


@bp.post("/documents-a-imprimer/liste")
@requires(Permission.CHECK_IN)
def order_list(meeting_id: int) -> Answer:
    """Order the list of participants, and wait for it."""
    meeting, form = _meeting(meeting_id), ParticipantListForm()
    if not form.validate():
        abort(400)
    try:
        order = services.order_participant_list(
            meeting, form.who.data, form.grouping.data, by=current_actor(), at=now()
        )
    except ListIsTooLong as refusal:
        form.refuse(refusal)
        return _documents(meeting, form, _sheet_form(meeting)), form.status
    return _to_order(order, meeting.id)


@bp.post("/documents-a-imprimer/emargement")
@requires(Permission.CHECK_IN)
def order_sheet(meeting_id: int) -> Answer:
    """Order the sign-in sheet of a day or of a workshop, and wait for it."""
    meeting = _meeting(meeting_id)
    form = _sheet_form(meeting)
    try:
        order = services.order_sign_in_sheet(meeting, form.occasion.data or "", by=current_actor(), at=now())
    except ListIsTooLong as refusal:
        form.refuse(refusal)
        return _documents(meeting, ParticipantListForm(formdata=None), form), form.status
    return _to_order(order, meeting.id)


def _to_order(order: PdfOrder, meeting_id: int) -> Response:
    """One file is waited for where it opens; several, where all of them are listed."""
    files = queries.files_ordered_with(order)
    if files == 1:
        return see_other("printed.document", meeting_id=meeting_id, token=order.token)
    flash(
        _(
            "Ce document est long : il se prépare en %(count)d fichiers numérotés, que voici. Rechargez la page pour voir s’ils sont prêts.",
            count=files,
        ),
        "success",
    )
    return see_other("attendance.show_documents", meeting_id=meeting_id)


@printed.get("/<token>")
@requires(Permission.CHECK_IN)
def document(meeting_id: int, token: str) -> Response:
    """Wait for a document one ordered, then read it."""
    return answer_document(_printed_order(meeting_id, token), meeting_id=meeting_id, token=token)


@printed.get("/<token>/<filename>")
@requires(Permission.CHECK_IN)
def content(meeting_id: int, token: str, filename: str) -> Response:
    """The file of a document one ordered."""
    return answer_content(_printed_order(meeting_id, token), filename, meeting_id=meeting_id, token=token)


@printed.post("/<token>/nouvel-essai")
@requires(Permission.CHECK_IN)
def retry(meeting_id: int, token: str) -> Response:
    """Try again to make a document one ordered."""
    return answer_retry(_printed_order(meeting_id, token), meeting_id=meeting_id, token=token)


def _printed_order(meeting_id: int, token: str) -> PdfOrder:
    # The list outlives the role: who ordered it must still be allowed to see the people of this meeting.
    meeting = _meeting(meeting_id)
    return queries.get_order(meeting.id, token, current_actor().id, now())


def _sheet_form(meeting: Meeting) -> SignInSheetForm:
    form = SignInSheetForm()
    days = dict.fromkeys(half_day.key[:10] for half_day in queries.half_days_of(meeting))
    occasions = {day: sentence(format_day(date.fromisoformat(day))) for day in days}
    for session in meeting.workshops:
        occasions[str(session.id)] = _("Atelier : %(title)s", title=session.title)
    form.occasion.choices = choices(occasions)
    return form


def _back_to_desk(meeting_id: int, person_id: int | None = None) -> Response:
    anchor = f"inscription-{person_id}" if person_id else None
    href = url_for(
        "attendance.show_desk",
        meeting_id=meeting_id,
        moment=request.form.get("half_day"),
        q=request.form.get("q") or None,
        page=request.form.get("page", type=int),
        _anchor=anchor,
    )
    return redirect(href, 303)
