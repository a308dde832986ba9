"""Reads of reminder rules and of the people they are for. Each says what it loads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.reminders.models import Reminder, ReminderRule
from eventsapp.reminders.rules import MOST_DAYS_BEFORE

MOST_RULES = 50


def list_rules(meeting: Meeting) -> Sequence[ReminderRule]:
    """Return the meeting's rules, the first to leave first, at most fifty."""
    statement = select(ReminderRule).where(ReminderRule.meeting_id == meeting.id)
    order = (ReminderRule.days_before.desc(), ReminderRule.hour, ReminderRule.id)
    return db.session.scalars(statement.order_by(*order).limit(MOST_RULES)).all()


def get_rule(meeting: Meeting, rule_id: int) -> ReminderRule:
    """Return a rule of the meeting, which the caller loaded by scope; NoResultFound (404) otherwise."""
    statement = select(ReminderRule).where(ReminderRule.id == rule_id, ReminderRule.meeting_id == meeting.id)
    return db.session.scalars(statement).one()


def is_moment_taken(meeting: Meeting, days_before: int, hour: int, *, but: int | None = None) -> bool:
    """Tell whether another rule of the meeting has that moment."""
    statement = select(ReminderRule.id).where(
        ReminderRule.meeting_id == meeting.id,
        ReminderRule.days_before == days_before,
        ReminderRule.hour == hour,
    )
    return db.session.scalar(statement.where(ReminderRule.id != (but or 0))) is not None


def sent_counts(rule_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many reminders each rule has made; rules without any are absent."""
    counted = (
        select(Reminder.rule_id, func.count())
        .where(Reminder.rule_id.in_(rule_ids))
        .group_by(Reminder.rule_id)
    )
    return {int(rule_id): int(count) for rule_id, count in db.session.execute(counted)}


def rules_of_coming_meetings(*, at: datetime) -> Sequence[ReminderRule]:
    """Return the rules, with their meetings, that may have somebody to remind about now."""
    horizon = at + timedelta(days=MOST_DAYS_BEFORE + 2)
    statement = (
        select(ReminderRule)
        .join(ReminderRule.meeting)
        .options(contains_eager(ReminderRule.meeting))
        .where(Meeting.state == "published", Meeting.starts_at > at, Meeting.starts_at < horizon)
        .order_by(ReminderRule.id)
    )
    return db.session.scalars(statement).all()


def hold_meetings(meeting_ids: Collection[int]) -> None:
    """Read these meetings anew and hold them: nobody cancels, moves or leaves them in the meantime."""
    statement = select(Meeting).where(Meeting.id.in_(meeting_ids)).order_by(Meeting.id).with_for_update()
    db.session.scalars(statement, execution_options={"populate_existing": True}).all()


def people_to_remind(
    due: Mapping[int, datetime], meeting_of: Mapping[int, int], *, limit: int
) -> Sequence[tuple[int, Registration]]:
    """Return (rule, registration) pairs still without a reminder, with the places chosen.

    ``due`` gives each rule's instant, ``meeting_of`` its meeting: who registered, or got a place from the
    waiting list, after the instant has missed that reminder and gets those to come.
    """
    reminded = select(Reminder.id).where(
        Reminder.rule_id == ReminderRule.id, Reminder.registration_id == Registration.id
    )
    wanted = or_(
        *(
            and_(
                ReminderRule.id == rule_id,
                Registration.meeting_id == meeting_of[rule_id],
                func.coalesce(Registration.offered_at, Registration.registered_at) <= instant,
            )
            for rule_id, instant in due.items()
        )
    )
    statement = (
        select(ReminderRule.id, Registration)
        .join(Registration, Registration.meeting_id == ReminderRule.meeting_id)
        .where(wanted, Registration.state == "confirmed", ~reminded.exists())
        .options(selectinload(Registration.places).joinedload(SessionPlace.session))
        .order_by(ReminderRule.id, Registration.id)
        .limit(limit)
        .with_for_update(of=Registration)
    )
    return [(rule_id, one) for rule_id, one in db.session.execute(statement)]
