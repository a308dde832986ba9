"""Scratch databases: a temporary SQLite file, or one made and dropped on the server that DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from config import VAR, database_url


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """Give the address of an empty database of the kind that DATABASE_URL names; it is gone afterwards.

    The database that DATABASE_URL itself names is never touched.
    """
    wanted = make_url(database_url(os.environ.get("DATABASE_URL", "").strip() or f"sqlite:///{VAR / 'x'}"))
    maker = _on_server if wanted.drivername.startswith("postgresql") else _in_folder
    with maker(wanted, name) as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def _in_folder(wanted: URL, name: str) -> Iterator[URL]:
    # Beside the real one: the cost of a durable commit is that of the disk.
    beside = Path(wanted.database or VAR / "x").absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=beside) as folder:
        yield wanted.set(database=f"{folder}/{name}.sqlite3")


@contextmanager
def _on_server(wanted: URL, name: str) -> Iterator[URL]:
    scratch = f"rencontres_bench_{name}_{os.getpid()}"
    say(wanted, f'CREATE DATABASE "{scratch}"')
    try:
        yield wanted.set(database=scratch)
    finally:
        say(wanted, f'DROP DATABASE IF EXISTS "{scratch}" WITH (FORCE)')


def say(server: URL, statement: str) -> None:
    """Carry out one statement outside any transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
