"""What a write decides on, read once its meeting is held: edges of places, and who is known already.

The statements are built once: they run while others wait for the lock, and building one costs more than running it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from eventsapp.core.db import FRESH, db, run
from eventsapp.core.prepared import Prepared, among, numbered
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.likeness import mailbox_key
from eventsapp.registrations.models import (
    ENDED_STATES,
    Registration,
    RegistrationSetup,
    SessionPlace,
    default_setup,
)
from eventsapp.registrations.queries.announced import address, is_announced
from eventsapp.registrations.queries.programme import (
    COLUMNS,
    ENTITIES,
    SESSION_ID,
    WIDTH,
    Programme,
    programme_of,
)
from eventsapp.registrations.rules import Edge

SIZES = (8, 64, 1000)  # sessions asked for at once: a statement each
_ID: ColumnElement[int] = bindparam("meeting_id", type_=Integer)


def _edge_of_meeting(meeting_id: ColumnElement[int]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    of_it = Registration.meeting_id == meeting_id
    return (
        select(func.max(Registration.place_number)).where(of_it).scalar_subquery(),
        select(Registration.id).where(of_it, Registration.state == "waiting").exists(),
    )


_SESSION_EDGE = (
    select(func.max(SessionPlace.place_number))
    .where(SessionPlace.session_id == Session.id)
    .scalar_subquery(),
    select(SessionPlace.id)
    .where(SessionPlace.session_id == Session.id, SessionPlace.state == "waiting")
    .exists(),
)
_OF_MEETING = select(*_edge_of_meeting(_ID))
_AMONG = Session.id.in_(bindparam("session_ids", expanding=True))
_SESSION_EDGES = select(Session.id, *_SESSION_EDGE).where(_AMONG)


def has_address(
    registration: type[Registration], meeting_id: ColumnElement[int] = _ID
) -> ColumnElement[bool]:
    """Return what finds the registrations of an address at a meeting; ``address_values`` are its parameters."""
    # The mailbox is in an index with every state; the unique index of addresses has active ones only.
    return and_(
        registration.meeting_id == meeting_id,
        registration.mailbox_key == bindparam("mailbox_key"),
        registration.email_key == bindparam("email_key"),
    )


_EARLIER = aliased(Registration)


def _scene(
    columns: Sequence[Any], meeting_id: ColumnElement[int], among: ColumnElement[bool], dialect: str
) -> Select[*tuple[Any, ...]]:
    """Rows that begin with these columns of the meeting, its setup and the sessions ``among`` those asked for."""
    is_known = has_address(_EARLIER, meeting_id) | (_EARLIER.reference == bindparam("reference"))
    return (
        select(
            *columns,
            *_edge_of_meeting(meeting_id),
            *_SESSION_EDGE,
            _next_id(dialect),
            _EARLIER.id,
            _EARLIER.meeting_id,
            _EARLIER.email_key,
            _EARLIER.reference,
            _EARLIER.state,
            _EARLIER.revision,
        )
        .select_from(Meeting)
        .outerjoin(RegistrationSetup, RegistrationSetup.meeting_id == Meeting.id)
        .outerjoin(Session, among & (Session.meeting_id == Meeting.id))
        .outerjoin(_EARLIER, is_known)
        .where(Meeting.id == meeting_id)
        .order_by(Session.id)
    )


def _next_id(dialect: str) -> ColumnElement[int | None]:
    """The number of the registration to come, where the database gives one in advance: its rows need no answer then."""
    if dialect == "sqlite":
        return literal_column("NULL", Integer)
    return select(func.nextval("registration_id_seq", type_=Integer)).scalar_subquery()


def _announced_scene(dialect: str, is_everything: bool, size: int) -> Prepared:
    of_address = select(Meeting.id).where(*is_announced(is_everything)).scalar_subquery()
    return Prepared(_scene(COLUMNS, of_address, Session.id.in_(among("session", size)), dialect))


# All built as the module is read: threads that use an alias for the first time together disturb each other.
_DIALECTS = ("sqlite", "postgresql")
_SCENES = {dialect: _scene(ENTITIES, _ID, _AMONG, dialect) for dialect in _DIALECTS}
_ANNOUNCED_SCENES = {key: _announced_scene(*key) for key in product(_DIALECTS, (False, True), SIZES)}


@dataclass(frozen=True)
class Known:
    """What a new registration must know of an earlier one."""

    id: int
    meeting_id: int
    email_key: str
    reference: str
    state: str
    revision: int

    def is_active(self) -> bool:
        return self.state not in ENDED_STATES


@dataclass(frozen=True)
class Scene:
    """All that decides what a newcomer gets: the meeting, how it takes registrations, the workshops asked for,
    the edges of their places and of the meeting's, what is known already of the address or of the reference.
    """

    meeting: Meeting
    setup: RegistrationSetup
    sessions: Sequence[Session]  # by ascending id; those of another meeting are absent
    edge: Edge
    session_edges: Mapping[int, Edge]
    known: Sequence[Known]
    next_id: int | None  # the number of the registration to come, where it is known before it is written


def read_scene(
    meeting_id: int, session_ids: Collection[int] = (), key: str = "", reference: str | None = None
) -> Scene:
    """Return the scene, freshly read, in one statement that counts nobody: others wait meanwhile.

    ``key`` and ``reference`` are what tells who is known already. Raises NoResultFound.
    """
    values = {"session_ids": sorted(session_ids), "reference": reference, **address_values(meeting_id, key)}
    rows = db.session.execute(_SCENES[db.engine.dialect.name], values, execution_options=FRESH).all()
    if not rows:
        raise NoResultFound
    meeting, setup, *_more = rows[0]
    sessions = list(dict.fromkeys(row[2] for row in rows if row[2]))
    programme = Programme(meeting, setup or default_setup(meeting_id), sessions)
    return _told(programme, [(row[2] and row[2].id, *row[3:]) for row in rows])


def read_announced_scene(
    slug: str,
    session_ids: Collection[int],
    key: str,
    reference: str | None,
    *,
    reserved_for: Collection[int] | None,
) -> Scene:
    """Like ``read_scene``, for the announced meeting of this address.

    Its meeting, setup and sessions are shared by every request: to be read only.
    """
    size = next(size for size in SIZES if size >= len(session_ids))
    values = {
        **address(slug, reserved_for),
        **numbered("session", size, session_ids),
        **_key_values(key),
        "reference": reference,
    }
    rows = _ANNOUNCED_SCENES[db.engine.dialect.name, reserved_for is None, size].rows(values)
    if not rows:
        raise NoResultFound
    programme = programme_of(rows, is_whole=False)
    return _told(programme, [(row[SESSION_ID], *row[WIDTH:]) for row in rows])


def _told(programme: Programme, rows: Sequence[tuple[Any, ...]]) -> Scene:
    """The scene that these rows tell: a session's number, then what ``_scene`` reads besides the programme."""
    _session_id, highest, waits, _highest, _waits, next_id, *_known = rows[0]
    return Scene(
        meeting=programme.meeting,
        setup=programme.setup,
        sessions=programme.sessions,
        edge=_edge(highest, waits),
        session_edges={row[0]: _edge(row[3], row[4]) for row in rows if row[0]},
        known=list(dict.fromkeys(Known(*row[6:]) for row in rows if row[6])),
        next_id=next_id,
    )


def _edge(highest: int | None, waits: bool) -> Edge:
    return Edge(highest or 0, bool(waits))


def meeting_edge(meeting_id: int) -> Edge:
    """Return the edge of the meeting's places: as quick for ten thousand registrations as for ten."""
    return _edge(*run(_OF_MEETING, {"meeting_id": meeting_id}).one())


def session_edges(session_ids: Collection[int]) -> Mapping[int, Edge]:
    """Return the edge of the places of each of these sessions: one statement."""
    rows = run(_SESSION_EDGES, {"session_ids": list(session_ids)})
    return {key: _edge(highest, waits) for key, highest, waits in rows}


def address_values(meeting_id: int, key: str) -> dict[str, object]:
    """Return what ``has_address`` compares with."""
    return {"meeting_id": meeting_id, **_key_values(key)}


def _key_values(key: str) -> dict[str, object]:
    return {"email_key": key, "mailbox_key": mailbox_key(key)}
