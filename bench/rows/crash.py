"""kill -9 in the middle of a storm: of web processes, then of PostgreSQL. What was acknowledged is there, whole.

A request whose answer never came may have been carried out or not, but not by half: a registration has its
message, a message its registration, a place its holder.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlencode

from bench.clusters import NoCluster, private_cluster
from bench.dataset import scratch_site
from bench.figures import BrokenPromise, Figure
from bench.rows.registration import Visits
from bench.servers import OURS, Server, serving
from bench.storm import ATTEMPTS, LEAVING, Storm, audit, prepare
from eventsapp.core.db import db

AT_ONCE = 16
WEB_KILLS = 6
DATABASE_KILLS = 2
REST = 0.5  # seconds before the next visitor, after one whose request was cut off
PAUSE = 0.4  # seconds between two kills, so that they fall among requests


def measure() -> list[Figure]:
    """Return how many registrations were acknowledged and are whole; raise BrokenPromise otherwise.

    The first storm is on the database that DATABASE_URL names; the second, on a PostgreSQL of its own.
    """
    with scratch_site() as site, serving(OURS, site.variables) as server:
        storm = prepare(site, server.port, of_workshop=False)
        web = _figure("race_crash_web", storm, WEB_KILLS, lambda: _kill_one_process(server))
    try:
        return [web, _crash_database()]
    except NoCluster as reason:
        print(f"race_crash_database is left out: {reason}", file=sys.stderr, flush=True)
        return [web]


def _crash_database() -> Figure:
    with private_cluster() as cluster, _database(cluster.url), scratch_site() as site:

        def crash() -> None:
            cluster.kill()
            cluster.start()

        with serving(OURS, site.variables) as server:
            storm = prepare(site, server.port, of_workshop=False)
            found = _figure("race_crash_database", storm, DATABASE_KILLS, crash)
    return found


@contextmanager
def _database(url: str) -> Iterator[None]:
    with patch.dict(os.environ, {"DATABASE_URL": url}):
        yield


def _figure(row: str, storm: Storm, kills: int, kill: Callable[[], None]) -> Figure:
    answers = _storm(storm, kills, kill)
    with storm.site.app.app_context():
        db.engine.dispose()  # connections to a server that is dead
    found = audit(storm)
    if not storm.registered or not answers["unknown"]:
        raise BrokenPromise(f"{row}: nothing was cut off, or nothing went through ({answers})")
    details = {"kills": kills, "requests": ATTEMPTS + LEAVING, **answers, "left": found}
    return Figure(row, len(storm.registered), "acknowledged", ATTEMPTS, None, details)


def _storm(storm: Storm, kills: int, kill: Callable[[], None]) -> dict[str, int]:
    """Send everybody, sixteen at a time, killing meanwhile; return how requests ended."""
    visits = Visits(storm.slug, [0])
    visits.enter(storm.port)
    ends: list[str] = []
    over = threading.Event()

    def register(answers: dict[str, str]) -> None:
        end = _send(
            storm.port, f"{visits.start}/confirmation", {"csrf_token": visits.token, **answers}, visits
        )
        ends.append(end)
        if end == "acknowledged":
            storm.registered.append(answers["email"])

    def leave(token: str) -> None:
        path = f"/mon-inscription/{token}/annulation"
        ends.append(_send(storm.port, path, {"csrf_token": visits.token}, visits))

    def kill_now_and_then() -> None:
        for _kill in range(kills):
            if over.wait(PAUSE):
                return
            kill()

    killer = threading.Thread(target=kill_now_and_then)
    orders: list[Callable[[], None]] = [_bound(register, visits.answers()) for _number in range(ATTEMPTS)]
    orders += [_bound(leave, token) for token in storm.leaving]
    random.Random(1).shuffle(orders)
    killer.start()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        for done in [crowd.submit(order) for order in orders]:
            done.result()
    over.set()
    killer.join()
    return {end: ends.count(end) for end in ("acknowledged", "refused", "unknown")}


def _bound(
    act: Callable[[dict[str, str]], None] | Callable[[str], None], value: object
) -> Callable[[], None]:
    return lambda: act(value)  # type: ignore[arg-type]


def _send(port: int, path: str, fields: dict[str, str], visits: Visits) -> str:
    """Send one request, once; «unknown» when no answer came, or one that says the server could not."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": visits.cookies.decode()}
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
    except (OSError, HTTPException):
        return _nothing_known()
    if answer.status == 303:
        return "acknowledged"
    return _nothing_known() if answer.status >= 500 else "refused"


def _nothing_known() -> str:
    time.sleep(REST)  # the storm is not to be over before what was killed is back
    return "unknown"


def _kill_one_process(server: Server) -> None:
    """One of the web processes is gone; the master starts another."""
    children = [int(p.name) for p in Path("/proc").glob("[0-9]*") if _parent_of(p) == server.group]
    if children:
        os.kill(random.choice(children), signal.SIGKILL)


def _parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0
