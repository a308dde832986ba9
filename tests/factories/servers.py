"""Databases of the tests: a SQLite file each, or one each on the PostgreSQL server that TEST_DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

SERVER = os.environ.get("TEST_DATABASE_URL")


@contextmanager
def scratch_database(folder: Path, name: str) -> Iterator[str]:
    """Give the address of a new, empty database; on a server it is dropped at the end."""
    if not SERVER:
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    server, name = make_url(SERVER).set(drivername="postgresql+psycopg"), f"rencontres_{name}_{os.getpid()}"
    maker = create_engine(server, isolation_level="AUTOCOMMIT")
    _order(maker, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    # No test cuts the server's power (bin/bench race_crash does): thousands of commits need not reach the disk.
    _order(maker, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _order(maker, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        maker.dispose()


def _order(maker: Engine, *statements: str) -> None:
    with maker.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
