"""Four hundred people at once for fifty places, through four processes, while others leave and answer offers.

Never one place too many, at the meeting (``race``) and in a workshop (``race_workshop``); ``race_control`` takes
the protection out and must fail the same audit. BENCH_RACES says how many races: 3 unless told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from sqlalchemy import text

from bench.client import run
from bench.dataset import Site, scratch_site
from bench.figures import BrokenPromise, Figure
from bench.rows.registration import committing, insert
from bench.servers import OURS, PROCESSES, Server, serving
from bench.storm import ATTEMPTS, PLACES, Storm, audit, prepare, taken_numbers
from eventsapp.core.db import db

UNPROTECTED = "bench.unprotected:make_app()"
RACES = "BENCH_RACES"
SECONDS = (
    200.0  # no race but the first begins later: the row ends within five minutes, unless races were asked for
)


def measure_meeting() -> list[Figure]:
    """Return attempts answered a second; raise BrokenPromise when the audit of one race finds anything."""
    return [_measure("race", of_workshop=False)]


def measure_workshop() -> list[Figure]:
    """The same for the places of one workshop."""
    return [_measure("race_workshop", of_workshop=True)]


def measure_control() -> list[Figure]:
    """Return what the audit finds once the locks are out; raise BrokenPromise when it finds nothing."""
    with scratch_site() as site:
        _drop_last_defence(site)
        with serving(UNPROTECTED, site.variables) as server:
            storm = prepare(site, server.port, of_workshop=False)
            try:
                _race(storm)
                audit(storm)
            except BrokenPromise as found:
                with site.app.app_context():
                    given = len(taken_numbers(storm))
                details = {"found": str(found)[:500], "database": _kind(site)}
                return [Figure("race_control", given, "places given", PLACES, None, details)]
    raise BrokenPromise("without the locks the audit found nothing: it proves nothing")


def _measure(row: str, *, of_workshop: bool) -> Figure:
    races, asked = [], os.environ.get(RACES)
    began = time.monotonic()
    with scratch_site() as site, serving(OURS, site.variables) as ours:
        for number in range(int(asked or 3)):
            if number and not asked and time.monotonic() - began > SECONDS:
                break
            races.append(_one(site, ours, of_workshop))
        kind = _kind(site)
    with committing() as floor:
        below = run(floor.port, (insert() for _ in range(ATTEMPTS)), connections=ATTEMPTS).rate
    rates = sorted(rate for rate, _found in races)
    details = {
        "database": kind,
        "attempts": ATTEMPTS,
        "places": PLACES,
        "processes": PROCESSES,
        "races": len(races),
        "last": races[-1][1],
    }
    return Figure(row, rates[len(rates) // 2], "attempts/s", below, None, details)


def _one(site: Site, server: Server, of_workshop: bool) -> tuple[float, dict[str, int]]:
    storm = prepare(site, server.port, of_workshop=of_workshop)
    seconds = _race(storm)
    return ATTEMPTS / seconds, audit(storm)


def _race(storm: Storm) -> float:
    scripts = storm.scripts()
    began = time.monotonic()
    run(storm.port, iter(scripts), connections=ATTEMPTS)
    return time.monotonic() - began


def _drop_last_defence(site: Site) -> None:
    """The control shows what the locks do, not what the unique constraints behind them catch."""
    with site.app.app_context():
        if db.engine.dialect.name != "postgresql":
            return
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE registration DROP CONSTRAINT uq_registration_place_number"))


def _kind(site: Site) -> str:
    return site.variables["DATABASE_URL"].partition(":")[0].partition("+")[0]


MEASURES: dict[str, Callable[[], list[Figure]]] = {
    "race": measure_meeting,
    "race_workshop": measure_workshop,
    "race_control": measure_control,
}
