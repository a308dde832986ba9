"""A meeting as the public form needs it, with how it takes registrations and its sessions, made once (core/readings.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from eventsapp.core.readings import object_of, raw_columns, shared
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import RegistrationSetup, default_setup

ENTITIES = (Meeting, RegistrationSetup, Session)
_MEETING, _SETUP, _SESSION = map(raw_columns, ENTITIES)
COLUMNS = (*_MEETING, *_SETUP, *_SESSION)  # what ``programme_of`` wants first in each row
WIDTH = len(COLUMNS)
SESSION_ID = len(_MEETING) + len(_SETUP)  # where the session begins, with its number

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Programme:
    """A meeting, how it takes registrations, and its sessions or those asked for."""

    meeting: Meeting
    setup: RegistrationSetup
    sessions: Sequence[Session]


def programme_of(rows: Sequence[Sequence[Any]], *, is_whole: bool) -> Programme:
    """Return what these rows of a meeting tell, one row a session or more; ``is_whole``: all its sessions are there.

    It is shared by every request: to be read only.
    """
    of_sessions = dict.fromkeys(tuple(row[SESSION_ID:WIDTH]) for row in rows)
    return _made(tuple(rows[0][:SESSION_ID]), tuple(of_sessions), is_whole)


@lru_cache(maxsize=256)
def _made(of_meeting: Values, of_sessions: tuple[Values, ...], is_whole: bool) -> Programme:
    of_setup = of_meeting[len(_MEETING) :]
    meeting = object_of(Meeting, of_meeting[: len(_MEETING)])
    # An outer join leaves empty what is not there.
    setup = (
        shared(default_setup(meeting.id)) if of_setup[0] is None else object_of(RegistrationSetup, of_setup)
    )
    sessions = [object_of(Session, values) for values in of_sessions if values[0] is not None]
    if is_whole:
        set_committed_value(meeting, "sessions", sessions)
    return Programme(meeting, setup, sessions)
