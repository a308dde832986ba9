"""What this machine knows about messages in flight, written without the database.

One line as the text leaves (P), one as soon as the relay has accepted it (A). A written line outlives
``kill -9`` of the process (the system has it), so after a crash: A, it was sent; no line, it was not;
P alone, nobody can know. A power cut may lose the last lines: then nobody can know either.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from functools import cached_property
from pathlib import Path

ROTATED_ABOVE = 4_000_000  # bytes; about 80,000 messages


class Verdict(Enum):
    """What the journal says of an attempt that was interrupted."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


class Journal:
    """The journal of one machine, shared by its processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._previous = path.with_name(path.name + ".1")

    @cached_property
    def identity(self) -> str:
        """The name of this journal, which begins the leases it can settle."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return _identity(self._path.with_name(self._path.name + ".id"))

    def text_leaves(self, mail_id: int, attempt: int) -> None:
        self._write(f"P {mail_id} {attempt}\n")

    def accepted(self, mail_id: int, attempt: int) -> None:
        self._write(f"A {mail_id} {attempt}\n")

    def verdicts(self, attempts: Iterable[tuple[int, int]]) -> dict[int, Verdict]:
        """Return, by message, what is known of these (message, attempt)."""
        wanted = list(attempts)
        lines = self._lines_among({f"{kind} {i} {n}" for kind in "PA" for i, n in wanted})
        return {
            i: Verdict.SENT
            if f"A {i} {n}" in lines
            else Verdict.UNKNOWN
            if f"P {i} {n}" in lines
            else Verdict.NOT_SENT
            for i, n in wanted
        }

    def rotate(self) -> None:
        """Put a long journal aside; what it says is still read until the next time."""
        with suppress(FileNotFoundError):
            if self._path.stat().st_size > ROTATED_ABOVE:
                self._path.replace(self._previous)

    def _write(self, line: str) -> None:
        # Opened each time: another process may have put the file aside. O_APPEND: lines never mix.
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def _lines_among(self, wanted: set[str]) -> set[str]:
        found: set[str] = set()
        for path in (self._previous, self._path):
            with suppress(FileNotFoundError), path.open() as lines:
                found.update(line for raw in lines if (line := raw.rstrip("\n")) in wanted)
        return found


def _identity(path: Path) -> str:
    """Return the name of this journal, made once: a machine may change its own name, a container does."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.write_text(secrets.token_hex(8))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
