"""Renders every document in a process of its own, which can be stopped whatever the document does.

The process is kept warm for about fifty documents and replaced then, after a failure, or when it was killed.
Usable from any thread; one rendering at a time.
"""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from eventsapp.pdf.errors import DocumentRefused, RenderingInterrupted, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.wire import Job, Rendered, read_message, write_message

PROJECT = Path(__file__).parents[2]
FIRST_FILE = Path(__file__).with_name("start_child.py")
FONTS = Path(__file__).with_name("fonts.conf")
SECONDS_TO_START = 60
PASSED_ON = (
    "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "VIRTUAL_ENV", "XDG_CACHE_HOME",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
)  # fmt: skip

# The same document gives the same bytes: same fallback fonts, same date in the fonts cut to measure.
FIXED = {
    "FONTCONFIG_FILE": str(FONTS),
    "SOURCE_DATE_EPOCH": "946684800",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True)
class Limits:
    """How much one document may take, and how many documents one process makes."""

    memory_mb: int = 1536
    cpu_seconds: int = 60
    wall_seconds: float = 90
    documents: int = 50


class Sandbox:
    """The door to the rendering process, started at the first document."""

    def __init__(self, static: Path = PROJECT / "static", limits: Limits | None = None) -> None:
        self.static = static
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._made = 0

    def render(self, job: Job) -> Rendered:
        """Return the file.

        Raises DocumentRefused when the document is at fault, RenderingInterrupted when it was stopped.
        """
        with self._lock:
            answer = self._ask(job)
        if answer["status"] == "done":
            return Rendered(base64.b64decode(answer["content"]), answer["page_count"])
        raise _error(answer)

    def close(self) -> None:
        """No rendering process is left."""
        with self._lock:
            self._stop()

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def _ask(self, job: Job) -> dict[str, Any]:
        process = self._warm_process()
        with _killed_after(self.limits.wall_seconds, process) as late:
            answer = _exchange(process, job)
        self._made += 1
        if answer is None:
            self._stop()
            raise RenderingInterrupted("too long" if late.is_set() else _cause(process.returncode))
        if answer["status"] == "failed" or self._made >= self.limits.documents:
            self._stop()
        return answer

    def _warm_process(self) -> subprocess.Popen[bytes]:
        if self._process and self._owner != os.getpid():
            self._process = None  # inherited by a fork: it answers to our parent
        if self._process and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            self._process, self._owner, self._made = self._start(), os.getpid(), 0
            self._await_greeting(self._process)
        return self._process

    def _await_greeting(self, process: subprocess.Popen[bytes]) -> None:
        """Loading its libraries is no document's fault, and counts in no document's time."""
        with _killed_after(SECONDS_TO_START, process):
            greeting = read_message(process.stdout) if process.stdout else None
        if greeting is None:
            self._stop()
            raise RenderingInterrupted("the rendering process did not start")

    def _start(self) -> subprocess.Popen[bytes]:
        limits = (f"--memory-mb={self.limits.memory_mb}", f"--cpu-seconds={self.limits.cpu_seconds}")
        return subprocess.Popen(  # noqa: S603 (nothing here comes from a person)
            [sys.executable, "-P", str(FIRST_FILE), f"--static={self.static}", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env=_environment(),
            start_new_session=True,  # an interrupt at the keyboard is for the worker, not for the document
        )

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            _close(pipe)
        self._process = None


def _environment() -> dict[str, str]:
    """What the process may know: where libraries and fonts are; no secret, no database."""
    known = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return known | FIXED


def _exchange(process: subprocess.Popen[bytes], job: Job) -> dict[str, Any] | None:
    if process.stdin is None or process.stdout is None:
        return None
    try:
        write_message(process.stdin, job.as_json())
        return read_message(process.stdout)
    except OSError:
        return None


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """The process does not outlive its time; the event tells whether it had to be killed."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _cause(return_code: int) -> str:
    return f"stopped by signal {-return_code}" if return_code < 0 else f"stopped with code {return_code}"


def _error(answer: dict[str, Any]) -> Exception:
    if answer["status"] == "failed":
        return RenderingInterrupted(answer["error"])
    if answer["kind"] == "characters":
        return UnsupportedCharacter(answer["details"])
    if answer["kind"] == "resources":
        return ResourceRefused(answer["details"])
    return DocumentRefused(answer["details"][0])


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # the process died with part of our message unread
