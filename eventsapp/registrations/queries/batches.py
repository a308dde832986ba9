"""Reads of work on many registrations: whom it is about, how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.core.paging import Page, paginate
from eventsapp.registrations.filters import Filters
from eventsapp.registrations.models import Batch, BatchItem, Registration
from eventsapp.registrations.queries.listing import among, listed

MOST_LATEST = 5


@dataclass(frozen=True)
class Selection:
    """Registrations chosen on the list: those whose box was ticked, or all that the filters keep."""

    meeting_id: int
    ids: tuple[int, ...] = ()
    filters: Filters | None = None

    def statement(self, states: Sequence[str] = ()) -> Select[Registration]:
        """Return the statement of those that are in one of these states, in the order of the list."""
        if self.filters is not None:
            found = listed(self.meeting_id, self.filters)
        else:
            found = among(self.meeting_id, self.ids)
        return found.where(Registration.state.in_(states)) if states else found


@dataclass(frozen=True)
class Progress:
    """How many items of a batch there are, and what became of them."""

    total: int
    done: int
    refused: int
    skipped: int = 0

    @property
    def treated(self) -> int:
        return self.done + self.refused + self.skipped


def count_by_state(selection: Selection) -> Mapping[str, int]:
    """Return how many of the chosen registrations are in each state: one statement."""
    chosen = selection.statement().with_only_columns(Registration.state).order_by(None).subquery()
    rows = db.session.execute(select(chosen.c.state, func.count()).group_by(chosen.c.state))
    return dict(rows.all())


def first_of(selection: Selection, states: Sequence[str]) -> Registration | None:
    """Return the first registration of the selection, for a preview."""
    return db.session.scalars(selection.statement(states).limit(1)).first()


def get_batch(meeting_id: int, batch_id: int) -> Batch:
    """Return one batch of the meeting that has begun; NoResultFound (404) when it is of another."""
    begun = (Batch.meeting_id == meeting_id, Batch.id == batch_id, Batch.state != "draft")
    return db.session.scalars(select(Batch).where(*begun)).one()


def order_of_form(meeting_id: int, account_id: int, form: str) -> Batch | None:
    """Return the order that this account gave a moment ago on this page, if it did."""
    mine = select(Batch).where(Batch.meeting_id == meeting_id, Batch.made_by_id == account_id)
    last = db.session.scalars(mine.order_by(Batch.id.desc()).limit(MOST_LATEST))
    return next((batch for batch in last if batch.options.get("form") == form), None)


def latest_batches(meeting_id: int) -> Sequence[Batch]:
    """Return the last orders given at the meeting that are kept, the latest first."""
    given = select(Batch).where(Batch.meeting_id == meeting_id, Batch.state != "draft")
    return db.session.scalars(given.order_by(Batch.id.desc()).limit(MOST_LATEST)).all()


def progress_of(batch: Batch) -> Progress:
    """Return how far the batch is: one statement over an index."""
    counted = select(BatchItem.outcome, func.count()).where(BatchItem.batch_id == batch.id)
    by_outcome = dict(db.session.execute(counted.group_by(BatchItem.outcome)).all())
    done, refused, skipped = (by_outcome.get(name, 0) for name in ("done", "refused", "skipped"))
    return Progress(sum(by_outcome.values()), done, refused, skipped)


def refused_items(batch: Batch, page: int) -> Page[BatchItem]:
    """Return one page of what was refused, with the registrations."""
    statement = select(BatchItem).where(BatchItem.batch_id == batch.id, BatchItem.outcome == "refused")
    statement = statement.options(joinedload(BatchItem.registration))
    return paginate(statement.order_by(BatchItem.number), number=page)


def waiting_items(batch_id: int, limit: int) -> Sequence[BatchItem]:
    """Return the next items to carry out."""
    statement = select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.outcome == "waiting")
    return db.session.scalars(statement.order_by(BatchItem.number).limit(limit)).all()


def next_running() -> int | None:
    """Return the id of the oldest batch under way; None when there is none."""
    return db.session.scalar(select(Batch.id).where(Batch.state == "running").order_by(Batch.id).limit(1))
