"""Reads of registrations that may be one person's twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased, selectinload

from eventsapp.core.db import db
from eventsapp.registrations.likeness import Keys, Likeness, likely_pairs
from eventsapp.registrations.models import ENDED_STATES, DistinctPair, Registration, SessionPlace


def find_pairs(meeting_id: int) -> list[Likeness]:
    """Return the pairs of expected people who look alike and whom nobody said to be two: two statements.

    Every name and address of the meeting is read: a tenth of a second for 10,000 people.
    """
    one = Registration
    statement = select(one.id, one.name_key, one.email_key, one.organisation_key)
    rows = db.session.execute(
        statement.where(one.meeting_id == meeting_id, one.state.not_in(ENDED_STATES)).order_by(one.id)
    )
    told_apart = _told_apart(meeting_id)
    pairs = likely_pairs([Keys(*row) for row in rows])
    return [pair for pair in pairs if (pair.first_id, pair.second_id) not in told_apart]


def _told_apart(meeting_id: int) -> set[tuple[int, int]]:
    pairs = select(DistinctPair.first_id, DistinctPair.second_id)
    of_meeting = pairs.join(Registration, Registration.id == DistinctPair.first_id)
    rows = db.session.execute(of_meeting.where(Registration.meeting_id == meeting_id))
    return {(first, second) for first, second in rows}


def namesakes(registrations: Sequence[Registration]) -> Mapping[int, int]:
    """Return, for those of these registrations who have a namesake at the meeting, the id of one of them.

    One statement over an index; people said to be two are left out.
    """
    shown, other = aliased(Registration), aliased(Registration)
    pair = DistinctPair
    are_two = exists().where(
        or_(
            and_(pair.first_id == shown.id, pair.second_id == other.id),
            and_(pair.first_id == other.id, pair.second_id == shown.id),
        )
    )
    statement = (
        select(shown.id, other.id)
        .join(other, and_(other.meeting_id == shown.meeting_id, other.name_key == shown.name_key))
        .where(shown.id.in_([one.id for one in registrations]), other.id != shown.id)
        .where(shown.state.not_in(ENDED_STATES), other.state.not_in(ENDED_STATES), ~are_two)
        .order_by(other.id.desc())
    )
    return dict(db.session.execute(statement).all())


def by_id(meeting_id: int, ids: Iterable[int]) -> Mapping[int, Registration]:
    """Return these registrations of the meeting with the sessions chosen, by id."""
    statement = select(Registration).where(
        Registration.meeting_id == meeting_id, Registration.id.in_(set(ids))
    )
    options = selectinload(Registration.places).joinedload(SessionPlace.session)
    return {one.id: one for one in db.session.scalars(statement.options(options))}
