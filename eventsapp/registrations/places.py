"""Places of a meeting and of its sessions, given under lock: the next number, and at the end those given back.

Every write that decides on a count, and every change of the programme, takes the meeting's row first (``hold``,
core.db.lock): it stands for the places of its workshops too, so two people never decide on the same count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count, islice
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import make_transient_to_detached

from eventsapp.core.db import FRESH, db, table_of
from eventsapp.core.prepared import Prepared
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
from eventsapp.registrations.queries.announced import address, is_announced
from eventsapp.registrations.queries.scene import (
    SIZES,
    Scene,
    meeting_edge,
    read_announced_scene,
    read_scene,
    session_edges,
)

MOST_WORKSHOPS = SIZES[
    -1
]  # asked for at once: no meeting has as many, and others wait while they are looked for


@dataclass(frozen=True)
class Held:
    """What a write decides on: nobody else changes it until the transaction ends."""

    meeting: Meeting
    setup: RegistrationSetup
    sessions: Sequence[Session]
    scene: Scene | None = None  # as the lock found it, until the first place is given


@dataclass(frozen=True)
class Newcomer:
    """Whom a write will register: what tells whether they are known already."""

    address: str = ""  # as compared (core.keys.email_key)
    reference: str | None = None


NOBODY = Newcomer()


def hold(
    meeting_id: int,
    session_ids: Collection[int],
    others: Collection[int] = (),
    newcomer: Newcomer = NOBODY,
) -> Held:
    """Return the meeting, its setup and the chosen sessions, freshly read; other writers wait until the end.

    ``others`` are workshops wished for or waited for: they may overlap. Raises WorkshopIsUnknown unless all are
    workshops of this meeting, SessionsOverlap when two chosen ones are held at the same time.
    """
    check_held = _BY_ID.hold({"key": meeting_id})
    scene = read_scene(meeting_id, _wanted(session_ids, others), newcomer.address, newcomer.reference)
    check_held()
    return _found(scene, session_ids, others)


def hold_announced(
    slug: str,
    session_ids: Collection[int] = (),
    others: Collection[int] = (),
    newcomer: Newcomer = NOBODY,
    *,
    reserved_for: Collection[int] | None = (),
) -> Held:
    """Like ``hold``, for the announced meeting of this address, found as ``queries.get_announced_meeting`` finds it."""
    check_held = _by_address(reserved_for is None).hold(address(slug, reserved_for))
    scene = read_announced_scene(
        slug,
        _wanted(session_ids, others),
        newcomer.address,
        newcomer.reference,
        reserved_for=reserved_for,
    )
    check_held()
    return _found(scene, session_ids, others)


def hold_whole(meeting_id: int) -> Held:
    """Like ``hold``, with all the workshops of the meeting: a write that frees one place may offer others."""
    check_held = _BY_ID.hold({"key": meeting_id})
    rows = db.session.execute(_WHOLE, {"key": meeting_id}, execution_options=FRESH).all()
    check_held()
    if not rows:
        raise NoResultFound
    meeting, setup, _workshop = rows[0]
    return Held(meeting, setup or default_setup(meeting_id), [row[2] for row in rows if row[2]])


def _wanted(session_ids: Collection[int], others: Collection[int]) -> set[int]:
    wanted = {*session_ids, *others}
    if len(wanted) > MOST_WORKSHOPS:
        raise WorkshopIsUnknown
    return wanted


def _found(scene: Scene, session_ids: Collection[int], others: Collection[int]) -> Held:
    is_whole = len(scene.sessions) == len({*session_ids, *others})
    if not is_whole or not all(session.is_workshop() for session in scene.sessions):
        raise WorkshopIsUnknown
    sessions = [session for session in scene.sessions if session.id in session_ids]
    check_no_overlap(sessions)
    return Held(scene.meeting, scene.setup, sessions, scene)


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


def claim_meeting_place(
    held: Held, quota_key: str = "", *, from_queue: bool = False, edge: rules.Edge | None = None
) -> int | None:
    """Return the number of the next place at the held meeting for somebody of this quota; None when there is none.

    A place is for those who wait before it is for a newcomer; ``from_queue`` is their turn. ``edge`` is that of the
    meeting's places where it was just read.
    """
    meeting, edge = held.meeting, edge or meeting_edge(held.meeting.id)
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


def claim_session_places(
    sessions: Sequence[Session], edges: Mapping[int, rules.Edge] | None = None
) -> Mapping[int, int]:
    """Return the number of the next place in each of the held sessions; raise WorkshopIsFull.

    A workshop with a waiting list is full for a newcomer: its next place is for the first who waits. ``edges`` are
    those of the sessions' places where they were just read.
    """
    if not sessions:
        return {}
    edges = edges or session_edges([session.id for session in sessions])
    numbers = {session: _next_number(session, edges[session.id]) for session in sessions}
    if full := [session for session, number in numbers.items() if number is None]:
        raise WorkshopIsFull(full)
    return {session.id: number for session, number in numbers.items() if number is not None}


def next_session_number(session: Session) -> int | None:
    """Return the number of the next place in the held session for somebody new; None when it is full for them."""
    return _next_number(session, session_edges([session.id])[session.id])


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


def write(
    values: Mapping[str, Any], rows: Sequence[dict[str, Any]], *, number: int | None = None
) -> Registration:
    """Write a new registration and its rows of ``session_place``, two statements; return it as if it were read.

    ``number`` is that of its row, where it is known before. Not by the unit of work, whose bookkeeping costs three
    times the statements, while others wait.
    """
    registration = Registration()
    vars(registration).update(values)
    registration.set_keys()
    values = {name: value for name, value in vars(registration).items() if not name.startswith("_")}
    registration.id = number or _NEW_REGISTRATION.rows(values)[0][0]
    if number:
        _NUMBERED_REGISTRATION.ahead({**values, "id": number})
    make_transient_to_detached(registration)
    db.session.add(registration)
    for row in rows:
        _NEW_PLACE.ahead({"registration_id": registration.id, **row})
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


_LOCKED = select(Meeting.id).with_for_update()
_BY_ID = Prepared(_LOCKED.where(Meeting.id == bindparam("key")))


@cache
def _by_address(is_everything: bool) -> Prepared:
    return Prepared(_LOCKED.where(*is_announced(is_everything)))


_WHOLE = (
    select(Meeting, RegistrationSetup, Session)
    .outerjoin(RegistrationSetup, RegistrationSetup.meeting_id == Meeting.id)
    .outerjoin(Session, (Session.meeting_id == Meeting.id) & (Session.kind == "workshop"))
    .where(Meeting.id == bindparam("key"))
    .order_by(Session.id)
)
_INSERT = insert(table_of(Registration))
_NUMBERED_REGISTRATION = Prepared(_INSERT)
_NEW_REGISTRATION = Prepared(_INSERT.returning(Registration.id))
_NEW_PLACE = Prepared(insert(table_of(SessionPlace)).inline())  # its number is not asked back


def _next_number(session: Session, edge: rules.Edge) -> int | None:
    if edge.has_queue:
        return None
    if not rules.is_full(session.capacity, edge.highest):
        return edge.highest + 1
    return next(free_session_numbers(session), None)
