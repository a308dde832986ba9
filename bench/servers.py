"""The real web server, several processes, on a free port of the loopback interface."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import ROOT
from eventsapp.cli.serve import web_command

PROCESSES = 4
SECONDS_TO_START = 60
LOG_SHOWN = 3000  # characters of a server's log, when a measure failed
OURS = "wsgi:app"


@dataclass(frozen=True)
class Server:
    """A running server: its port, and the group of its processes."""

    port: int
    group: int

    def cpu_seconds(self) -> float:
        """Return the processor time its processes have used; 0 where /proc does not tell."""
        return sum(
            _cpu_of(folder) for folder in Path("/proc").glob("[0-9]*") if _group_of(folder) == self.group
        )


@contextmanager
def serving(application: str, variables: Mapping[str, str]) -> Iterator[Server]:
    """Start gunicorn on the application with these settings; stop all of its processes afterwards."""
    with tempfile.TemporaryFile() as said:
        port = free_port()
        process = subprocess.Popen(
            _command(application, port),
            cwd=ROOT,
            env={**os.environ, "REGISTRATIONS_PER_ADDRESS": "0", **variables},  # one machine plays everybody
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            _await_answer(process, port)
            yield Server(port, process.pid)
        except Exception:
            said.seek(0)
            print(complaints(said.read().decode(errors="replace")), file=sys.stderr)
            raise
        finally:
            stop_group(process)


def _command(application: str, port: int) -> list[str]:
    """The command that `flask serve` runs; the floor has the same server."""
    return [application if word == OURS else word for word in web_command("127.0.0.1", port, PROCESSES)]


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as door:
                door.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if door.recv(1):
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def complaints(log: str) -> str:
    """Return the end of a server's log without its lines about requests."""
    return "\n".join(line for line in log.splitlines() if '"event": "request"' not in line)[-LOG_SHOWN:]


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """Stop a process started in a session of its own, and its children."""
    for way in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, way)
            process.wait(10)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
        break


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _group_of(folder: Path) -> int:
    fields = _stat(folder)
    return int(fields[2]) if fields else 0


def _cpu_of(folder: Path) -> float:
    fields = _stat(folder)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _stat(folder: Path) -> list[str]:
    """The fields after the command's name, which may hold spaces: state, parent, group…"""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
