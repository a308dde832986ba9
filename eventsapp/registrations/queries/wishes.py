"""Reads of ranked wishes: everything an allocation decides on, as plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventsapp.core.db import db
from eventsapp.core.keys import email_key
from eventsapp.directory.models import Person as DirectoryPerson
from eventsapp.meetings.models import Session, SessionRole
from eventsapp.meetings.rules import slots
from eventsapp.registrations.allocation.case import Person, Workshop
from eventsapp.registrations.allocation.fingerprint import fingerprint
from eventsapp.registrations.models import Allocation, Registration, RegistrationSetup, SessionPlace
from eventsapp.registrations.wishing import ON_ONE_S_OWN


@dataclass(frozen=True)
class Wishes:
    """Who takes part in an allocation and what in: people by name, workshops by hour."""

    people: tuple[Person, ...]
    workshops: tuple[Workshop, ...]

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.people, self.workshops)

    @property
    def without_wish(self) -> list[Person]:
        """Those who asked for nothing and hold nothing: they may have forgotten."""
        return [one for one in self.people if not (any(one.wishes.values()) or one.confirmed or one.pinned)]


def load_wishes(sessions: Sequence[Session], setup: RegistrationSetup) -> Wishes:
    """Return the wishes of everybody whose place at the meeting is certain: three statements.

    ``sessions`` are the meeting's workshops. Places held by others (an address to verify…) are not free.
    """
    slot_of = {x.id: n for n, slot in enumerate(slots(sessions), 1) for x in slot.sessions}
    rows = db.session.execute(_people(setup.meeting_id)).all()
    asked, elsewhere = _rows_by_person(list(slot_of), {row.id for row in rows})
    pinned = _pinned_by_address(list(slot_of))
    organisations = {row.organisation_key: str(row.organisation_id) for row in rows if row.organisation_id}
    people = (_person(row, organisations, asked[row.id], pinned[row.email_key], slot_of) for row in rows)
    workshops = (_workshop(x, slot_of[x.id], setup, elsewhere[x.id]) for x in sessions)
    return Wishes(tuple(people), tuple(sorted(workshops, key=lambda x: (x.starts_at, x.id))))


def _people(meeting_id: int) -> Any:
    return (
        select(
            Registration.id,
            Registration.given_name,
            Registration.family_name,
            Registration.email_key,
            Registration.organisation,
            Registration.organisation_key,
            Registration.organisation_id,
            Registration.participant_kind,
        )
        .where(Registration.meeting_id == meeting_id, Registration.state == "confirmed")
        .where(Registration.mode == "on_site")
        .order_by(Registration.name_key, Registration.id)
    )


def _rows_by_person(session_ids: list[int], known: set[int]) -> tuple[Mapping[int, list[Any]], Counter[int]]:
    """Return what each of those known has in the sessions, and how many places others hold."""
    place = SessionPlace
    found: dict[int, list[Any]] = defaultdict(list)
    elsewhere: Counter[int] = Counter()
    columns = place.registration_id, place.session_id, place.rank, place.place_number
    for row in db.session.execute(select(*columns).where(place.session_id.in_(session_ids))):
        if row.registration_id in known:
            found[row.registration_id].append(row)
        elif row.place_number is not None:
            elsewhere[row.session_id] += 1
    return found, elsewhere


def _pinned_by_address(session_ids: list[int]) -> Mapping[str, frozenset[int]]:
    statement = (
        select(DirectoryPerson.email, SessionRole.session_id)
        .join(SessionRole, SessionRole.person_id == DirectoryPerson.id)
        .where(SessionRole.session_id.in_(session_ids))
    )
    found: dict[str, frozenset[int]] = defaultdict(frozenset)
    for address, session_id in db.session.execute(statement):
        found[email_key(address or "")] |= {session_id}
    return found


def _person(
    row: Any,
    organisations: Mapping[str, str],
    asked: Sequence[Any],
    pinned: frozenset[int],
    slot_of: Mapping[int, int],
) -> Person:
    key = "" if row.organisation_key == ON_ONE_S_OWN else row.organisation_key
    held = [x for x in asked if x.place_number is not None]
    return Person(
        id=row.id,
        name=f"{row.given_name} {row.family_name}",
        organisation=organisations.get(key, key),
        organisation_name=row.organisation,
        kind=row.participant_kind,
        wishes=_wishes_by_slot(asked, slot_of),
        confirmed=frozenset(x.session_id for x in held),
        steps_held=sum(x.rank - 1 for x in held if x.rank),
        pinned=pinned,
    )


def _wishes_by_slot(asked: Sequence[Any], slot_of: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """The ranked wishes of slots where nothing is held yet, the first choice first."""
    settled = {slot_of[x.session_id] for x in asked if x.place_number is not None}
    found: dict[int, list[int]] = defaultdict(list)
    for x in sorted((x for x in asked if x.rank), key=lambda x: (x.rank, x.session_id)):
        found[slot_of[x.session_id]].append(x.session_id)
    return {slot: tuple(ids) for slot, ids in sorted(found.items()) if slot not in settled}


def _workshop(session: Session, slot: int, setup: RegistrationSetup, elsewhere: int) -> Workshop:
    capacity = session.capacity
    return Workshop(
        id=session.id,
        slot=slot,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=None if capacity is None else max(0, capacity - elsewhere),
        most_per_organisation=setup.most_per_organisation,
        balances_types=setup.balances_types,
    )


def find_draft(meeting_id: int) -> Allocation | None:
    """Return the allocation that waits for a decision, if there is one."""
    draft = select(Allocation).where(Allocation.meeting_id == meeting_id, Allocation.state == "draft")
    return db.session.scalars(draft).one_or_none()


def last_committed(meeting_id: int) -> Allocation | None:
    """Return the allocation committed last, if there is one."""
    committed = select(Allocation).where(Allocation.meeting_id == meeting_id, Allocation.state == "committed")
    return db.session.scalars(committed.order_by(Allocation.committed_at.desc()).limit(1)).first()


def certain_registrations(ids: Collection[int], meeting_id: int) -> Mapping[int, Registration]:
    """Return these registrations of the meeting, freshly read, with their places and sessions: two statements."""
    statement = (
        select(Registration)
        .where(Registration.meeting_id == meeting_id, Registration.state == "confirmed")
        .options(selectinload(Registration.places).joinedload(SessionPlace.session))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    )
    return {one.id: one for one in db.session.scalars(statement) if one.id in ids}
