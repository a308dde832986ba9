"""Reads about the rules of a meeting's registrations: whom a change of rules would concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, or_, select

from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.core.zones import local_day
from eventsapp.directory.models import Mandate, Organisation, Person
from eventsapp.meetings.models import Meeting, Session, SessionRole
from eventsapp.registrations.models import ENDED_STATES, Registration, SessionPlace
from eventsapp.registrations.queries import is_member
from eventsapp.registrations.rules import Applicant, Quota, website_domain


@dataclass(frozen=True)
class Usage:
    """How many people each rule concerns today."""

    active: int = 0
    pending: int = 0
    unverified: int = 0
    queued: int = 0  # without a place at the meeting or in a workshop they wait for, or with one to accept
    wishing: int = 0  # confirmed, with wishes that no allocation has settled
    on_site: int = 0
    remote: int = 0


def usage_of(meeting_id: int) -> Usage:
    """Return whom the rules concern: one statement."""
    unplaced = and_(Registration.place_number.is_(None), Registration.mode == "on_site")
    queued = or_(unplaced, Registration.state == "offered", _has_place("waiting", "offered"))
    wishing = and_(Registration.state == "confirmed", _has_place("wished"))
    row = db.session.execute(
        select(
            func.count(),
            _count(Registration.state == "pending"),
            _count(Registration.state == "unverified"),
            _count(queued),
            _count(wishing),
            _count(Registration.mode == "on_site"),
            _count(Registration.mode == "remote"),
        ).where(Registration.meeting_id == meeting_id, Registration.state.not_in(ENDED_STATES))
    ).one()
    return Usage(*(int(number or 0) for number in row))


def _has_place(*states: str) -> Any:
    mine = SessionPlace.registration_id == Registration.id
    return exists().where(mine, SessionPlace.state.in_(states))


def _count(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def people_by_quota(meeting_id: int) -> Sequence[Row[int, str, str | None, str, str]]:
    """Return what decides on the quota of each active registration: id, address, région, kind, quota."""
    columns = (
        Registration.id,
        Registration.email_key,
        Registration.region_code,
        Registration.participant_kind,
        Registration.quota_key,
    )
    active = Registration.state.not_in(ENDED_STATES)
    return db.session.execute(select(*columns).where(Registration.meeting_id == meeting_id, active)).all()


@dataclass(frozen=True)
class Addresses:
    """Addresses, and domains, that say somebody is of a group."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def include(self, key: str) -> bool:
        return key in self.emails or key.rpartition("@")[2] in self.domains


def member_addresses(*, on: date) -> Addresses:
    """Return how the people of the network's members are known that day, as ``is_of_a_member`` does one by one."""
    emails = (
        select(Person.email)
        .join(Person.mandates)
        .join(Organisation, Organisation.id == Mandate.organisation_id)
        .where(is_member(on), Person.email.is_not(None))
        .where(or_(Mandate.ends_on.is_(None), Mandate.ends_on >= on))
    )
    websites = select(Organisation.website).where(is_member(on), Organisation.website.is_not(None))
    domains = {website_domain(website or "") for website in db.session.scalars(websites)}
    return Addresses(_keys(db.session.scalars(emails).all()), frozenset(domains - {""}))


def speaker_addresses(meeting_id: int) -> Addresses:
    """Return the addresses of those with a role in a session of the meeting."""
    statement = (
        select(Person.email)
        .join(SessionRole, SessionRole.person_id == Person.id)
        .join(Session, Session.id == SessionRole.session_id)
        .where(Session.meeting_id == meeting_id, Person.email.is_not(None))
    )
    return Addresses(_keys(db.session.scalars(statement).all()))


@dataclass(frozen=True)
class Groups:
    """Who is of a group that has places of its own."""

    members: Addresses
    speakers: Addresses

    def applicant(self, region_code: str | None, kind: str, email: str) -> Applicant:
        """Return what decides on the quota of the person who has this address."""
        return Applicant(region_code, kind, self.members.include(email), self.speakers.include(email))


def groups_of(meeting: Meeting, quotas: Sequence[Quota]) -> Groups:
    """Return the groups that the quotas name, members as they are the day of the meeting: two statements at most."""
    named = {quota.group for quota in quotas}
    day = local_day(meeting.starts_at, meeting.time_zone)
    members = member_addresses(on=day) if "members" in named else Addresses()
    speakers = speaker_addresses(meeting.id) if "speakers" in named else Addresses()
    return Groups(members, speakers)


def _keys(emails: Sequence[str | None]) -> frozenset[str]:
    return frozenset(email_key(email) for email in emails if email)
