"""Reads of the statistics page: sums made by the database, in as many statements for ten people or a hundred thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, extract, func, select

from eventsapp.core.db import db
from eventsapp.core.zones import local_day
from eventsapp.directory.models import Organisation
from eventsapp.registrations.models import ENDED_STATES, Registration, SessionPlace

HALF_HOUR = 1800  # seconds: every clock of the world begins its day on one


@dataclass(frozen=True)
class Crowd:
    """How many registrations agree in everything that is told apart here, and how many of them hold a place.

    ``organisation_kind`` is known for organisations of the directory only; so is the région of those who named none.
    """

    state: str
    kind: str
    region: str | None
    mode: str
    origin: str
    organisation_kind: str | None
    number: int
    places: int

    @property
    def is_expected(self) -> bool:
        return self.state not in ENDED_STATES


@dataclass(frozen=True)
class Group:
    """How many expected people share something, and how many of them are confirmed."""

    label: str
    confirmed: int
    expected: int


@dataclass(frozen=True)
class Largest:
    """The largest groups; what all ``number`` of them come to; and those who are in none."""

    groups: list[Group]
    number: int
    confirmed: int
    expected: int
    without: Group


def crowds(meeting_id: int) -> list[Crowd]:
    """Return the registrations of the meeting, ended ones too, summed by everything a table tells apart.

    One statement reads them once; every table is a sum of these.
    """
    origin = case(
        (Registration.registered_by_id.is_not(None), "office"),
        (Registration.contact_email != "", "colleague"),
        else_="person",
    ).label("origin")
    told_apart = (
        Registration.state,
        Registration.participant_kind,
        func.coalesce(Registration.region_code, Organisation.region_code),
        Registration.mode,
        origin,
        Organisation.kind,
    )
    statement = (
        select(*told_apart, func.count(), func.count(Registration.place_number))
        .select_from(Registration)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.meeting_id == meeting_id)
        .group_by(*told_apart)
    )
    return [Crowd(*row) for row in db.session.execute(statement)]


def largest_organisations(meeting_id: int, most: int) -> Largest:
    """Return the organisations with most expected people, whatever the accents they were typed with: one statement."""
    key, is_named = Registration.organisation_key, Registration.organisation_key != ""
    expected, confirmed = func.count(), func.sum(case((Registration.state == "confirmed", 1), else_=0))
    totals = (func.sum(confirmed).over(partition_by=is_named), func.sum(expected).over(partition_by=is_named))
    statement = (
        select(key, func.min(Registration.organisation), confirmed, expected, func.count().over(), *totals)
        .where(Registration.meeting_id == meeting_id, Registration.state.not_in(ENDED_STATES))
        .group_by(key)
        .order_by(is_named, expected.desc(), key)
        .limit(most + 1)
    )
    rows = db.session.execute(statement).all()
    named = [row for row in rows if row[0]]
    without = next((Group("", int(row[2]), row[3]) for row in rows if not row[0]), Group("", 0, 0))
    groups = [Group(name, int(sure), number) for _key, name, sure, number, *_ in named[:most]]
    if not named:
        return Largest([], 0, 0, 0, without)
    *_, number, sure, everybody = named[0]
    return Largest(groups, number - (len(named) < len(rows)), int(sure), int(everybody), without)


def arrivals(meeting_id: int, zone: str) -> Mapping[date, int]:
    """Return how many registered on each day of that zone."""
    return _by_day(Registration.registered_at, zone, Registration.meeting_id == meeting_id)


def endings(meeting_id: int, zone: str) -> Mapping[date, int]:
    """Return how many registrations were cancelled or refused on each day of that zone."""
    has_ended = Registration.state.in_(ENDED_STATES)
    return _by_day(Registration.cancelled_at, zone, (Registration.meeting_id == meeting_id) & has_ended)


def _by_day(instant: Any, zone: str, condition: ColumnElement[bool]) -> Mapping[date, int]:
    seconds = extract("epoch", instant)
    half_hour = (seconds - seconds % HALF_HOUR).label("half_hour")  # neither database needs to know zones
    statement = select(half_hour, func.count()).where(condition).group_by(half_hour)
    found = Counter[date]()
    for began, number in db.session.execute(statement):
        found[local_day(datetime.fromtimestamp(int(began), UTC), zone)] += number
    return found


def places_by_state(session_ids: Collection[int]) -> Mapping[tuple[int, str], int]:
    """Return how many have each state in each of these sessions; what nobody has is absent."""
    columns = (SessionPlace.session_id, SessionPlace.state)
    statement = select(*columns, func.count()).where(SessionPlace.session_id.in_(session_ids))
    rows = db.session.execute(statement.group_by(*columns))
    return {(session_id, state): number for session_id, state, number in rows}
