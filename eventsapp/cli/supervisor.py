"""Keeps a few processes running: restarts those that die, stops them all together, leaves no orphan."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2), Linux
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
HEALTHY_AFTER = 60.0  # seconds; then the next death is not the same trouble
STOP_PATIENCE = 10.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A process to keep running; its lines are shown behind its name."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    delay: float = FIRST_DELAY
    started_at: float = 0.0
    restart_at: float | None = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops children in order
            preexec_fn=_die_with_parent,  # safe: this process has one thread
        )
        self.started_at, self.restart_at = time.monotonic(), None

    def signal(self, number: int) -> None:
        """Reach the process, or with SIGKILL everything it started."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                os.kill(self.process.pid, number)

    def plan_restart(self) -> None:
        now = time.monotonic()
        if now - self.started_at > HEALTHY_AFTER:
            self.delay = FIRST_DELAY
        self.restart_at = now + self.delay
        self.delay = min(self.delay * 2, LONGEST_DELAY)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _die_with_parent() -> None:
    # If the supervisor is killed, the system sends SIGTERM to its children.
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """One thread: it reads what children say, sees who died, and obeys signals."""

    def __init__(self, children: Iterable[Child], say: Callable[[str], None]) -> None:
        self.children = list(children)
        self.say = say
        self.stopping = False
        self.lines = selectors.DefaultSelector()

    def run(self) -> None:
        """Return once asked to stop and every child has ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            while not self.stopping:
                self._start_those_due()
                self._listen(0.2)
                self._notice_deaths()
        finally:
            self._stop_all()

    def _ask_to_stop(self, *_details: object) -> None:
        self.stopping = True

    def _start_those_due(self) -> None:
        for child in self.children:
            if child.restart_at is not None and time.monotonic() >= child.restart_at:
                child.start()
                self._hear(child)

    def _hear(self, child: Child) -> None:
        if child.process and child.process.stdout:
            os.set_blocking(child.process.stdout.fileno(), False)
            self.lines.register(child.process.stdout, selectors.EVENT_READ, child)

    def _listen(self, seconds: float) -> None:
        for key, _events in self.lines.select(seconds):
            stream: IO[bytes] = key.fileobj  # type: ignore[assignment]
            raw = stream.read(65536)
            if raw == b"":
                self.lines.unregister(stream)
                stream.close()
            for line in (raw or b"").decode(errors="replace").splitlines():
                if line.strip():
                    self.say(f"[{key.data.name}] {line}")

    def _notice_deaths(self) -> None:
        for child in self.children:
            if child.restart_at is None and not child.is_running():
                child.signal(signal.SIGKILL)  # what it started must not keep its port
                child.plan_restart()
                self.say(f"[{child.name}] arrêté ; nouveau départ.")

    def _stop_all(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        patience = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < patience and any(child.is_running() for child in self.children):
            self._listen(0.05) if self.lines.get_map() else time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
