"""Orders about many registrations: chosen on the list, confirmed, carried out while a page tells how far."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from wtforms import SelectChoice

from eventsapp.core.clock import now
from eventsapp.core.exports import MEDIA_TYPES
from eventsapp.core.forms import Form
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import current_actor, requires
from eventsapp.mail.outbox import preview_mail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import queries, rules
from eventsapp.registrations.filters import Filters, read_query
from eventsapp.registrations.forms import NoAnswers, ReasonForm
from eventsapp.registrations.forms.office import MessageForm, MoveForm
from eventsapp.registrations.imports.queries import count_waiting
from eventsapp.registrations.mails.office import office_message_draft
from eventsapp.registrations.models import BATCH_KINDS, REGISTRATION_STATES, Batch
from eventsapp.registrations.queries import batches
from eventsapp.registrations.queries.batches import Selection
from eventsapp.registrations.services import bulk
from eventsapp.registrations.views.office.listing import asked_filters, ticked_ids
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to

EVERYTHING = "tout"
SECONDS_BETWEEN_LOOKS = 2
FORMS: dict[str, type[Form]] = {"message": MessageForm, "move": MoveForm, "refusal": ReasonForm}


@bp.get("/lot")
@requires(MANAGE)
def prepare_order(meeting_id: int) -> Answer:
    """How many registrations are concerned and what would happen to them; nothing is done."""
    meeting, filters = load_meeting(meeting_id), asked_filters()
    selection, action = _asked_selection(meeting, filters), request.args.get("action", "")
    if not (selection.ids or selection.filters) or action not in (*bulk.ACTIONS, *bulk.EXPORTS):
        flash(_("Cochez au moins une inscription, et choisissez quoi faire."), "warning")
        return _to_list(meeting, filters)
    if action in bulk.EXPORTS:
        return _to_export(meeting, selection, filters, action)
    return _order_page(meeting, selection, action, _form(action, meeting))


@bp.post("/lots")
@requires(MANAGE)
def give_order(meeting_id: int) -> Answer:
    """The order is given; «Aperçu» shows the message without sending it."""
    meeting, action = load_meeting(meeting_id), request.form.get("action", "")
    selection, form = _sent_selection(meeting), _form(action, meeting)
    if action not in bulk.ACTIONS:
        return to("list_all", meeting_id=meeting.id)
    if not form.validate() or "preview" in request.form:
        return _order_page(meeting, selection, action, form)
    given: list[Batch] = []
    if not form.carries_out(
        lambda: given.append(
            bulk.give_order(
                selection=selection,
                kind=action,
                options=_options(form),
                form=_form_sent(),
                by=current_actor(),
                at=now(),
            )
        )
    ):
        return _order_page(meeting, selection, action, form)
    return to("show_batch", meeting_id=meeting.id, batch_id=given[0].id)


@bp.get("/lots/<int:batch_id>")
@requires(MANAGE)
def show_batch(meeting_id: int, batch_id: int) -> Answer:
    """How far the order is, and what was refused and why; the page looks again by itself until the end."""
    meeting, batch = load_meeting(meeting_id), batches.get_batch(meeting_id, batch_id)
    page = render_template(
        "registrations/office/batch.html",
        meeting=meeting,
        batch=batch,
        progress=batches.progress_of(batch),
        refused=batches.refused_items(batch, page_number()),
        kinds=BATCH_KINDS,
        waiting=count_waiting(batch) if batch.kind == "import" else 0,
        file_kinds=MEDIA_TYPES,
    )
    response = make_response(page)
    if batch.state == "running":
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@bp.post("/lots/<int:batch_id>/arret")
@requires(MANAGE)
def stop_batch(meeting_id: int, batch_id: int) -> Answer:
    """Nothing more is done."""
    meeting, batch = load_meeting(meeting_id), batches.get_batch(meeting_id, batch_id)
    bulk.stop_batch(batch=batch, at=now())
    flash(_("Le traitement est arrêté. Ce qui était fait le reste."), "success")
    return to("show_batch", meeting_id=meeting.id, batch_id=batch.id)


def _asked_selection(meeting: Meeting, filters: Filters) -> Selection:
    if request.args.get("portee") == EVERYTHING:
        return Selection(meeting.id, filters=filters)
    return Selection(meeting.id, ids=ticked_ids(request.args.getlist("id")))


def _sent_selection(meeting: Meeting) -> Selection:
    if "query" in request.form:
        return Selection(meeting.id, filters=read_query(request.form["query"]))
    return Selection(meeting.id, ids=ticked_ids(request.form.getlist("id")))


def _form(action: str, meeting: Meeting) -> Form:
    form = FORMS.get(action, NoAnswers)()
    if isinstance(form, MoveForm):
        form.session_id.choices = [SelectChoice(str(x.id), x.title) for x in meeting.workshops]
    return form


def _options(form: Form) -> dict[str, Any]:
    if isinstance(form, MoveForm):
        return {"session_id": int(form.session_id.data)}
    if isinstance(form, MessageForm):
        return {"subject": form.subject.data, "message": form.message.data}
    if isinstance(form, ReasonForm):
        return {"reason": form.reason.data or ""}
    return {}


def _form_sent() -> str:
    """Return what tells this page from any other, however often it is sent; a new one at first."""
    return rules.read_reference(request.form.get("form", "")) or rules.make_reference()


def _order_page(meeting: Meeting, selection: Selection, action: str, form: Form) -> Answer:
    counts = batches.count_by_state(selection)
    states = bulk.ACTIONS[action].states_among(selection)
    page = render_template(
        "registrations/office/order.html",
        meeting=meeting,
        selection=selection,
        action=action,
        form=form,
        counts=counts,
        suited=sum(counts.get(state, 0) for state in states),
        states_suited=states,
        states=REGISTRATION_STATES,
        labels=bulk.ACTION_LABELS,
        seats=queries.load_places(meeting)[2].sessions if action == "move" else {},
        form_sent=_form_sent(),
        sample=_sample(meeting, selection, form),
    )
    return page, form.status


def _sample(meeting: Meeting, selection: Selection, form: Form) -> dict[str, Any] | None:
    """The message as the first of them would receive it, once it is written."""
    if not isinstance(form, MessageForm) or "preview" not in request.form or form.errors:
        return None
    first = batches.first_of(selection, bulk.ACTIONS["message"].states_among(selection))
    if first is None:
        return None
    draft = office_message_draft(
        first,
        meeting,
        subject=form.subject.data or "",
        message=form.message.data or "",
        occasion="preview",
        at=now(),
        is_preview=True,
    )
    return {"to": first, **preview_mail(draft)}


def _to_list(meeting: Meeting, filters: Filters) -> Response:
    href = url_for("office_registrations.list_all", meeting_id=meeting.id)
    return make_response(redirect(f"{href}?{filters.query() or 'vue=toutes'}", 303))


def _to_export(meeting: Meeting, selection: Selection, filters: Filters, kind: str) -> Response:
    href = url_for(
        "office_registrations.export",
        meeting_id=meeting.id,
        kind=kind,
        id=selection.ids,
        **filters.parameters(),
    )
    return make_response(redirect(href, 303))
