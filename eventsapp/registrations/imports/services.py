"""Files of registrations: kept as the draft of an order, described, examined, then begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import insert

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, lock, run, table_of
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.sheet import Row, Sheet
from eventsapp.core.tables.titles import guess_columns
from eventsapp.registrations.imports.columns import NEEDED, Destination, fields_of, knows_at, titles_at
from eventsapp.registrations.imports.errors import ColumnIsChosenTwice, ColumnsAreMissing, ImportHasBegun
from eventsapp.registrations.imports.queries import KIND
from eventsapp.registrations.imports.review import Review, basis_of, review_rows
from eventsapp.registrations.models import Batch, BatchItem
from eventsapp.registrations.services import bulk
from eventsapp.registrations.services.registering import check_office_may_register

DRAFT_KEPT = timedelta(hours=24)
Options: TypeAlias = "dict[str, Any]"  # of a draft


def keep_file(
    destination: Destination,
    *,
    content: bytes,
    header: Sequence[str],
    filename: str,
    by: Account,
    at: datetime,
) -> Batch:
    """Keep for a day a file that was read and has this header, with what its columns seem to hold.

    Raises RegistrationIsClosed when nobody may be added to the meeting.
    """
    meeting = destination.offer.meeting
    check_office_may_register(meeting)
    draft = Batch(
        meeting_id=meeting.id,
        kind=KIND,
        state="draft",
        content=content,
        options={
            "filename": filename[:200],
            "header": list(header),
            "columns": guess_columns(header, titles_at(destination)),
            "joins_waiting": True,
        },
        made_at=at,
        made_by_id=by.id,
        expires_at=at + DRAFT_KEPT,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def read_file(draft: Batch, destination: Destination) -> Sheet:
    """Return the table of the file. Raises ImportHasBegun."""
    if draft.content is None:
        raise ImportHasBegun
    return read_table(draft.content, knows_at(destination))


def missing_columns(columns: Sequence[str]) -> list[str]:
    """Return the fields that no column holds and without which nobody can be registered."""
    return [name for name in NEEDED if name not in columns]


def with_columns(draft: Batch, destination: Destination, columns: Sequence[str]) -> Options:
    """Return the options once each column holds the field said; one that is unknown holds none.

    Raises ColumnsAreMissing, ColumnIsChosenTwice.
    """
    fields = fields_of(destination)
    width = len(draft.options["header"])
    chosen = [name if name in fields else "" for name in columns[:width]]
    chosen += [""] * (width - len(chosen))
    if twice := next((name for name in chosen if name and chosen.count(name) > 1), None):
        raise ColumnIsChosenTwice(fields[twice])
    if missing := missing_columns(chosen):
        raise ColumnsAreMissing([fields[name] for name in missing])
    return {**draft.options, "columns": chosen}


def with_waiting(draft: Batch, *, joins: bool) -> Options:
    """Return the options once whoever asks for a full workshop joins its waiting list, or is refused."""
    return {**draft.options, "joins_waiting": joins}


def examine(draft: Batch, options: Options, destination: Destination, *, at: datetime) -> Review:
    """Return what the file would do with these options: nothing is written, and a long file takes seconds.

    Raises ColumnsHaveChanged, ImportHasBegun.
    """
    sheet = read_file(draft, destination)
    return review_rows(sheet.rows, options, destination, at=at, how=str(sheet.how))


def keep_review(draft: Batch, options: Options, review: Review) -> None:
    """The draft has these options, and what the file would do with them. Raises ImportHasBegun."""
    draft = lock(Batch, draft.id)
    if draft.state != "draft":
        raise ImportHasBegun
    draft.options, draft.review = options, review.to_keep()
    db.session.flush()


def kept_review(draft: Batch, options: Options, destination: Destination) -> Review | None:
    """Return what the file would do, if it was examined with these options, this form and these workshops."""
    kept = draft.review
    is_fresh = kept is not None and kept["basis"] == basis_of(options, destination)
    return Review.kept(kept) if kept is not None and is_fresh else None


def start_import(
    draft: Batch, destination: Destination, *, is_told: bool, by: Account, at: datetime
) -> Batch:
    """The lines of the file are an order under way, and the file is erased; begun twice, it is begun once.

    ``is_told``: each person receives the message of a registration. Raises ColumnsAreMissing, RegistrationIsClosed.
    """
    batch = lock(Batch, draft.id)
    if batch.state != "draft":
        return batch
    check_office_may_register(destination.offer.meeting)
    if missing := missing_columns(batch.options["columns"]):
        raise ColumnsAreMissing([fields_of(destination)[name] for name in missing])
    sheet = read_file(batch, destination)
    batch.state, batch.content, batch.review = "running", None, None
    batch.options = {**batch.options, "is_told": is_told}
    batch.made_at, batch.made_by_id, batch.expires_at = at, by.id, at + bulk.KEPT
    run(insert(table_of(BatchItem)), [_item(batch, row) for row in sheet.rows])
    bulk.continue_batch(batch_id=batch.id, at=at)
    return batch


def discard_draft(draft: Batch) -> None:
    """The file is erased. Raises ImportHasBegun."""
    draft = lock(Batch, draft.id)
    if draft.state != "draft":
        raise ImportHasBegun
    db.session.delete(draft)
    db.session.flush()


def _item(batch: Batch, row: Row) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "number": row.number,
        "registration_id": None,
        "cells": list(row.cells),
        "outcome": "waiting",
        "reason": "",
    }
