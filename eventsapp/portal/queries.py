"""Reads that join slices: each returns plain rows, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.core.permissions import Scope
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.queries import inside
from eventsapp.minutes.models import ActionItem, AgendaItem, Minutes, Publication
from eventsapp.news.models import Article
from eventsapp.registrations.models import ChangeRequest, Registration, SessionPlace

MOST_FOUND = 20
MOST_SHOWN = 8


def registered_counts(meeting_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many places of each meeting are taken or held; meetings without any are absent."""
    rows = db.session.execute(_REGISTERED, {"ids": list(meeting_ids)})
    return {int(meeting_id): int(count) for meeting_id, count in rows}


# Statements of every public page are built once: building one costs more than asking it.
_REGISTERED = (
    select(Registration.meeting_id, func.count(Registration.place_number))
    .where(Registration.meeting_id.in_(bindparam("ids", expanding=True)))
    .where(Registration.place_number.is_not(None))
    .group_by(Registration.meeting_id)
)


# -- public ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishedMinutes:
    """The latest publication of one meeting's minutes, of public meetings only."""

    reference: str
    number: int
    published_at: datetime
    meeting_title: str
    meeting_slug: str
    starts_at: datetime
    time_zone: str
    city: str


def _latest_publications() -> Select[*tuple[Any, ...]]:
    newest = (
        select(Publication.minutes_id, func.max(Publication.number).label("number"))
        .group_by(Publication.minutes_id)
        .subquery()
    )
    return (
        select(
            Publication.reference,
            Publication.number,
            Publication.published_at,
            Meeting.title,
            Meeting.slug,
            Meeting.starts_at,
            Meeting.time_zone,
            Meeting.city,
        )
        .join(
            newest, (newest.c.minutes_id == Publication.minutes_id) & (newest.c.number == Publication.number)
        )
        .join(Minutes, Minutes.id == Publication.minutes_id)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .where(Meeting.visibility == "public")
    )


def latest_minutes(limit: int = 3) -> list[PublishedMinutes]:
    statement = _latest_publications().order_by(Publication.published_at.desc(), Publication.id.desc())
    return [PublishedMinutes(*row) for row in db.session.execute(statement.limit(limit))]


def minutes_of_meeting(meeting_id: int) -> PublishedMinutes | None:
    row = db.session.execute(_MINUTES_OF_MEETING, {"meeting_id": meeting_id}).first()
    return PublishedMinutes(*row) if row else None


_MINUTES_OF_MEETING = _latest_publications().where(Meeting.id == bindparam("meeting_id"))


def find_minutes(text: str) -> list[PublishedMinutes]:
    """Return published minutes whose meeting has every word of the text, the latest first."""
    statement = _latest_publications()
    for word in search_key(text).split()[:8]:
        statement = statement.where(Meeting.search_key.contains(word, autoescape=True))
    statement = statement.order_by(Meeting.starts_at.desc())
    return [PublishedMinutes(*row) for row in db.session.execute(statement.limit(MOST_FOUND))]


# -- dashboard -------------------------------------------------------------------------------


def coming_meetings(scope: Scope, *, at: datetime) -> Sequence[Meeting]:
    """Return the next meetings in the scope, drafts included."""
    statement = select(Meeting).where(inside(scope), Meeting.ends_at >= at, Meeting.state != "cancelled")
    return db.session.scalars(statement.order_by(Meeting.starts_at, Meeting.id).limit(MOST_SHOWN)).all()


@dataclass(frozen=True)
class Workshops:
    """How many workshops a meeting has, and how many of them are full."""

    number: int
    full: int


def workshops_of(meeting_ids: Collection[int]) -> Mapping[int, Workshops]:
    """Return the workshops of each meeting; meetings without any are absent: one statement."""
    taken = (
        select(func.count(SessionPlace.place_number))
        .where(SessionPlace.session_id == Session.id)
        .scalar_subquery()
    )
    is_full = case((taken >= Session.capacity, 1), else_=0)
    statement = (
        select(Session.meeting_id, func.count(), func.sum(is_full))
        .where(Session.meeting_id.in_(meeting_ids), Session.kind == "workshop")
        .group_by(Session.meeting_id)
    )
    rows = db.session.execute(statement)
    return {meeting_id: Workshops(int(number), int(full)) for meeting_id, number, full in rows}


def meetings_without_published_minutes(scope: Scope, *, at: datetime) -> Sequence[Row[Meeting, str]]:
    """Return meetings over for less than a year whose minutes are not published, with the minutes' state."""
    statement = (
        select(Meeting, Minutes.state)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(inside(scope), Meeting.ends_at < at, Meeting.ends_at > at - timedelta(days=365))
        .where(Meeting.state.in_(("published", "held")), func.coalesce(Minutes.state, "") != "published")
        .order_by(Meeting.starts_at.desc())
    )
    return db.session.execute(statement.limit(MOST_SHOWN)).all()


@dataclass(frozen=True)
class ToDecide:
    """What waits for an organiser's answer at one meeting."""

    meeting_id: int
    title: str
    to_validate: int
    requests: int


def meetings_to_decide(scope: Scope, *, at: datetime) -> Sequence[ToDecide]:
    """Return the coming meetings with registrations to validate or requests to answer: one statement."""
    to_validate = (
        select(func.count())
        .where(Registration.meeting_id == Meeting.id, Registration.state == "pending")
        .scalar_subquery()
    )
    requests = (
        select(func.count())
        .select_from(ChangeRequest)
        .join(Registration, Registration.id == ChangeRequest.registration_id)
        .where(Registration.meeting_id == Meeting.id, ChangeRequest.state == "open")
        .scalar_subquery()
    )
    statement = (
        select(Meeting.id, Meeting.title, to_validate, requests)
        .where(inside(scope), Meeting.ends_at >= at, Meeting.state.in_(("published", "postponed")))
        .where(to_validate + requests > 0)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [ToDecide(*row) for row in db.session.execute(statement.limit(MOST_SHOWN))]


def overdue_actions(scope: Scope, *, on: date) -> Sequence[ActionItem]:
    """Return actions past their date and not done, the oldest first, with their meeting."""
    statement = (
        select(ActionItem)
        .join(ActionItem.item)
        .join(AgendaItem.minutes)
        .join(Minutes.meeting)
        .where(inside(scope), ActionItem.due_on < on, ActionItem.state.in_(("to_do", "doing", "blocked")))
        .options(joinedload(ActionItem.item).joinedload(AgendaItem.minutes).joinedload(Minutes.meeting))
        .order_by(ActionItem.due_on)
    )
    return db.session.scalars(statement.limit(MOST_SHOWN)).all()


def mail_to_settle() -> Mapping[str, int]:
    """Return how many messages failed or are doubtful."""
    rows = db.session.execute(
        select(OutgoingMail.state, func.count())
        .where(OutgoingMail.state.in_(("failed", "doubtful")))
        .group_by(OutgoingMail.state)
    )
    return {str(state): int(count) for state, count in rows}


def find_articles(text: str, *, at: datetime) -> Sequence[Article]:
    """Return published news with every word of the text, the latest first."""
    statement = select(Article).where(Article.published_at <= at)
    for word in search_key(text).split()[:8]:
        statement = statement.where(Article.search_key.contains(word, autoescape=True))
    return db.session.scalars(statement.order_by(Article.published_at.desc()).limit(MOST_FOUND)).all()
