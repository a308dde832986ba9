"""Statements compiled once and handed to the driver as they are: for the few that others wait for.

SQLAlchemy spends 30 to 160 µs around each execution of a statement that SQLite carries out in 10 to 40, and
whoever registers for the meeting meanwhile waits for both. A prepared statement takes plain values and gives back the
driver's own rows, inside the transaction of the session. It knows no ``IN`` of any length, and no default but a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Delete, Insert, Integer, Select, Update, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

from eventsapp.core.connections import failure
from eventsapp.core.db import check_writing, db
from eventsapp.core.trips import TripConnection

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Order:
    """A statement as one driver takes it: its text, and where each value goes."""

    text: str
    names: Sequence[str]  # of the values, in order and as often as the text has them
    constants: Mapping[str, Any]  # said by the statement itself
    converters: Mapping[str, Convert]
    is_positional: bool

    def values(self, given: Mapping[str, Any]) -> Any:
        known = {**self.constants, **given}
        for name, convert in self.converters.items():
            known[name] = convert(known[name])
        return [known[name] for name in self.names] if self.is_positional else known


@dataclass(frozen=True)
class Prepared:
    """A statement to be carried out again and again with other values."""

    statement: Statement
    _orders: dict[Any, _Order] = field(default_factory=dict)

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Carry the statement out and return its rows, as the driver gives them.

        Raises sqlalchemy.exc.DBAPIError, as SQLAlchemy does.
        """
        return list(self._carry_out(_connection(), values).fetchall())

    def ahead(self, values: Mapping[str, Any]) -> Any:
        """Carry out a statement of which nobody needs the answer: on PostgreSQL it leaves with the next one (trips.py).

        What is wrong with it is raised by that one, or by the commit. Returns the driver's cursor.
        """
        return self._carry_out(_connection(), values, goes_ahead=True)

    def hold(self, values: Mapping[str, Any]) -> Callable[[], None]:
        """Hold the row of a statement that locks (``with_for_update``), as ``db.lock`` does; nobody needs its columns.

        What it returns is to be called once the next statement has been read: it raises NoResultFound where there was
        no such row to hold, whatever that statement may have found since.

        What is read next is read once they are held: by a statement of its own, because one that reads while it waits
        for a row sees the other tables as they were when it began to wait (PostgreSQL, read committed).
        """
        check_writing()
        if db.engine.dialect.name == "sqlite":
            return lambda: None  # the transaction began IMMEDIATE: nothing can change in between
        return partial(_require_row, self.ahead(values))

    def _carry_out(
        self, connection: Connection, values: Mapping[str, Any], *, goes_ahead: bool = False
    ) -> Any:
        order = self._orders.get((connection.dialect.name, *values)) or self._prepare(
            connection.dialect, values
        )
        driver: Any = connection.connection.driver_connection
        try:
            with driver.ahead() if goes_ahead and isinstance(driver, TripConnection) else nullcontext():
                return driver.execute(order.text, order.values(values))
        except connection.dialect.loaded_dbapi.Error as error:
            raise failure(connection, order.text, error) from error

    def _prepare(self, dialect: Dialect, values: Mapping[str, Any]) -> _Order:
        order = _order(self.statement, dialect, values)
        self._orders[(dialect.name, *values)] = order
        return order


def _require_row(cursor: Any) -> None:
    if cursor.rowcount != 1:
        raise NoResultFound


def among(name: str, size: int) -> list[BindParameter[int]]:
    """Return what ``Column.in_`` compares with up to that many numbers of rows, which ``numbered`` gives."""
    return [bindparam(f"{name}_{place}", type_=Integer) for place in range(size)]


def numbered(name: str, size: int, ids: Collection[int]) -> dict[str, int]:
    """Return the values of ``among``; places left are given 0, the number of no row."""
    if len(ids) > size:
        raise ValueError(f"{len(ids)} numbers for {size} places")
    return {f"{name}_{place}": number for place, number in enumerate([*ids, *[0] * (size - len(ids))])}


def _connection() -> Connection:
    session = db.session()
    session.flush()
    return session.connection()


def _order(statement: Statement, dialect: Dialect, values: Mapping[str, Any]) -> _Order:
    columns = list(values) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - tells mypy
    if compiled.update_prefetch:
        raise TypeError("a prepared UPDATE says every value itself")
    constants = {name: value for name, value in compiled.params.items() if name not in values}
    for column in compiled.insert_prefetch:
        constants[column.key] = column.default.arg  # type: ignore[union-attr]
    kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    made = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
    return _Order(
        text=str(compiled),
        names=compiled.positiontup or (),
        constants=constants,
        converters={name: convert for name, convert in made.items() if convert is not None},
        is_positional=compiled.positional,
    )
