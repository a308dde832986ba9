"""The project's commands, run as processes of their own on a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from config import ROOT
from eventsapp.core.db import Base


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def own_database(new_database: Any, tmp_path: Path) -> Iterator[str]:
    """A database with every table and nothing in them, that other processes may open."""
    with new_database(tmp_path, "worker") as url:
        _make_tables(url)
        yield url


def _make_tables(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture
def environment(own_database: str, tmp_path: Path) -> dict[str, str]:
    """The settings of a site on that database, with ports that nobody uses."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "DATABASE_URL": own_database,
        "SECRET_KEY": "a key for tests only, long enough to be one",
        "MAIL_JOURNAL": str(tmp_path / "journal"),
        "MAIL_LEASE_SECONDS": "2",
        "MAIL_PORT": str(free_port()),
        "MAIL_CATCHER_PORT": str(free_port()),
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes put here are ended after the test, whatever happens."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
