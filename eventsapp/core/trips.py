"""Fewer trips to PostgreSQL: statements whose answer nobody needs leave with the next one.

Each statement that waits for its answer costs two turns of the processor, one there and one back, and what a
transaction holds is held meanwhile. So BEGIN, a lock, an INSERT of a known key leave at once and are answered with the
statement after them, or with COMMIT (libpq's pipeline mode,
https://www.postgresql.org/docs/current/libpq-pipeline-mode.html). The server still carries them out in order, each
seeing what the one before it did or waited for. An error is raised by the statement that ends the trip; the server
skips those in between, COMMIT too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from psycopg import Connection, Cursor, Error
from psycopg.errors import InFailedSqlTransaction
from psycopg.pq import TransactionStatus


class TripCursor(Cursor[Any]):
    """A cursor of a ``TripConnection``: its statements wait for their answer, except ``ahead``."""

    def execute(self, *arguments: Any, **options: Any) -> TripCursor:
        with self._trip():
            super().execute(*arguments, **options)
        return self

    def executemany(self, *arguments: Any, **options: Any) -> None:
        with self._trip():
            super().executemany(*arguments, **options)

    @contextmanager
    def _trip(self) -> Iterator[None]:
        """Wait for the answers once the block has sent its statement; end the trip, too, when one of them is an error."""
        connection = self.connection
        assert isinstance(connection, TripConnection)  # noqa: S101 - tells mypy: no other has such cursors
        try:
            yield
            if not connection.goes_ahead:
                connection.arrive()
        except BaseException:
            with suppress(Error):  # the first one is told
                connection.arrive()
            raise


class TripConnection(Connection[Any]):
    """A connection that is told which statements need no answer. It is opened with ``autocommit``: BEGIN is one of them."""

    goes_ahead = False
    _trip: ExitStack | None = None

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Send what the block executes without waiting for the answers."""
        if self._trip is None:
            self._trip = ExitStack()
            self._trip.enter_context(self.pipeline())
        self.goes_ahead = True
        try:
            yield
        finally:
            self.goes_ahead = False

    def arrive(self) -> None:
        """Wait for the answers of all that was sent; raise the first error among them."""
        if self._trip is not None:
            trip, self._trip = self._trip, None
            trip.close()

    def begin(self) -> None:
        """Begin a transaction; it leaves with its first statement."""
        with self.ahead():
            self.cursor().execute("BEGIN", prepare=False)

    def begin_once(self) -> None:
        """Be in a transaction, begun now unless there is one."""
        self.arrive()
        if self.info.transaction_status == TransactionStatus.IDLE:
            self.begin()
        self.arrive()  # the server's own cursors know nothing of trips

    def commit(self) -> None:
        if self.info.transaction_status == TransactionStatus.INERROR:
            # The server would answer as if all were well, and keep nothing.
            raise InFailedSqlTransaction(
                "a statement of this transaction has failed: there is nothing to commit"
            )
        if self._trip is None:
            super().commit()
            return
        with self.ahead():
            self.cursor().execute("COMMIT", prepare=False)
        self.arrive()

    def rollback(self) -> None:
        with suppress(Error):  # of what is undone anyway
            self.arrive()
        super().rollback()
