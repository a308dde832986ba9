"""Orders about many registrations: written down at once, carried out a few at a time by the worker.

Each turn is one transaction: nobody waits long for it, and one that is cut short is begun again. An item that a rule
refuses says why, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import delete, func, insert, literal, select

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, lock, savepoint
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _, _l, speaking
from eventsapp.mail.outbox import queue_mails
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.rules import overlap
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    BatchHasEnded,
    NotForThisState,
    NothingIsSelected,
)
from eventsapp.registrations.imports.importing import importer_of
from eventsapp.registrations.mails.office import office_message_draft
from eventsapp.registrations.models import ENDED_STATES, REGISTRATION_STATES, Batch, BatchItem, Registration
from eventsapp.registrations.queries import batches, listing
from eventsapp.registrations.queries.batches import Selection
from eventsapp.registrations.services import admitting, changing, waiting_list

AT_ONCE = 25  # items a transaction: others wait for the meeting's row meanwhile
KEPT = timedelta(days=30)  # what was asked and refused names people

log = structlog.get_logger()

Act = Callable[[BatchItem], object]


@dataclass(frozen=True)
class Turn:
    """What an action needs to know besides the registration."""

    batch: Batch
    meeting: Meeting
    by: Account
    at: datetime


@dataclass(frozen=True)
class Action:
    """What can be done to many registrations: to those in which states, and how to one of them."""

    states: tuple[str, ...]
    carry_out: Callable[[Registration, Turn], object]

    def states_among(self, selection: Selection) -> tuple[str, ...]:
        """Those it suits. Cancelled and refused ones only when somebody ticked them or asked for them by name."""
        asked = selection.filters.states if selection.filters else self.states
        return tuple(state for state in self.states if state in asked or state not in ENDED_STATES)


def give_order(
    *,
    selection: Selection,
    kind: str,
    options: Mapping[str, Any] | None = None,
    form: str = "",
    by: Account,
    at: datetime,
) -> Batch:
    """The order is written down with everybody it is about, and its first turn is carried out.

    Those whose state does not suit it are left out. ``form`` tells the page it was given on: the same page sent
    twice gives one order. Raises NothingIsSelected.
    """
    lock(Meeting, selection.meeting_id)
    if form and (given := batches.order_of_form(selection.meeting_id, by.id, form)):
        return given
    batch = Batch(
        meeting_id=selection.meeting_id,
        kind=kind,
        state="running",
        options={**(options or {}), "form": form},
        made_at=at,
        made_by_id=by.id,
        expires_at=at + KEPT,
    )
    db.session.add(batch)
    db.session.flush()
    chosen = selection.statement(ACTIONS[kind].states_among(selection)).order_by(None).subquery()
    rows = select(
        literal(batch.id),
        # First come, first served: by rank in the waiting list, then by date.
        func.row_number().over(
            order_by=(func.coalesce(chosen.c.queue_rank, 0), chosen.c.registered_at, chosen.c.id)
        ),
        chosen.c.id,
        literal("waiting"),
        literal(""),
    )
    names = ["batch_id", "number", "registration_id", "outcome", "reason"]
    db.session.execute(insert(BatchItem).from_select(names, rows))
    if not batches.waiting_items(batch.id, 1):
        raise NothingIsSelected
    continue_batch(batch_id=batch.id, at=at)
    return batch


def continue_batch(*, batch_id: int, at: datetime) -> bool:
    """The next items of the batch are carried out; tell whether some are left."""
    batch = lock(Batch, batch_id)
    if batch.state != "running":
        return False
    items = batches.waiting_items(batch.id, AT_ONCE)
    author = db.session.get_one(Account, batch.made_by_id)
    with speaking(author.locale):
        act = _way_to_act(batch, author, at)
        for item in items:
            _carry_out(item, act)
    if len(items) < AT_ONCE:
        batch.state, batch.ended_at = "done", at
    db.session.flush()
    return batch.state == "running"


def carry_out_next(*, at: datetime) -> None:
    """One turn of the oldest batch under way, if there is one."""
    if batch_id := batches.next_running():
        continue_batch(batch_id=batch_id, at=at)


def is_any_under_way() -> bool:
    """Tell whether a batch is under way; what was read is forgotten, so that a write may begin."""
    found = batches.next_running() is not None
    db.session.remove()  # SQLite: a transaction that has read cannot become the writer
    return found


def stop_batch(*, batch: Batch, at: datetime) -> None:
    """Nothing more is done; what was done stays. Raises BatchHasEnded."""
    batch = lock(Batch, batch.id)
    if batch.state != "running":
        raise BatchHasEnded
    batch.state, batch.ended_at = "stopped", at
    db.session.flush()


def erase_old_batches(*, at: datetime) -> None:
    """Orders that have had their time are gone."""
    db.session.execute(delete(Batch).where(Batch.expires_at <= at, Batch.state != "running"))


def _way_to_act(batch: Batch, by: Account, at: datetime) -> Act:
    """Return what carries out one item of the batch."""
    if batch.kind == "import":
        try:
            return importer_of(batch, by=by, at=at).register
        except DomainError as refusal:
            return partial(_refuse_item, refusal)
    return partial(_act, Turn(batch, db.session.get_one(Meeting, batch.meeting_id), by, at))


def _refuse_item(refusal: DomainError, _item: BatchItem) -> None:
    raise refusal


def _carry_out(item: BatchItem, act: Act) -> None:
    try:
        with savepoint():
            act(item)
    except AlreadyRegistered as refusal:
        item.outcome, item.reason = "skipped", str(refusal.message)
    except DomainError as refusal:
        item.outcome, item.reason = "refused", str(refusal.message)
    except Exception:  # one that breaks is told, the others go on
        log.exception("batch_item_crashed", batch=item.batch_id, number=item.number)
        item.outcome, item.reason = "refused", _("Une erreur s’est produite. Elle est enregistrée.")
    else:
        item.outcome = "done"


def _act(turn: Turn, item: BatchItem) -> None:
    action = ACTIONS[turn.batch.kind]
    registration = listing.get_registration(turn.batch.meeting_id, item.registration_id or 0)
    if registration.state not in action.states:
        raise NotForThisState
    action.carry_out(registration, turn)


def _approve(registration: Registration, turn: Turn) -> None:
    admitting.approve_registration(registration=registration, by=turn.by, at=turn.at)


def _refuse(registration: Registration, turn: Turn) -> None:
    reason = turn.batch.options["reason"]
    admitting.refuse_registration(registration=registration, reason=reason, by=turn.by, at=turn.at)


def _cancel(registration: Registration, turn: Turn) -> None:
    changing.cancel_registration(registration=registration, by=turn.by, at=turn.at)


def _offer(registration: Registration, turn: Turn) -> None:
    waiting_list.offer_by_hand(registration=registration, by=turn.by, at=turn.at)


def _move(registration: Registration, turn: Turn) -> None:
    """The registration has a place in the workshop, instead of those held at the same time."""
    target = next(x for x in registration.meeting.sessions if x.id == turn.batch.options["session_id"])
    held = [place.session for place in registration.places if place.is_held()]
    kept = [session.id for session in held if session.id == target.id or not overlap(session, target)]
    wanted = {*kept, target.id}
    changing.change_registration(registration=registration, session_ids=wanted, by=turn.by, at=turn.at)


def _write(registration: Registration, turn: Turn) -> None:
    options = turn.batch.options
    draft = office_message_draft(
        registration,
        turn.meeting,
        subject=options["subject"],
        message=options["message"],
        occasion=f"batch:{turn.batch.id}",
        at=turn.at,
    )
    queue_mails([draft], at=turn.at)


_EXPECTED = tuple(state for state in REGISTRATION_STATES if state not in ENDED_STATES)

ACTIONS: dict[str, Action] = {
    "approval": Action(("pending",), _approve),
    "refusal": Action(("pending",), _refuse),
    "cancellation": Action(_EXPECTED, _cancel),
    "offer": Action(("waiting",), _offer),
    "move": Action(("confirmed",), _move),
    "message": Action(tuple(REGISTRATION_STATES), _write),
}
ACTION_LABELS = {
    "message": _l("Envoyer un message"),
    "move": _l("Placer dans un atelier"),
    "approval": _l("Valider"),
    "refusal": _l("Refuser"),
    "offer": _l("Proposer une place"),
    "cancellation": _l("Annuler"),
}
EXPORTS: Sequence[str] = ("ods", "xlsx", "csv")
