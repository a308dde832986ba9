"""Reads of the office's list: one page, everything for a file, its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.core.db import db, stream
from eventsapp.core.keys import search_key
from eventsapp.core.paging import Page, paginate_endless
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.filters import ORDERS, REGIONS, Filters
from eventsapp.registrations.models import (
    PARTICIPANT_KINDS,
    REGISTRATION_STATES,
    Registration,
    SessionPlace,
)
from eventsapp.registrations.rules import remaining

# Beyond, figures say «plus de 10 000»: counting all of a hundred thousand would cost several times the page.
MOST_COUNTED = 10_000
ROWS_AT_ONCE = 500  # of a file
PAGE = 50
FEW = 200  # found: all of them are read by their ids, and sorted then
MOST_WORDS = 8


@dataclass(frozen=True)
class Figures:
    """How many registrations of the meeting are in each state; none is counted past MOST_COUNTED."""

    by_state: Mapping[str, int]
    taken: int  # places held: of those confirmed, and of those from whom something is awaited
    capacity: int | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def remaining(self) -> int | None:
        """Places left; None when they are not limited, or when too many are taken to be counted here."""
        return None if self.taken > MOST_COUNTED else remaining(self.capacity, self.taken)


def figures(meeting: Meeting) -> Figures:
    """Return the figures above the list: one statement, bounded however many people registered."""
    counted = [_counted(meeting.id, Registration.state == state) for state in REGISTRATION_STATES]
    taken = _counted(meeting.id, Registration.place_number >= 1)
    *by_state, places = db.session.execute(select(*counted, taken)).one()
    return Figures(dict(zip(REGISTRATION_STATES, by_state, strict=True)), places, meeting.capacity)


def _counted(meeting_id: int, condition: ColumnElement[bool]) -> Any:
    some = select(literal(1)).where(Registration.meeting_id == meeting_id, condition)
    return select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


def list_registrations(
    meeting_id: int, filters: Filters, page: int, total: int | None = None, *, with_answers: bool = False
) -> Page[Registration]:
    """Return one page of the list with the sessions chosen: five statements at most, three when the total is known
    or small, one more with the answers."""
    conditions = _kept(meeting_id, filters)
    few = _few_found(conditions) if total is None and filters.narrows() else None
    if few is not None:
        conditions, total = [Registration.id.in_(few)], len(few)
    statement = _in_order(conditions, filters.order, with_answers=with_answers)
    return paginate_endless(statement, number=page, size=PAGE, most=MOST_COUNTED, total=total)


def _few_found(conditions: Sequence[ColumnElement[bool]]) -> Sequence[int] | None:
    """Return the ids of all that the conditions keep, or None when they are more than FEW.

    Read in the order in which the table lies: looking for a few of a hundred thousand people in the order of their
    names takes several times as long. Many are found at once in that order, and this stops early.
    """
    found = db.session.scalars(select(Registration.id).where(*conditions).limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def every_registration(statement: Select[Registration]) -> Iterator[Registration]:
    """Return what the statement finds, with the sessions chosen, a few hundred rows in memory at a time."""
    return stream(statement, at_once=ROWS_AT_ONCE)


def get_registration(meeting_id: int, registration_id: int) -> Registration:
    """Return one registration of the meeting, whole; NoResultFound (404) when it is of another."""
    statement = select(Registration).where(
        Registration.meeting_id == meeting_id, Registration.id == registration_id
    )
    whole = (
        joinedload(Registration.meeting).selectinload(Meeting.sessions),
        selectinload(Registration.places).joinedload(SessionPlace.session),
    )
    return db.session.scalars(statement.options(*whole)).unique().one()


def listed(meeting_id: int, filters: Filters, *, with_answers: bool = False) -> Select[Registration]:
    """Return the statement of the meeting's registrations that the filters keep, in their order."""
    return _in_order(_kept(meeting_id, filters), filters.order, with_answers=with_answers)


def _kept(meeting_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    return [Registration.meeting_id == meeting_id, *_narrowing(filters)]


def _in_order(
    conditions: Sequence[ColumnElement[bool]], order: str, *, with_answers: bool
) -> Select[Registration]:
    options = [selectinload(Registration.places).joinedload(SessionPlace.session)]
    if with_answers:
        options.append(selectinload(Registration.answers))
    return select(Registration).where(*conditions).options(*options).order_by(*_order(order))


def among(meeting_id: int, ids: Sequence[int], *, with_answers: bool = False) -> Select[Registration]:
    """Return the statement of those of these registrations that are the meeting's, by name."""
    return listed(meeting_id, Filters(), with_answers=with_answers).where(Registration.id.in_(ids))


def _narrowing(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for word in search_key(filters.text).split()[:MOST_WORDS]:
        yield Registration.search_key.contains(word, autoescape=True)
    if filters.states:
        yield Registration.state.in_(filters.states)
    equal = {
        Registration.participant_kind: filters.kind,
        Registration.region_code: filters.region,
        Registration.mode: filters.mode,
        Registration.quota_key: filters.quota,
    }
    for column, value in equal.items():
        if value:
            yield column == value
    if filters.needs:
        yield (Registration.needs != "") if filters.needs == "oui" else (Registration.needs == "")
    yield from _in_workshop(filters)


def _in_workshop(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """A workshop alone means a place held there; a state of place alone means in whichever workshop."""
    if not (filters.session_id or filters.place):
        return
    conditions = [SessionPlace.state == (filters.place or "confirmed")]
    if filters.session_id:
        conditions.append(SessionPlace.session_id == filters.session_id)
    yield Registration.places.any(and_(*conditions))


def _order(order: str) -> tuple[Any, ...]:
    first, descends = _SORTS[order.removeprefix("-")], order.startswith("-")
    if first is Registration.name_key:  # both in one direction: read from the index
        return (first.desc(), Registration.id.desc()) if descends else (first, Registration.id)
    return (first.desc() if descends else first, Registration.name_key, Registration.id)


def _ranked(column: Any, codes: Sequence[str]) -> Any:
    return case({code: rank for rank, code in enumerate(codes)}, value=column, else_=len(codes))


_SORTS: dict[str, Any] = {
    "name": Registration.name_key,
    "given_name": func.lower(Registration.given_name),
    "civility": Registration.civility,
    "organisation": Registration.organisation_key,
    "job_title": func.lower(Registration.job_title),
    "kind": _ranked(Registration.participant_kind, list(PARTICIPANT_KINDS)),
    "region": _ranked(Registration.region_code, list(REGIONS)),
    "email": Registration.email_key,
    "phone": Registration.phone,
    "mode": Registration.mode,
    "date": Registration.registered_at,
    "changed": func.coalesce(Registration.changed_at, Registration.registered_at),
    "state": _ranked(Registration.state, list(REGISTRATION_STATES)),
    "reference": Registration.reference,
}
assert set(_SORTS) == set(ORDERS)  # noqa: S101 - one list says what may be asked, the other how it is done
