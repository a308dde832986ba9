"""What the connections of each database are, and how a transaction begins on them."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from flask import g, has_app_context, has_request_context
from psycopg.errors import FeatureNotSupported
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from eventsapp.core.trips import TripConnection, TripCursor
from eventsapp.core.writers import WriterConnection

# https://sqlite.org/pragma.html. synchronous=FULL: in WAL mode NORMAL may lose acknowledged
# commits in a power cut, and a confirmed registration would vanish.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=15000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-16000",
    "journal_size_limit=67108864",
    "trusted_schema=OFF",
)

SECONDS_TRUSTED = 2  # an idle connection to the server is tried after that


def options(url: str) -> dict[str, Any]:
    """Return what the driver is opened with."""
    if url.startswith("sqlite"):
        return {"check_same_thread": False, "factory": WriterConnection}
    return {"autocommit": True, "cursor_factory": TripCursor}


def install_hooks(engine: Engine) -> None:
    """Make the engine's connections ours."""
    (_install_sqlite_hooks if engine.dialect.name == "sqlite" else _install_postgresql_hooks)(engine)


def failure(connection: Connection, text: str, error: Any) -> BaseException:
    """Return SQLAlchemy's error for an error of the driver; a connection that is of no use any more is let go."""
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    if dialect.is_disconnect(error, driver, None) or _is_out_of_date(error):
        connection.invalidate(error)
    kind = dialect.loaded_dbapi.Error
    told: BaseException = DBAPIError.instance(text, None, error, kind, hide_parameters=True)
    return told


def _is_out_of_date(error: BaseException) -> bool:
    """Tell whether the statements that the connection has prepared are of tables that were altered since."""
    return isinstance(error, FeatureNotSupported)  # «cached plan must not change result type»


def is_writing() -> bool:
    """Tell whether what goes on may write: a request that may change something, a unit of work."""
    return has_app_context() and bool(g.get("writing"))


def _install_sqlite_hooks(engine: Engine) -> None:
    event.listen(engine, "connect", _configure_sqlite)
    # Not the event «begin»: an engine that somebody listens to pays for it at every statement.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[assignment,method-assign]


def _install_postgresql_hooks(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _record: ConnectionPoolEntry, where: list[Any], how: dict[str, Any]
    ) -> TripConnection:
        return TripConnection.connect(*where, **how)

    @event.listens_for(engine, "handle_error")
    def let_go(context: ExceptionContext) -> None:
        if _is_out_of_date(context.original_exception):
            context.is_disconnect = True

    engine.dialect.do_begin = _begin_postgresql  # type: ignore[assignment,method-assign]
    _leave_no_dead_connection(engine)


def _leave_no_dead_connection(engine: Engine) -> None:
    """Try a connection that lay idle before it is used: the server may have restarted, or a firewall forgotten it.

    Not at each use, which would be a question more to the server for every page.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < SECONDS_TRUSTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - tells mypy which driver this is
    connection.isolation_level = None  # SQLAlchemy emits BEGIN itself (below)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(pooled: PoolProxiedConnection) -> None:
    connection = pooled.dbapi_connection
    if is_writing() and isinstance(connection, WriterConnection):
        connection.begin_writing()
    else:
        pooled.cursor().execute("BEGIN")


def _begin_postgresql(pooled: PoolProxiedConnection) -> None:
    if has_request_context() and not is_writing():
        return  # each statement of a page sees the latest commit, with or without BEGIN (read committed)
    connection = pooled.dbapi_connection
    assert isinstance(connection, TripConnection)  # noqa: S101 - tells mypy: connect() above made it
    connection.begin()
