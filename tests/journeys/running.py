"""The application as it runs in production: gunicorn, a worker, a relay; on a database and ports of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.request import urlopen

from config import ROOT, load_settings
from eventsapp.cli.serve import web_command, worker_command
from tests.journeys.mailbox import Mailbox

CLOCK = "JOURNEY_CLOCK"  # what tests/journeys/moved_clock.py reads


@dataclass(frozen=True)
class RunningSite:
    """A site that runs, its mail and its clock."""

    url: str
    port: int
    environment: dict[str, str]
    mailbox: Mailbox

    def command(self, *words: str) -> str:
        """Type a command of the project; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def move_clock_to(self, instant: datetime) -> None:
        """From now on the site believes that it is that instant, and time goes on from there."""
        ahead = instant - datetime.now(UTC)
        path = Path(self.environment[CLOCK])
        new = path.with_suffix(".new")
        new.write_text(str(ahead.total_seconds()))
        new.replace(path)  # a process never reads half a number


@contextmanager
def running_site(folder: Path, database: str, **settings: str) -> Iterator[RunningSite]:
    """A site whose tables the migrations make in this empty database, and everything stopped at the end."""
    web, mail = free_port(), free_port()
    environment = _environment(folder, database, web, mail) | settings
    site = RunningSite(f"http://127.0.0.1:{web}", web, environment, Mailbox(mail))
    site.mailbox.open()
    try:
        site.command("db", "upgrade")
        site.command("geography", "load")
        with _running(site, folder):
            yield site
    finally:
        site.mailbox.close()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _environment(folder: Path, database: str, web: int, mail: int) -> dict[str, str]:
    clock = folder / "clock"
    clock.write_text("0")
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
        CLOCK: str(clock),
        "DATABASE_URL": database,
        "SECRET_KEY": "a key for tests only, long enough to be one",
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "NETWORK_NAME": "Réseau d’essai",
        "MAIL_PORT": str(mail),
        "MAIL_JOURNAL": str(folder / "mail-journal"),
        "BROKER_URL": "memory://",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def _running(site: RunningSite, folder: Path) -> Iterator[None]:
    """The commands of ``flask serve``, with the site of the test in place of the site."""
    processes = 1 if "sqlite" in site.environment["DATABASE_URL"] else 2
    commands = {
        "web": _with_the_clock(
            web_command("127.0.0.1", site.port, processes), "wsgi:app", "tests.journeys.web:app"
        ),
        "worker": _with_the_clock(
            worker_command(load_settings(site.environment)), "eventsapp.cli.worker", "tests.journeys.worker"
        ),
    }
    running = []
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("wb") as log:
                started = subprocess.Popen(
                    command, env=site.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
                )
            running.append(started)
        _wait_until_it_answers(site, folder)
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            _end(process)


def _with_the_clock(command: list[str], module: str, moved: str) -> list[str]:
    assert module in command, command  # else the process would run with the clock on the wall
    return [moved if word == module else word for word in command]


def _wait_until_it_answers(site: RunningSite, folder: Path) -> None:
    patience = monotonic() + 90
    while monotonic() < patience:
        try:
            with urlopen(f"{site.url}/robots.txt", timeout=20):  # noqa: S310 - our own server
                return
        except OSError:  # nobody listens yet, or the first answer takes its time
            Event().wait(0.2)
    raise AssertionError((folder / "web.log").read_text())


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
