"""Reads of the minutes and of their publications; each says what it loads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, undefer

from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.core.paging import Page, paginate
from eventsapp.meetings.models import Meeting, Session
from eventsapp.minutes.models import ActionItem, AgendaItem, Decision, Intervention, Minutes, Publication

PUBLIC_PAGE = 20
BLOCKS: dict[str, type[Intervention] | type[Decision] | type[ActionItem]] = {
    "interventions": Intervention,
    "decisions": Decision,
    "actions": ActionItem,
}
Block = Intervention | Decision | ActionItem


def find_minutes(meeting_id: int) -> Minutes | None:
    """Return the meeting's minutes with their items and publications, or None."""
    return db.session.scalars(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .options(
            selectinload(Minutes.items), selectinload(Minutes.publications).joinedload(Publication.pdf_order)
        )
    ).one_or_none()


def get_minutes(meeting_id: int) -> Minutes:
    """Return the meeting's minutes with their items; NoResultFound when there are none."""
    return db.session.scalars(
        select(Minutes).where(Minutes.meeting_id == meeting_id).options(selectinload(Minutes.items))
    ).one()


def get_whole_minutes(meeting_id: int) -> Minutes:
    """Return the minutes with everything a publication shows, the programme's people included."""
    items = selectinload(Minutes.items)
    sessions = joinedload(Minutes.meeting).selectinload(Meeting.sessions)
    return db.session.scalars(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .options(
            sessions.selectinload(Session.roles),
            items.joinedload(AgendaItem.session),
            items.selectinload(AgendaItem.interventions),
            items.selectinload(AgendaItem.decisions),
            items.selectinload(AgendaItem.actions),
            selectinload(Minutes.publications),
        )
        .execution_options(populate_existing=True)  # what is frozen is what is stored
    ).one()


def get_item(meeting_id: int, item_id: int) -> AgendaItem:
    """Return the item of this meeting's minutes with its blocks, its session and the minutes."""
    return db.session.scalars(
        select(AgendaItem)
        .join(AgendaItem.minutes)
        .where(AgendaItem.id == item_id, Minutes.meeting_id == meeting_id)
        .options(
            contains_eager(AgendaItem.minutes),
            joinedload(AgendaItem.session),
            selectinload(AgendaItem.interventions),
            selectinload(AgendaItem.decisions),
            selectinload(AgendaItem.actions),
        )
    ).one()


def get_block(item: AgendaItem, kind: str, block_id: int) -> Block:
    """Return the item's intervention, decision or action; NoResultFound when it is another item's."""
    model = BLOCKS[kind]
    block: Block = db.session.scalars(
        select(model).where(model.id == block_id, model.item_id == item.id)  # type: ignore[assignment]
    ).one()
    return block


def block_counts(minutes_id: int) -> dict[int, dict[str, int]]:
    """Return how many blocks of each kind the items have: item → kind → number. Three statements."""
    counts: dict[int, dict[str, int]] = {}
    for kind, model in BLOCKS.items():
        rows = db.session.execute(
            select(model.item_id, func.count())
            .join(AgendaItem, AgendaItem.id == model.item_id)
            .where(AgendaItem.minutes_id == minutes_id)
            .group_by(model.item_id)
        )
        for item_id, number in rows:
            counts.setdefault(item_id, {})[kind] = number
    return counts


# --- Public -----------------------------------------------------------------------------------------


def list_published(text: str, year: int | None, *, number: int) -> Page[Publication]:
    """Return one page of the latest version of public minutes with their meetings, the latest meeting first."""
    statement = _latest().options(contains_eager(Publication.minutes).contains_eager(Minutes.meeting))
    for word in search_key(text).split()[:8]:
        statement = statement.where(Meeting.search_key.contains(word, autoescape=True))
    if year:
        first, after = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        statement = statement.where(Meeting.starts_at >= first, Meeting.starts_at < after)
    statement = statement.order_by(Meeting.starts_at.desc(), Publication.id.desc())
    return paginate(statement, number=number, size=PUBLIC_PAGE)


def published_years() -> Sequence[int]:
    """Return the years in which meetings with public minutes were held, the latest first."""
    year = extract("year", Meeting.starts_at)
    statement = _latest().with_only_columns(year).distinct().order_by(year.desc())
    return [int(found) for found in db.session.scalars(statement)]


def get_publication(reference: str, *, reserved: bool = False) -> Publication:
    """Return a published version with its content, document and later versions.

    NoResultFound when unknown, or when the meeting is not public and ``reserved`` is not granted.
    """
    statement = (
        select(Publication)
        .join(Publication.minutes)
        .join(Minutes.meeting)
        .where(Publication.reference == reference)
        .options(
            undefer(Publication.content),
            joinedload(Publication.pdf_order),
            contains_eager(Publication.minutes).contains_eager(Minutes.meeting),
            contains_eager(Publication.minutes).selectinload(Minutes.publications),
        )
    )
    if not reserved:
        statement = statement.where(Meeting.visibility == "public")
    return db.session.scalars(statement).unique().one()


def _latest(*, only_public: bool = True) -> Select[Any]:
    """The publications that no later version replaces."""
    other = aliased(Publication)
    last = select(func.max(other.number)).where(other.minutes_id == Minutes.id).correlate(Minutes)
    statement = (
        select(Publication)
        .join(Publication.minutes)
        .join(Minutes.meeting)
        .where(Publication.number == last.scalar_subquery())
    )
    return statement.where(Meeting.visibility == "public") if only_public else statement
