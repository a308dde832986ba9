"""A private PostgreSQL cluster in a temporary folder, to be killed: no other database is near."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.servers import free_port

USER = "postgres"  # PostgreSQL refuses to run as root
SECONDS = 60


class NoCluster(Exception):
    """A private cluster cannot be made here; the text says why."""


@dataclass
class Cluster:
    """A running cluster: its programs, its folder and its port on the loopback interface."""

    programs: Path
    folder: Path
    port: int
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """The cluster answers; after a crash it has recovered what was committed."""
        where = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}")
        command = self.command("postgres", "-D", self.data, "-p", str(self.port), *where)
        with (self.folder / "log").open("a") as log:
            # Our own child, so that it leaves no process table entry behind when it is killed.
            self.server = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        give_up_at = time.monotonic() + SECONDS
        while not self._answers():
            if time.monotonic() > give_up_at or self.server.poll() is not None:
                raise NoCluster(f"PostgreSQL does not start here: {(self.folder / 'log').read_text()[-300:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """The server is gone without a chance to tidy up (kill -9)."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        self._await_the_end_of_its_children()

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)  # at once: nobody needs what is in it
            self.server.wait(SECONDS)

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def command(self, program: str, *words: str) -> list[str]:
        """Return how one of PostgreSQL's programs is run as its own user."""
        command = [str(self.programs / program), *words]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", *command]
        return command

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _await_the_end_of_its_children(self) -> None:
        """Those it had started notice that it is dead, and hold its memory until they have."""
        give_up_at = time.monotonic() + SECONDS
        while time.monotonic() < give_up_at and self._has_children():
            time.sleep(0.05)

    def _has_children(self) -> bool:
        return any(_works_in(process, self.data) for process in Path("/proc").glob("[0-9]*"))


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Give a new cluster with durable commits; raise NoCluster where PostgreSQL is not installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            _hand_over(folder)
        cluster = Cluster(programs, folder, free_port())
        try:
            make = cluster.command("initdb", "-D", cluster.data, "-U", USER, "-A", "trust", "-E", "UTF8")
            if subprocess.run(make, check=False, cwd=folder, capture_output=True).returncode:
                raise NoCluster("initdb fails here")
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    beside = shutil.which("initdb")
    if found and (found[-1] / "initdb").exists():
        return found[-1]
    if beside:
        return Path(beside).parent
    raise NoCluster("initdb is not installed")


def _hand_over(folder: Path) -> None:
    try:
        owner = pwd.getpwnam(USER)
    except KeyError as missing:
        raise NoCluster(f"there is no user {USER}, and PostgreSQL refuses root") from missing
    os.chown(folder, owner.pw_uid, owner.pw_gid)


def _works_in(process: Path, folder: str) -> bool:
    try:
        return str((process / "cwd").readlink()) == folder
    except OSError:
        return False
