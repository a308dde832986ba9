"""Reads of registrations that may be one person's twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, union
from sqlalchemy.orm import aliased, selectinload

from eventsapp.core.db import db, table_of
from eventsapp.registrations.likeness import Keys, Likeness, likely_pairs
from eventsapp.registrations.models import ENDED_STATES, DistinctPair, Registration, SessionPlace

_REGISTRATION = table_of(Registration)
MOST_READ = 10_000  # people of whom every address is compared with every other: a tenth of a second


@dataclass(frozen=True)
class Pairs:
    """Pairs that look alike. Of a larger meeting, only same names and same mailboxes are looked for."""

    found: list[Likeness]
    is_thorough: bool


def find_pairs(meeting_id: int) -> Pairs:
    """Return the pairs of expected people who look alike and whom nobody said to be two: three statements at most.

    Past MOST_READ people, only those who share a name or a mailbox are read, through indexes.
    """
    one, is_thorough = Registration, not is_large(meeting_id)
    statement = select(one.id, one.name_key, one.email_key, one.organisation_key)
    if is_thorough:
        statement = statement.where(one.meeting_id == meeting_id)
    else:
        shared = (
            _sharing(meeting_id, key) for key in (_REGISTRATION.c.likeness_key, _REGISTRATION.c.mailbox_key)
        )
        statement = statement.where(one.id.in_(union(*shared)))
    rows = db.session.execute(statement.where(one.state.not_in(ENDED_STATES)).limit(MOST_READ))
    people = [Keys(*row) for row in rows]
    told_apart = _told_apart(meeting_id)
    pairs = (pair for pair in likely_pairs(people) if (pair.first_id, pair.second_id) not in told_apart)
    return Pairs(list(pairs), is_thorough)


def is_large(meeting_id: int) -> bool:
    """Tell whether the meeting has too many people for all of them to be compared."""
    one_more = select(literal(1)).where(Registration.meeting_id == meeting_id).offset(MOST_READ).limit(1)
    return db.session.scalar(one_more) is not None


def _sharing(meeting_id: int, key: ColumnElement[str]) -> Select[int]:
    """Select the ids of those who share the key, by its index alone."""
    of_meeting = _REGISTRATION.c.meeting_id == meeting_id
    shared = select(key).where(of_meeting).group_by(key).having(func.count() > 1).limit(MOST_READ)
    return select(_REGISTRATION.c.id).where(of_meeting, key.in_(shared.correlate(None)))


def _told_apart(meeting_id: int) -> set[tuple[int, int]]:
    pairs = select(DistinctPair.first_id, DistinctPair.second_id)
    of_meeting = pairs.join(Registration, Registration.id == DistinctPair.first_id)
    rows = db.session.execute(of_meeting.where(Registration.meeting_id == meeting_id))
    return {(first, second) for first, second in rows}


def lookalikes(registrations: Sequence[Registration]) -> Mapping[int, int]:
    """Return, for those of these registrations who share a name or a mailbox with another, the id of one of them.

    One statement that stops at the first found in an index; people said to be two are left out.
    """
    ids = [one.id for one in registrations if one.is_active()]
    rows = db.session.execute(_lookalikes(), {"ids": ids})
    return {shown_id: other_id for shown_id, other_id in rows if other_id is not None}


@cache  # building it costs more than running it
def _lookalikes() -> Select[int, int | None]:
    shown, other = aliased(Registration), aliased(Registration)
    ways = other.mailbox_key == shown.mailbox_key, other.likeness_key == shown.likeness_key
    found = func.coalesce(*(_first(shown, other, way) for way in ways))
    return select(shown.id, found).where(shown.id.in_(bindparam("ids", expanding=True)))


def _first(shown: Any, other: Any, way: ColumnElement[bool]) -> Any:
    pair = DistinctPair
    are_two = or_(
        and_(pair.first_id == shown.id, pair.second_id == other.id),
        and_(pair.first_id == other.id, pair.second_id == shown.id),
    )
    told_apart = select(pair.first_id).where(are_two).correlate(shown, other).exists()
    expected = other.meeting_id == shown.meeting_id, other.id != shown.id, other.state.not_in(ENDED_STATES)
    return select(other.id).where(way, *expected, ~told_apart).limit(1).scalar_subquery()


def by_id(meeting_id: int, ids: Iterable[int]) -> Mapping[int, Registration]:
    """Return these registrations of the meeting with the sessions chosen, by id."""
    statement = select(Registration).where(
        Registration.meeting_id == meeting_id, Registration.id.in_(set(ids))
    )
    options = selectinload(Registration.places).joinedload(SessionPlace.session)
    return {one.id: one for one in db.session.scalars(statement.options(options))}
