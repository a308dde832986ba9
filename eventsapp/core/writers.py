"""One writer at a time on SQLite, served in turn.

SQLite's own wait (busy_timeout) tries again at intervals that grow to 100 ms and serves whoever wakes at the
right moment: with 400 people at once some met «database is locked» after 15 seconds while others passed. So
writers queue before they ask SQLite: the threads of a process on a lock of its own, the first of each process on
locks of two bytes in a file beside the database. Who has the byte NEXT is woken by the system at the instant the
byte WRITING is given back; the others try for NEXT meanwhile, so no time is lost between two writers and no process
keeps the turn for itself. The system gives back what a dead process held.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from functools import cache
from typing import Any

SECONDS_OF_PATIENCE = 15
SECONDS_BETWEEN_TRIES = 0.001
NEXT, WRITING = 0, 1  # bytes of the file


class Turn:
    """The right of one thread of this process to write to a database, as long as it is held."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> None:
        """Wait for the turn; raise OperationalError when 15 seconds pass before the next one is this thread's."""
        give_up_at = time.monotonic() + SECONDS_OF_PATIENCE
        if not self._lock.acquire(timeout=SECONDS_OF_PATIENCE):
            raise _too_long()
        try:
            self._pass_other_processes(give_up_at)
        except BaseException:
            self._lock.release()
            raise

    def give_back(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._lock.release()

    def _pass_other_processes(self, give_up_at: float) -> None:
        while not self._is_next():
            if time.monotonic() > give_up_at:
                raise _too_long()
            time.sleep(SECONDS_BETWEEN_TRIES)
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, WRITING)
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, NEXT)

    def _is_next(self) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, NEXT)
        except BlockingIOError:
            return False
        return True


def _turn_of(path: str, process: int) -> Turn:
    """The turn of this process: one that was forked begins anew.

    Made under a lock: two of them would let two threads pass, and the first to end would give back both.
    """
    with _making:
        return _made_turn(path, process)


@cache
def _made_turn(path: str, _process: int) -> Turn:
    return Turn(path)


_making = threading.Lock()


def _too_long() -> sqlite3.OperationalError:
    return sqlite3.OperationalError("database is locked")


class WriterConnection(sqlite3.Connection):
    """A connection whose writing transactions wait their turn and end it with commit or rollback."""

    def __init__(self, database: str, *arguments: Any, **options: Any) -> None:
        super().__init__(database, *arguments, **options)
        self._path = f"{os.path.realpath(database)}-turn"
        self._turn: Turn | None = None

    def begin_writing(self) -> None:
        """Begin a transaction that nobody else's write can disturb; raise OperationalError after 15 seconds."""
        turn = _turn_of(self._path, os.getpid())
        turn.take()
        self._turn = turn
        try:
            self.execute("BEGIN IMMEDIATE")  # who writes from elsewhere is waited for as SQLite does
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.give_back()
