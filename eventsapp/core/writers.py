"""One writer at a time on SQLite, served in turn.

SQLite's own wait (busy_timeout) tries again at intervals that grow to 100 ms and serves whoever wakes at the
right moment: with 400 people at once some met «database is locked» after 15 seconds while others passed. So the
threads of a process queue on a lock of its own, and only the first of them tries, every other millisecond,
against the other processes.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from typing import Any

SECONDS_OF_PATIENCE = 15
SECONDS_BETWEEN_TRIES = 0.002

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # by file


class WriterConnection(sqlite3.Connection):
    """A connection whose writing transactions wait their turn and end it with commit or rollback."""

    def __init__(self, database: str, *arguments: Any, **options: Any) -> None:
        super().__init__(database, *arguments, **options)
        self._turn = _turns[database]
        self._has_turn = False

    def begin_writing(self) -> None:
        """Begin a transaction that nobody else's write can disturb; raise OperationalError after 15 seconds."""
        give_up_at = time.monotonic() + SECONDS_OF_PATIENCE
        if not self._turn.acquire(timeout=SECONDS_OF_PATIENCE):
            raise sqlite3.OperationalError("database is locked")
        self._has_turn = True
        try:
            self._begin_before(give_up_at)
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

    def _begin_before(self, give_up_at: float) -> None:
        patience = self.execute("PRAGMA busy_timeout").fetchone()[0]
        self.execute("PRAGMA busy_timeout=0")
        try:
            while not self._try_to_begin(give_up_at):
                time.sleep(SECONDS_BETWEEN_TRIES)
        finally:
            self.execute(f"PRAGMA busy_timeout={patience}")

    def _try_to_begin(self, give_up_at: float) -> bool:
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            return False
        return True

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()
