"""``python -m bench [row …]``: JSON lines on stdout, progress and the table on stderr."""

from __future__ import annotations

import os
import signal
import sys
import time

from bench.catalogue import ROWS, chosen
from bench.figures import BrokenPromise, Figure, table


def main(names: list[str]) -> int:
    """Measure the rows; 1 when a promise was broken, 64 when a row is unknown."""
    try:
        rows = chosen(names)
    except KeyError as unknown:
        say(f"unknown row {unknown}; the rows are: {', '.join(ROWS)}")
        return 64
    figures: list[Figure] = []
    failures: list[str] = []
    for name, measure in rows.items():
        began = time.monotonic()
        try:
            found = measure()
        except BrokenPromise as broken:
            failures.append(f"{name}: {broken}")
            say(f"FAILED {failures[-1]}")
            continue
        figures += found
        print("\n".join(figure.as_json() for figure in found), flush=True)
        say(f"{name}: {time.monotonic() - began:.0f} s, load average {os.getloadavg()[0]:.1f}")
    say(table(figures))
    for failure in failures:
        say(f"FAILED {failure}")
    return 1 if failures else 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stop_cleanly(_signal: int, _frame: object) -> None:
    """Let servers be stopped and scratch databases dropped on the way out."""
    sys.exit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop_cleanly)
    sys.exit(main(sys.argv[1:]))
