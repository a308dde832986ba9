"""Database: base class, transactions, locks. Nothing else commits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from flask import Flask, Response, g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CursorResult,
    DateTime,
    Executable,
    Index,
    MetaData,
    Select,
    Table,
    bindparam,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from eventsapp.core import connections
from eventsapp.core.connections import is_writing
from eventsapp.core.trips import TripConnection

# Named constraints, so that a migration can drop them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate(compare_type=True, render_as_batch=True)

Row = TypeVar("Row", bound=Base)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows that fulfil a condition only: the others cost nothing to write."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def table_of(entity: type[Base]) -> Table:
    """Return the table behind a class, for statements that need no unit of work."""
    table = entity.__table__
    assert isinstance(table, Table)  # noqa: S101 - tells mypy: no class here stands on a query
    return table


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def init_app(app: Flask) -> None:
    """Bind the database to the application and give each request its one transaction."""
    options: dict[str, Any] = {
        "pool_use_lifo": True,  # the connection used last: what it keeps is still at hand
        "hide_parameters": True,  # a crash is logged with its statement, not with people's names
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False),
    }
    options["connect_args"] = connections.options(app.config["DATABASE_URL"])
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        connections.install_hooks(db.engine)
    event.listen(db.session, "before_flush", _refuse_to_write_while_reading)
    app.before_request(_take_write_lock_early)
    app.after_request(_end_transaction)


def _take_write_lock_early() -> None:
    # A transaction that reads first and writes later meets SQLITE_BUSY_SNAPSHOT under load,
    # which no time-out cures; one that begins IMMEDIATE waits its turn.
    g.writing = request.method not in READING_METHODS


def _refuse_to_write_while_reading(*_about: Any) -> None:
    # Nothing would undo it on PostgreSQL, and nothing keep it on SQLite.
    if has_request_context() and not is_writing():
        raise RuntimeError("a request that only reads has changed a row")


def read_only() -> None:
    """Let a POST that changes nothing (a step of a longer form, a refusal) read beside the writers.

    What it had begun to write is undone: nobody waits while its page is made.
    """
    db.session.rollback()
    g.writing = False


@contextmanager
def beside_writers() -> Iterator[None]:
    """Read and compute at length, then write: others write meanwhile, so what was read may have changed since.

    What the transaction had begun before is undone.
    """
    before = g.get("writing", False)
    read_only()
    try:
        yield
    finally:
        db.session.rollback()
        g.writing = before


def keep_changes_of_this_refusal() -> None:
    """Commit this request although its answer is an error (a failed sign-in is remembered)."""
    g.keep_refusal = True


def _end_transaction(response: Response) -> Response:
    if not is_writing():
        db.session.remove()  # nothing was written: what was read is let go at once
    elif response.status_code < 400 or g.get("keep_refusal"):
        db.session.commit()
    else:
        db.session.rollback()
    return response


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run a command's or a worker's writes in one transaction: all of it or nothing."""
    before = g.get("writing", False)
    g.writing = True
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        g.writing = before


@contextmanager
def savepoint() -> Iterator[None]:
    """Keep or undo what the block writes without undoing what came before it; what is wrong with it is raised here."""
    with db.session.begin_nested():
        connection = db.session.connection()
        driver = connection.connection.driver_connection
        arrive = driver.arrive if isinstance(driver, TripConnection) else _nothing_left
        try:
            yield
            db.session.flush()
            arrive()
        except connection.dialect.loaded_dbapi.Error as error:
            raise connections.failure(connection, "what was sent ahead", error) from error
        except BaseException:
            with suppress(connection.dialect.loaded_dbapi.Error):  # the first error is the one told
                arrive()
            raise


def _nothing_left() -> None:
    """SQLite is in the process: nothing is sent ahead."""


def insert_new(
    entity: type[Base], rows: Sequence[Mapping[str, Any]], *, unique: Sequence[str], returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Insert the rows whose ``unique`` columns are not taken yet, in one statement; return columns of those.

    The others are left as they are: a job that runs twice, or at two places at once, writes once.
    """
    if not rows:
        return []
    table = inspect(entity).local_table
    assert isinstance(table, Table)  # noqa: S101 - tells mypy
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=unique)
    statement = statement.returning(*(table.c[name] for name in returning))
    return [tuple(row) for row in db.session.execute(statement, list(rows))]


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement in the transaction without the unit of work: rows, no objects, in a third of the time.

    What waits in the session is written first. Objects already loaded do not follow an UPDATE made so.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


def stream(statement: Select[Row], *, at_once: int) -> Iterator[Row]:
    """Yield the objects that the statement finds, with ``at_once`` of them in memory at a time."""
    driver = db.session.connection().connection.driver_connection
    if isinstance(driver, TripConnection):
        driver.begin_once()  # a cursor of the server lives in a transaction
    yield from db.session.scalars(statement, execution_options={"yield_per": at_once})


def lock(entity: type[Row], key: int) -> Row:
    """Return the row, freshly read and held until the transaction ends: other writers wait.

    PostgreSQL: SELECT … FOR UPDATE. SQLite: the transaction began IMMEDIATE, which is required.
    A meeting's row stands for its programme and its places: take it before any row of theirs. Raises NoResultFound.
    """
    check_writing()
    row: Row = db.session.scalars(_locking(entity), {"key": key}, execution_options=FRESH).one()
    return row


FRESH = {"populate_existing": True}  # what was loaded before is read again


# Built once for each table: building a statement costs more than running it.
@cache
def _locking(entity: type[Row]) -> Select[Row]:
    key = inspect(entity).primary_key[0]
    return select(entity).where(key == bindparam("key")).with_for_update()


def check_writing() -> None:
    """Raise RuntimeError where a lock would hold nothing: SQLite knows none but that of a writing transaction."""
    if db.engine.dialect.name == "sqlite" and not is_writing():
        raise RuntimeError("a lock needs a writing transaction")
