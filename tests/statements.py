"""Counts the SQL statements of a block: a page costs the same for ten rows or a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from eventsapp.core.db import db
from eventsapp.core.prepared import Prepared

IGNORED = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "COMMIT")


@contextmanager
def count_statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database inside the block."""
    statements: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(IGNORED):
            statements.append(statement)

    def carry_out(self: Prepared, connection: Any, values: Any, **how: Any) -> Any:
        answer = carried_out(self, connection, values, **how)
        statements.append(self._orders[(connection.dialect.name, *values)].text)
        return answer

    with app.app_context():
        engine = db.engine
    carried_out = Prepared._carry_out  # SQLAlchemy hears nothing of it
    Prepared._carry_out = carry_out  # type: ignore[method-assign]
    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        Prepared._carry_out = carried_out  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", remember)
