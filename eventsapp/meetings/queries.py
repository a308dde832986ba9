"""Reads of series, meetings and programmes. Each says what it loads; nothing else is read later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, bindparam, column, false, func, or_, select, table, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import immediateload, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from eventsapp.core.db import db
from eventsapp.core.fields import YEARS
from eventsapp.core.keys import search_key
from eventsapp.core.paging import Page, paginate
from eventsapp.core.permissions import Scope
from eventsapp.core.zones import instant_at
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Document, Meeting, Series, Session

MOST_LISTED = 100
PAST_A_PAGE = 20

# Seen by the public: everything but drafts. What is to come is announced even when it will not take place.
ANNOUNCED = ("published", "postponed", "cancelled", "held", "archived")
FRANCE = "Europe/Paris"

# Places and registrations belong to a floor above, which this one may not import: their tables are
# known here by name, for counting only. The constraints on them stay the last line of defence.
_places = table(
    "session_place", column("session_id"), column("registration_id"), column("place_number"), column("state")
)
_registrations = table("registration", column("meeting_id"), column("place_number"))


@dataclass(frozen=True)
class MeetingFilters:
    """What a list of meetings is narrowed to; empty values narrow nothing. ``month`` is «2027-05»."""

    text: str = ""
    region: str = ""
    theme_id: int | None = None
    month: str = ""
    state: str = ""


# --- Back office: only what the scope covers ------------------------------------------------------


def get_managed_meeting(meeting_id: int, scope: Scope) -> Meeting:
    """Return the meeting with its series and themes; NoResultFound (404) outside the scope."""
    statement = _managed(scope).where(Meeting.id == meeting_id)
    options = (joinedload(Meeting.series), selectinload(Meeting.themes))
    return db.session.scalars(statement.options(*options)).one()


def get_managed_programme(meeting_id: int, scope: Scope) -> Meeting:
    """Return the meeting with everything its pages show; NoResultFound (404) outside the scope."""
    statement = _managed(scope).where(Meeting.id == meeting_id)
    return db.session.scalars(statement.options(*_whole_programme())).one()


def list_managed_meetings(scope: Scope, filters: MeetingFilters, page: int) -> Page[Meeting]:
    """Return one page of the meetings in the scope with their series, the latest first."""
    statement = _narrowed(_managed(scope), filters).options(joinedload(Meeting.series))
    return paginate(statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()), number=page)


def get_managed_session(session_id: int, meeting_id: int, scope: Scope) -> Session:
    """Return a session of the meeting, loaded with its whole programme; NoResultFound (404)."""
    meeting = get_managed_programme(meeting_id, scope)
    found = [session for session in meeting.sessions if session.id == session_id]
    if not found:
        raise NoResultFound
    return found[0]


def get_managed_document(document_id: int, meeting_id: int, scope: Scope) -> tuple[Meeting, Document]:
    """Return the meeting and its document; NoResultFound (404)."""
    meeting = get_managed_programme(meeting_id, scope)
    found = [document for document in meeting.documents if document.id == document_id]
    if not found:
        raise NoResultFound
    return meeting, found[0]


def get_managed_series(series_id: int, scope: Scope) -> Series:
    """Return the series with its meetings and their programmes; NoResultFound (404) unless the
    scope covers all of them."""
    meetings = selectinload(Series.meetings)
    programme = meetings.selectinload(Meeting.sessions).selectinload(Session.roles)
    statement = select(Series).where(Series.id == series_id)
    statement = statement.options(programme, meetings.selectinload(Meeting.themes))
    if not scope.everywhere:
        outside = select(Meeting.id).where(Meeting.series_id == Series.id, ~inside(scope))
        statement = statement.where(Series.meetings.any(), ~outside.exists())
    return db.session.scalars(statement).one()


def has_managed_series(meeting: Meeting, scope: Scope) -> bool:
    """Tell whether the meeting belongs to a series whose meetings are all in the scope."""
    if meeting.series_id is None or scope.everywhere:
        return meeting.series_id is not None
    outside = select(Meeting.id).where(Meeting.series_id == meeting.series_id, ~inside(scope))
    return db.session.scalar(outside.limit(1)) is None


def list_series() -> Sequence[Series]:
    """Return the series by title, at most a hundred: choices of a form."""
    return db.session.scalars(select(Series).order_by(Series.title).limit(MOST_LISTED)).all()


def _managed(scope: Scope) -> Select[Meeting]:
    return select(Meeting).where(inside(scope))


def inside(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a meeting lies in the scope; the portal's lists use the same."""
    if scope.everywhere:
        return true()
    if scope.is_empty():
        return false()
    held_there = func.coalesce(Meeting.region_code, "").in_(scope.territory_codes)
    return or_(held_there, Meeting.id.in_(scope.meeting_ids))


# --- Public site ----------------------------------------------------------------------------------


def get_public_meeting(slug: str, *, reserved: bool = False) -> Meeting:
    """Return an announced meeting with its programme, speakers, themes, documents and series.

    NoResultFound (404) for a draft. A meeting reserved to members or to invited people is found only
    with ``reserved``, which the caller grants to somebody signed in or holding a personal link.
    """
    statement = _PUBLIC_MEETING[reserved]
    return db.session.scalars(statement, {"slug": slug}).unique().one()


def upcoming_meetings(
    filters: MeetingFilters, *, at: datetime, limit: int = MOST_LISTED, reserved: bool = False
) -> Sequence[Meeting]:
    """Return the announced meetings not over yet with their themes, the soonest first."""
    statement = _narrowed(select(Meeting), filters).where(_announced(reserved), Meeting.ends_at >= at)
    statement = statement.options(selectinload(Meeting.themes)).order_by(Meeting.starts_at, Meeting.id)
    return db.session.scalars(statement.limit(limit)).all()


def past_meetings(
    filters: MeetingFilters, page: int, *, at: datetime, reserved: bool = False
) -> Page[Meeting]:
    """Return one page of the announced meetings that are over with their themes, the latest first."""
    statement = _narrowed(select(Meeting), filters).where(_announced(reserved), Meeting.ends_at < at)
    statement = statement.options(selectinload(Meeting.themes))
    order = (Meeting.starts_at.desc(), Meeting.id.desc())
    return paginate(statement.order_by(*order), number=page, size=PAST_A_PAGE)


def count_by_region(*, at: datetime) -> Mapping[str, int]:
    """Return how many public meetings to come each région has: the map of the agenda."""
    counted = (
        select(Meeting.region_code, func.count())
        .where(_announced(reserved=False), Meeting.ends_at >= at, Meeting.region_code.is_not(None))
        .group_by(Meeting.region_code)
    )
    return {str(region): int(count) for region, count in db.session.execute(counted)}


def get_public_series(slug: str, *, reserved: bool = False) -> tuple[Series, Sequence[Meeting]]:
    """Return the series and its announced meetings by date; NoResultFound (404) when it has none."""
    announced = (Meeting.series_id == Series.id) & _announced(reserved)
    series = db.session.scalars(
        select(Series).where(Series.slug == slug, select(Meeting.id).where(announced).exists())
    ).one()
    statement = select(Meeting).where(Meeting.series_id == series.id, _announced(reserved))
    statement = statement.options(selectinload(Meeting.themes)).order_by(Meeting.starts_at, Meeting.id)
    return series, db.session.scalars(statement.limit(MOST_LISTED)).all()


def list_public_series() -> Sequence[Series]:
    """Return the series that have a public meeting, by title."""
    announced = (Meeting.series_id == Series.id) & _announced(reserved=False)
    statement = select(Series).where(select(Meeting.id).where(announced).exists())
    return db.session.scalars(statement.order_by(Series.title).limit(MOST_LISTED)).all()


def get_public_document(slug: str, document_id: int, *, reserved: bool = False) -> Document:
    """Return a public document of an announced meeting; its content is read when asked for."""
    return db.session.scalars(
        select(Document)
        .join(Meeting, Document.meeting_id == Meeting.id)
        .where(Meeting.slug == slug, _announced(reserved))
        .where(Document.id == document_id, Document.visibility == "public")
    ).one()


def _announced(reserved: bool) -> ColumnElement[bool]:
    announced = Meeting.state.in_(ANNOUNCED)
    return announced if reserved else announced & (Meeting.visibility == "public")


# The busiest page: its statement is built once. One meeting: its collections are read one by one at once.
_PUBLIC_MEETING = {
    reserved: select(Meeting)
    .where(Meeting.slug == bindparam("slug"), _announced(reserved))
    .options(
        joinedload(Meeting.series),
        immediateload(Meeting.themes),
        immediateload(Meeting.documents),
        immediateload(Meeting.sessions).joinedload(Session.roles),
    )
    for reserved in (False, True)
}


# --- Shared ---------------------------------------------------------------------------------------


def places_taken(session_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many places of each session are taken; sessions without any are absent."""
    counted = db.session.execute(_PLACES_TAKEN, {"ids": list(session_ids)})
    return {int(session_id): int(count) for session_id, count in counted}


_PLACES_TAKEN = (
    select(_places.c.session_id, func.count(_places.c.place_number))
    .where(_places.c.session_id.in_(bindparam("ids", expanding=True)), _places.c.place_number.is_not(None))
    .group_by(_places.c.session_id)
)


def registered_count(meeting_id: int) -> int:
    """Return how many places of the meeting are taken or held for somebody."""
    statement = select(func.count(_registrations.c.place_number)).where(
        _registrations.c.meeting_id == meeting_id
    )
    return db.session.scalar(statement) or 0


def count_held_elsewhere(session: Session, starts_at: datetime, ends_at: datetime) -> int:
    """Return how many people of the session also hold another one that overlaps these hours."""
    mine, theirs, other = _places.alias("mine"), _places.alias("theirs"), Session.__table__.alias("other")
    held = (
        select(func.count(mine.c.registration_id.distinct()))
        .select_from(mine.join(theirs, mine.c.registration_id == theirs.c.registration_id))
        .join(other, other.c.id == theirs.c.session_id)
        .where(mine.c.session_id == session.id, other.c.id != session.id)
        .where(mine.c.state == "confirmed", theirs.c.state == "confirmed")
        .where(other.c.starts_at < ends_at, other.c.ends_at > starts_at)
    )
    return db.session.scalar(held) or 0


@dataclass(frozen=True)
class People:
    """Who has something to do with a session: how many have a place, are offered one, or ask for one."""

    placed: int
    offered: int
    asking: int


def people_of(session_id: int) -> People:
    """Return how many people have a place in the session, have one to accept, or wish or wait for one."""
    counted = select(_places.c.state, func.count()).where(_places.c.session_id == session_id)
    by_state: dict[str, int] = dict(db.session.execute(counted.group_by(_places.c.state)).all())
    placed, offered = by_state.pop("confirmed", 0), by_state.pop("offered", 0)
    return People(placed, offered, sum(by_state.values()))


def is_slug_taken(kind: type[Meeting] | type[Series], slug: str) -> bool:
    """Tell whether a meeting or a series already has this address."""
    return db.session.scalar(select(kind.id).where(kind.slug == slug)) is not None


def _narrowed(statement: Select[Meeting], filters: MeetingFilters) -> Select[Meeting]:
    for word in search_key(filters.text).split()[:8]:
        statement = statement.where(Meeting.search_key.contains(word, autoescape=True))
    if filters.region:
        statement = statement.where(Meeting.region_code == filters.region)
    if filters.state:
        statement = statement.where(Meeting.state == filters.state)
    if filters.theme_id:
        statement = statement.where(Meeting.themes.any(Theme.id == filters.theme_id))
    if month := _month(filters.month):
        statement = statement.where(Meeting.starts_at >= month[0], Meeting.starts_at < month[1])
    return statement


def _month(text: str) -> tuple[datetime, datetime] | None:
    try:
        first = date.fromisoformat(f"{text}-01")
        if first.year not in YEARS:
            return None
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    except ValueError:
        return None
    return instant_at(first, time(), FRANCE), instant_at(following, time(), FRANCE)


def _whole_programme() -> tuple[ExecutableOption, ...]:
    sessions = selectinload(Meeting.sessions)
    return (
        joinedload(Meeting.series),
        selectinload(Meeting.themes),
        selectinload(Meeting.documents),
        sessions.selectinload(Session.roles),
        sessions.joinedload(Session.theme),
    )
