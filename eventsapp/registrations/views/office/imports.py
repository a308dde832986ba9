"""Registering the people of a file: the file, what its columns hold, what it would do line by line, the import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, render_template, request

from eventsapp.core.clock import now
from eventsapp.core.columns import Column
from eventsapp.core.db import beside_writers
from eventsapp.core.errors import DomainError
from eventsapp.core.exports import MEDIA_TYPES, list_file
from eventsapp.core.forms import choices
from eventsapp.core.i18n import _, _l
from eventsapp.core.paging import page_number, paged
from eventsapp.core.permissions import current_actor, requires
from eventsapp.core.tables.forms import FileForm
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.sheet import MOST_LINES, MOST_MEGABYTES, Sheet
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.forms.office import FullWorkshopsForm, ImportForm
from eventsapp.registrations.imports import queries, results, services
from eventsapp.registrations.imports.columns import (
    Destination,
    destination_of,
    fields_of,
    holds_workshops,
    knows_at,
)
from eventsapp.registrations.imports.errors import ColumnsHaveChanged
from eventsapp.registrations.imports.review import LIKELY, OUTCOMES
from eventsapp.registrations.models import BATCH_KINDS, Batch, BatchItem
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to

LINES_A_PAGE = 50


@bp.route("/imports", methods=["GET", "POST"])
@requires(MANAGE)
def new_import(meeting_id: int) -> Answer:
    """Choosing a file; one that holds no table is refused with what to do."""
    meeting, form, kept = load_meeting(meeting_id), FileForm(), []
    destination = _destination(meeting)
    if form.validate_on_submit() and form.carries_out(lambda: kept.append(_keep(form, destination))):
        return to("choose_columns", meeting_id=meeting.id, batch_id=kept[0].id)
    page = render_template(
        "registrations/office/new_import.html",
        meeting=meeting,
        form=form,
        fields=fields_of(destination),
        most_lines=MOST_LINES,
        most_megabytes=MOST_MEGABYTES,
    )
    return page, form.status


@bp.route("/imports/<int:batch_id>/colonnes", methods=["GET", "POST"])
@requires(MANAGE)
def choose_columns(meeting_id: int, batch_id: int) -> Answer:
    """Saying what each column holds; what the titles announce is proposed."""
    meeting, draft = load_meeting(meeting_id), queries.get_import(meeting_id, batch_id)
    if draft.state != "draft":
        return to("show_batch", meeting_id=meeting.id, batch_id=draft.id)
    destination, refusal = _destination(meeting), None
    chosen = request.form.getlist("column[]") if request.method == "POST" else draft.options["columns"]
    if request.method == "POST":
        try:
            options = services.with_columns(draft, destination, chosen)
        except DomainError as refused:
            refusal = refused
        else:
            if services.kept_review(draft, options, destination) is None:
                _examine(meeting.id, draft.id, options)
            return to("review_import", meeting_id=meeting_id, batch_id=batch_id)
    sheet = services.read_file(draft, destination)
    page = render_template(
        "registrations/office/import_columns.html",
        meeting=meeting,
        draft=draft,
        refusal=refusal,
        how=sheet.how,
        count=len(sheet.rows),
        columns=_columns_shown(sheet, chosen),
        fields=choices(fields_of(destination), first=_l("Ne pas importer")),
    )
    return page, refusal.status if refusal else 200


@bp.get("/imports/<int:batch_id>")
@requires(MANAGE)
def review_import(meeting_id: int, batch_id: int) -> Answer:
    """What the import would do, line by line; nothing is written."""
    meeting, draft = load_meeting(meeting_id), queries.get_import(meeting_id, batch_id)
    if draft.state != "draft":
        return to("show_batch", meeting_id=meeting.id, batch_id=draft.id)
    return _review_page(meeting, draft, ImportForm(is_told=True))


@bp.post("/imports/<int:batch_id>/lancement")
@requires(MANAGE)
def start_import(meeting_id: int, batch_id: int) -> Answer:
    """The import is under way: its page tells how far."""
    meeting, draft = load_meeting(meeting_id), queries.get_import(meeting_id, batch_id)
    destination, form = _destination(meeting), ImportForm()
    if form.validate() and form.carries_out(
        lambda: services.start_import(
            draft, destination, is_told=form.is_told.data, by=current_actor(), at=now()
        )
    ):
        return to("show_batch", meeting_id=meeting.id, batch_id=draft.id)
    return _review_page(meeting, draft, form)


@bp.post("/imports/<int:batch_id>/examen")
@requires(MANAGE)
def examine_import(meeting_id: int, batch_id: int) -> Answer:
    """Every line is examined anew, with what was chosen for full workshops."""
    meeting, draft = load_meeting(meeting_id), queries.get_import(meeting_id, batch_id)
    if draft.state != "draft":
        return to("show_batch", meeting_id=meeting.id, batch_id=draft.id)
    form, options = FullWorkshopsForm(), draft.options
    if form.joins_waiting.data and form.validate():
        options = services.with_waiting(draft, joins=form.joins_waiting.data == "y")
    try:
        _examine(meeting_id, batch_id, options)
    except ColumnsHaveChanged:
        return _to_columns(meeting, draft)
    return to("review_import", meeting_id=meeting_id, batch_id=batch_id)


@bp.post("/imports/<int:batch_id>/abandon")
@requires(MANAGE)
def discard_import(meeting_id: int, batch_id: int) -> Answer:
    """The file is erased, nobody was registered."""
    meeting, draft = load_meeting(meeting_id), queries.get_import(meeting_id, batch_id)
    services.discard_draft(draft)
    flash(_("Le fichier est effacé. Personne n’a été inscrit."), "success")
    return to("list_all", meeting_id=meeting.id, vue="toutes")


@bp.get("/imports/<int:batch_id>/resultat.<kind>")
@requires(MANAGE)
def export_results(meeting_id: int, batch_id: int, kind: str) -> Response:
    """What became of each line."""
    batch = queries.get_import(load_meeting(meeting_id).id, batch_id)
    return _file(kind, batch, results.RESULT_COLUMNS, queries.results_of(batch), "resultat")


@bp.get("/imports/<int:batch_id>/refus.<kind>")
@requires(MANAGE)
def export_refused(meeting_id: int, batch_id: int, kind: str) -> Response:
    """The lines refused as they were in the file, each with its reason."""
    batch = queries.get_import(load_meeting(meeting_id).id, batch_id)
    refused = [item for item in queries.results_of(batch) if item.outcome == "refused"]
    return _file(kind, batch, results.refused_columns(batch), refused, "refus")


def _file(
    kind: str, batch: Batch, columns: Sequence[Column[BatchItem]], items: Sequence[BatchItem], name: str
) -> Response:
    if kind not in MEDIA_TYPES:
        abort(404)
    title, filename = str(BATCH_KINDS[batch.kind]), f"import-{batch.id}-{name}"
    return list_file(kind, columns, items, title=title, filename=filename, tz="UTC")


def _destination(meeting: Meeting) -> Destination:
    return destination_of(load_offer(meeting, at=now()), by=current_actor())


def _keep(form: FileForm, destination: Destination) -> Batch:
    """Keep the file once it could be read, which may be long: others write meanwhile."""
    content, meeting_id = form.file.data.read(), destination.offer.meeting.id
    with beside_writers():
        header = read_table(content, knows_at(destination)).header
    return services.keep_file(
        _destination(load_meeting(meeting_id)),
        content=content,
        header=header,
        filename=form.file.data.filename or "",
        by=current_actor(),
        at=now(),
    )


def _examine(meeting_id: int, batch_id: int, options: services.Options) -> None:
    """The file is examined with these options, which may be long: others write meanwhile."""
    with beside_writers():
        destination = _destination(load_meeting(meeting_id))
        draft = queries.get_import(meeting_id, batch_id)
        review = services.examine(draft, options, destination, at=now())
    services.keep_review(queries.get_import(meeting_id, batch_id), options, review)


def _columns_shown(sheet: Sheet, chosen: list[str]) -> list[dict[str, str]]:
    """The columns with their titles, what each holds, and an example."""
    examples = [
        next((row.cells[n] for row in sheet.rows[:20] if n < len(row.cells) and row.cells[n].strip()), "")
        for n in range(len(sheet.header))
    ]
    return [
        {"title": title.strip(), "field": chosen[n] if n < len(chosen) else "", "example": examples[n]}
        for n, title in enumerate(sheet.header)
    ]


def _review_page(meeting: Meeting, draft: Batch, form: ImportForm) -> Answer:
    destination, outcome = _destination(meeting), request.args.get("resultat", "")
    review = services.kept_review(draft, draft.options, destination)
    if review is None:
        return _to_columns(meeting, draft)
    lines = paged(review.having(outcome), number=page_number(), size=LINES_A_PAGE)
    page = render_template(
        "registrations/office/import_review.html",
        meeting=meeting,
        draft=draft,
        form=form,
        full_workshops=_full_workshops(draft, destination),
        review=review,
        outcomes={**OUTCOMES, LIKELY: _l("Doublons possibles")},
        outcome=outcome,
        lines=lines,
        titles={session.id: session.title for session in meeting.workshops},
        people=_people_shown(lines.items),
    )
    return page, form.status


def _to_columns(meeting: Meeting, draft: Batch) -> Answer:
    """The lines are not examined yet, or are no longer read as they were: the columns are to be checked."""
    if draft.review is not None:
        flash(str(ColumnsHaveChanged.message), "warning")
    return to("choose_columns", meeting_id=meeting.id, batch_id=draft.id)


def _full_workshops(draft: Batch, destination: Destination) -> FullWorkshopsForm | None:
    """The choice about full workshops, where the file names some and they may be waited for."""
    setup, options = destination.offer.setup, draft.options
    if not (setup.has_waiting_list and holds_workshops(options["columns"])):
        return None
    return FullWorkshopsForm(joins_waiting="y" if options.get("joins_waiting") else "n")


def _people_shown(lines: Any) -> Any:
    return queries.names_of([line.registration_id for line in lines if line.registration_id])
