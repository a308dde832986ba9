"""Writing the minutes: every save says which version it saw, so that nobody's text is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, lock
from eventsapp.meetings.models import Meeting, Session
from eventsapp.minutes.errors import (
    ClosedBeforeOpened,
    MinutesAreClosed,
    MinutesExistAlready,
    TextHasChanged,
)
from eventsapp.minutes.models import AgendaItem, Minutes
from eventsapp.minutes.queries import BLOCKS, Block, find_minutes
from eventsapp.minutes.rules import moved

Row = TypeVar("Row", AgendaItem, Block)

REPORTED_KINDS = ("plenary", "workshop", "restitution")


def create_minutes(meeting: Meeting, *, by: Account, at: datetime) -> Minutes:
    """The meeting has minutes, with one item for each plenary, workshop and restitution of its programme."""
    lock(Meeting, meeting.id)
    if find_minutes(meeting.id):
        raise MinutesExistAlready
    minutes = Minutes(
        meeting_id=meeting.id, writer=by.name, created_at=at, changed_at=at, changed_by_id=by.id
    )
    reported = [session for session in meeting.sessions if session.kind in REPORTED_KINDS]
    minutes.items = [_item_of(session, position) for position, session in enumerate(reported)]
    db.session.add(minutes)
    db.session.flush()
    return minutes


def _item_of(session: Session, position: int) -> AgendaItem:
    rapporteurs = ", ".join(role.name for role in session.roles if role.role == "rapporteur")
    return AgendaItem(
        session_id=session.id, position=position, title=session.title, rapporteur=rapporteurs[:200]
    )


def change_minutes(
    minutes: Minutes, values: Mapping[str, Any], *, seen: int, by: Account, at: datetime
) -> None:
    """The minutes say who chaired, when, and how they open and end. TextHasChanged when not seen last."""
    opened_at, closed_at = values["opened_at"], values["closed_at"]
    if opened_at and closed_at and closed_at <= opened_at:
        raise ClosedBeforeOpened
    _save(minutes, minutes, values, seen, by=by, at=at)


def change_item(item: AgendaItem, values: Mapping[str, Any], *, seen: int, by: Account, at: datetime) -> None:
    """The item has that title, rapporteur and summary. TextHasChanged when not seen last."""
    _save(item.minutes, item, values, seen, by=by, at=at)


def change_block(
    item: AgendaItem, block: Block, values: Mapping[str, Any], *, seen: int, by: Account, at: datetime
) -> None:
    """The intervention, decision or action has those values. TextHasChanged when not seen last."""
    _save(item.minutes, block, values, seen, by=by, at=at)


def add_item(minutes: Minutes, title: str, *, by: Account, at: datetime) -> AgendaItem:
    """The minutes have one more item, at the end."""
    _open(minutes, by=by, at=at)
    item = AgendaItem(minutes_id=minutes.id, title=title, position=_next_position(minutes.items))
    return _added(item)


def add_block(item: AgendaItem, kind: str, values: Mapping[str, Any], *, by: Account, at: datetime) -> Block:
    """The item has one more intervention, decision or action, at the end."""
    _open(item.minutes, by=by, at=at)
    position = _next_position(getattr(item, kind))
    return _added(BLOCKS[kind](item_id=item.id, position=position, **values))


def remove_item(item: AgendaItem, *, by: Account, at: datetime) -> None:
    """The item and everything in it are gone."""
    _remove(item.minutes, item, by=by, at=at)


def remove_block(item: AgendaItem, block: Block, *, by: Account, at: datetime) -> None:
    """The intervention, decision or action is gone."""
    _remove(item.minutes, block, by=by, at=at)


def move_item(item: AgendaItem, step: int, *, by: Account, at: datetime) -> None:
    """The item comes that many places later, or earlier when negative."""
    _open(item.minutes, by=by, at=at)
    _reorder(item.minutes.items, item.id, step)


def move_block(item: AgendaItem, kind: str, block: Block, step: int, *, by: Account, at: datetime) -> None:
    """The block comes that many places later among those of its kind, or earlier when negative."""
    _open(item.minutes, by=by, at=at)
    _reorder(getattr(item, kind), block.id, step)


def _open(minutes: Minutes, *, by: Account, at: datetime) -> None:
    """Hold the minutes until the transaction ends, and note who changes them; refused once approved."""
    held = lock(Minutes, minutes.id)
    if not held.is_open():
        raise MinutesAreClosed
    held.changed_at, held.changed_by_id = at, by.id


def _save(
    minutes: Minutes,
    row: Minutes | AgendaItem | Block,
    values: Mapping[str, Any],
    seen: int,
    *,
    by: Account,
    at: datetime,
) -> None:
    _open(minutes, by=by, at=at)
    if row is not minutes:
        db.session.refresh(row, ["version", *values])
    if all(getattr(row, name) == value for name, value in values.items()):
        return  # the same text sent twice is no conflict and makes no version
    if row.version != seen:
        raise TextHasChanged
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    db.session.flush()


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def _remove(minutes: Minutes, row: AgendaItem | Block, *, by: Account, at: datetime) -> None:
    _open(minutes, by=by, at=at)
    db.session.delete(row)
    db.session.flush()


def _next_position(rows: Sequence[AgendaItem | Block]) -> int:
    return max((row.position for row in rows), default=-1) + 1


def _reorder(rows: Sequence[AgendaItem | Block], key: int, step: int) -> None:
    order = moved([row.id for row in rows], key, step)
    for row in rows:
        row.position = order.index(row.id)
    db.session.flush()
