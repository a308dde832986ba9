"""Rows of the database as objects, made once for as long as the rows stay the same.

Making objects of rows costs a public page more than the statement that reads them, and what a meeting shows is the same
from one visitor to the next. The rows themselves, as the driver gives them, are what is looked up: they are read each
time, so nothing can be out of date and nothing needs to be told that they changed.

Objects made so are shared by every request of the process: they belong to no session, and none takes them; what was
not read with them (a relationship) raises DetachedInstanceError.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, Column, ColumnElement, Float, Text, cast, event, inspect, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.types import NullType

from eventsapp.core.db import Base, db, table_of

Row = TypeVar("Row", bound=Base)
_SHARED = "_is_shared"
Reader = Callable[[Any], Any] | None


def raw_columns(entity: type[Base]) -> list[ColumnElement[Any]]:
    """Return what selects the columns of the class as the driver gives them, each of which can be looked up."""
    # A JSON document as its text: psycopg makes lists of it.
    texts = (cast(one, Text) if isinstance(one.type, JSON) else one for one in table_of(entity).columns)
    return [type_coerce(one, NullType()) for one in texts]


def object_of(entity: type[Row], values: Sequence[Any]) -> Row:
    """Return the object that these values of ``raw_columns`` make."""
    made = entity()
    names, readers = _names(entity), _readers(entity, db.engine.dialect)
    vars(made).update(
        (name, value if reader is None or value is None else reader(value))
        for name, reader, value in zip(names, readers, values, strict=True)
    )
    make_transient_to_detached(made)
    return shared(made)


def shared(made: Row) -> Row:
    """Return the object, which no session takes from now on."""
    vars(made)[_SHARED] = True
    return made


def init_app() -> None:
    """Keep shared objects out of every session: one request would write, or expire, what others are reading."""
    event.listen(db.session, "before_attach", _refuse_shared)


def _refuse_shared(_session: Any, instance: Base) -> None:
    if _SHARED in vars(instance):
        raise RuntimeError(f"a {type(instance).__name__} that every request shares is to be read only")


@cache
def _names(entity: type[Base]) -> tuple[str, ...]:
    mapper = inspect(entity)
    return tuple(mapper.get_property_by_column(column).key for column in table_of(entity).columns)


@cache
def _readers(entity: type[Base], dialect: Dialect) -> tuple[Reader, ...]:
    return tuple(_reader(column, dialect) for column in table_of(entity).columns)


def _reader(column: Column[Any], dialect: Dialect) -> Reader:
    if isinstance(column.type, JSON):
        return json.loads
    of_dialect = column.type.dialect_impl(dialect)
    return None if isinstance(column.type, Float) else of_dialect.result_processor(dialect, None)
