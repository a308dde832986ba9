"""Places of a meeting and of its sessions, given under lock: the next number, and at the end those given back.

Every write that decides on a count comes through ``hold`` first: the meeting's row, then the sessions'
by ascending id (core.db.lock), so that two people never decide on the same count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count, islice
from typing import Any

from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy.orm import make_transient_to_detached

from eventsapp.core.db import db, lock_all, lock_rows, run, table_of
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import queries, rules
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import (
    MeetingIsCancelled,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace, default_setup

MOST_WORKSHOPS = 1000  # asked for at once: no meeting has as many, and others wait while they are looked for


@dataclass(frozen=True)
class Held:
    """What a write decides on: nobody else changes it until the transaction ends."""

    meeting: Meeting
    setup: RegistrationSetup
    sessions: Sequence[Session]


def hold_announced(slug: str, *, reserved_for: Collection[int] | None = ()) -> Meeting:
    """Return the announced meeting of this address, held: the ``hold`` that follows does not read it again.

    Found as ``queries.get_announced_meeting`` finds it; NoResultFound (404) otherwise.
    """
    values = {"slug": slug, "reserved_for": sorted(reserved_for or ())}
    meeting, setup = lock_rows(_by_address(reserved_for is None), values).one()
    db.session.info[_HELD_HERE] = (db.session().get_transaction(), meeting, setup)
    return meeting


def _held_at_its_address(meeting_id: int) -> tuple[Meeting, RegistrationSetup | None] | None:
    transaction, meeting, setup = db.session.info.pop(_HELD_HERE, (None, None, None))
    is_it = meeting is not None and transaction is db.session().get_transaction() and meeting.id == meeting_id
    return (meeting, setup) if is_it else None


def hold(meeting_id: int, session_ids: Collection[int], others: Collection[int] = ()) -> Held:
    """Return the meeting, its setup and the chosen sessions, freshly read; other writers wait until the end.

    ``others`` are workshops wished for or waited for: held too, they may overlap.

    Raises WorkshopIsUnknown unless all are workshops of this meeting, SessionsOverlap when two of them
    are held at the same time.
    """
    wanted = {*session_ids, *others}
    if len(wanted) > MOST_WORKSHOPS:
        raise WorkshopIsUnknown
    meeting, setup = _held_at_its_address(meeting_id) or lock_rows(_BY_ID, {"key": meeting_id}).one()
    known = lock_all(Session, wanted) if wanted else []
    belong = all(session.meeting_id == meeting.id and session.is_workshop() for session in known)
    if not belong or len(known) != len(wanted):
        raise WorkshopIsUnknown
    sessions = [session for session in known if session.id in session_ids]
    check_no_overlap(sessions)
    return Held(meeting, setup or default_setup(meeting.id), sessions)


def hold_whole(meeting_id: int) -> Held:
    """Like ``hold``, with all the workshops of the meeting: a write that frees one place may offer others.

    All the locks are taken before anything is decided, in the order of ``hold``: no two writes wait for each other.
    """
    meeting, setup = lock_rows(_BY_ID, {"key": meeting_id}).one()
    workshops = lock_rows(_WORKSHOPS, {"key": meeting_id}).scalars().all()
    return Held(meeting, setup or default_setup(meeting.id), workshops)


def check_goes_on(meeting: Meeting) -> None:
    """Raise MeetingIsCancelled: nobody is told of a place at a meeting that does not take place."""
    if meeting.is_cancelled():
        raise MeetingIsCancelled


def choose(held: Held, session_ids: Collection[int]) -> list[Session]:
    """Return these workshops among those held; raise WorkshopIsUnknown unless each is one of them."""
    chosen = [session for session in held.sessions if session.id in session_ids]
    if len(chosen) != len(set(session_ids)):
        raise WorkshopIsUnknown
    return chosen


def check_no_overlap(sessions: Sequence[Session]) -> None:
    """Raise SessionsOverlap when two of the sessions are held at the same time."""
    if clash := rules.first_overlap(sessions):
        raise SessionsOverlap(*clash)


def claim_meeting_place(held: Held, quota_key: str = "", *, from_queue: bool = False) -> int | None:
    """Return the number of the next place at the held meeting for somebody of this quota; None when there is none.

    A place is for those who wait before it is for a newcomer; ``from_queue`` is their turn.
    """
    meeting, edge = held.meeting, queries.meeting_edge(held.meeting.id)
    quotas = rules.read_quotas(held.setup.quotas)
    shares = queries.quota_shares(meeting.id) if quotas else rules.NO_SHARES
    if edge.has_queue and not from_queue and not rules.passes_queue(quotas, shares, quota_key):
        return None
    is_at_the_end = rules.is_full(meeting.capacity, edge.highest)
    taken = queries.count_taken(meeting.id) if quotas or is_at_the_end else edge.highest
    if not rules.has_place(meeting.capacity, taken, quotas, shares.taken, quota_key):
        return None
    return queries.first_gap(meeting.id) if is_at_the_end else edge.highest + 1


def next_rank(meeting_id: int) -> int:
    """Return the rank of whoever joins the end of the meeting's waiting list."""
    return queries.last_rank(meeting_id) + 1


def next_session_ranks(session_ids: Collection[int]) -> Mapping[int, int]:
    """Return, for each session, the rank of whoever joins the end of its waiting list."""
    last = queries.last_session_ranks(session_ids)
    return {session_id: last.get(session_id, 0) + 1 for session_id in session_ids}


def claim_session_places(sessions: Sequence[Session]) -> Mapping[int, int]:
    """Return the number of the next place in each of the held sessions; raise WorkshopIsFull.

    A workshop with a waiting list is full for a newcomer: its next place is for the first who waits.
    """
    if not sessions:
        return {}
    edges = queries.session_edges([session.id for session in sessions])
    numbers = {session: _next_number(session, edges[session.id]) for session in sessions}
    if full := [session for session, number in numbers.items() if number is None]:
        raise WorkshopIsFull(full)
    return {session.id: number for session, number in numbers.items() if number is not None}


def next_session_number(session: Session) -> int | None:
    """Return the number of the next place in the held session for somebody new; None when it is full for them."""
    return _next_number(session, queries.session_edges([session.id])[session.id])


def free_session_numbers(session: Session) -> Iterator[int]:
    """Yield the numbers of the places left in the held session, the lowest first: one statement."""
    taken = queries.held_numbers(session.id)
    free = (number for number in count(1) if number not in taken)
    return islice(free, rules.remaining(session.capacity, len(taken)))


def place_in(registration: Registration, session: Session) -> SessionPlace:
    """Return what the registration has in the session, a new row when it has nothing."""
    for place in registration.places:
        if place.session_id == session.id:
            return place
    place = SessionPlace(session=session, session_id=session.id)
    registration.places.append(place)
    return place


def write(values: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> Registration:
    """Write a new registration and its rows of ``session_place``, two statements; return it as if it were read.

    Not by the unit of work, whose bookkeeping costs three times the statements, while others wait.
    """
    registration = Registration()
    vars(registration).update(values)
    registration.set_keys()
    values = {name: value for name, value in vars(registration).items() if not name.startswith("_")}
    registration.id = run(_NEW_REGISTRATION, values).scalar_one()
    make_transient_to_detached(registration)
    db.session.add(registration)
    if rows:
        run(_NEW_PLACES, [{"registration_id": registration.id, **row} for row in rows])
    return registration


def session_rows(
    choices: Choices, numbers: Mapping[int, int], ranks: Mapping[int, int], *, at: datetime
) -> list[dict[str, Any]]:
    """Return what a new registration has in each workshop it asks for.

    One without a number or a rank stays a wish until the registration is certain (services.wishes): what
    somebody would wait for comes before what they would take meanwhile.
    """
    rows = [_row(x, at, "confirmed", place_number=numbers[x]) for x in choices.session_ids if x in numbers]
    second = 2 if choices.waiting_ids else 1
    rows += [_row(x, at, "wished", rank=second) for x in choices.session_ids if x not in numbers]
    rows += [_row(x, at, "waiting", queue_rank=ranks[x]) for x in choices.waiting_ids if x in ranks]
    rows += [_row(x, at, "wished", rank=1) for x in choices.waiting_ids if x not in ranks]
    return rows + [_row(x, at, "wished", rank=n) for slot in choices.wishes for n, x in enumerate(slot, 1)]


def _row(session_id: int, at: datetime, state: str, **values: int) -> dict[str, Any]:
    row = {"session_id": session_id, "state": state, "place_number": None, "rank": None, "queue_rank": None}
    return {**row, **values, "taken_at": at}


_HELD_HERE = "meeting_held_at_its_address"  # in session.info
_MEETING_AND_SETUP = (
    select(Meeting, RegistrationSetup)
    .outerjoin(RegistrationSetup, RegistrationSetup.meeting_id == Meeting.id)
    .with_for_update(of=Meeting)
)
_BY_ID = _MEETING_AND_SETUP.where(Meeting.id == bindparam("key"))


@cache
def _by_address(is_everything: bool) -> Select[Meeting, RegistrationSetup]:
    return _MEETING_AND_SETUP.where(*queries.is_announced(is_everything))


_WORKSHOPS = (
    select(Session)
    .where(Session.meeting_id == bindparam("key"), Session.kind == "workshop")
    .order_by(Session.id)
    .with_for_update()
)
_NEW_REGISTRATION = insert(table_of(Registration)).returning(Registration.id)
_NEW_PLACES = insert(table_of(SessionPlace))


def _next_number(session: Session, edge: rules.Edge) -> int | None:
    if edge.has_queue:
        return None
    if not rules.is_full(session.capacity, edge.highest):
        return edge.highest + 1
    return next(free_session_numbers(session), None)
