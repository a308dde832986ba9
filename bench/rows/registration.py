"""Registering for a workshop, against one INSERT and its durable COMMIT in the same kind of server and database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from itertools import count
from typing import Any

from bench.client import Script, Tally, expect, get, once, post, run
from bench.databases import scratch_database
from bench.dataset import Site, answers_of, load_meeting, scratch_site, stored_for
from bench.figures import BrokenPromise, Figure, take_turns
from bench.floors import URL, make_table
from bench.least import SLUG
from bench.least import URL as LEAST_URL
from bench.least import make_tables as make_least
from bench.rows.page import cpu_details
from bench.servers import OURS, Server, serving

VISITORS = 8
ROUNDS = 9
SECONDS = 2.5
WARM_UP_SECONDS = 4.0
UNIT = "registrations/s"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_numbers = count(1)


class Visits:
    """People who register for the meeting; each knows the answers they give."""

    def __init__(self, slug: str, workshops: list[int]) -> None:
        self.start = f"/rencontres/{slug}/inscription"
        self.workshops = workshops
        self.cookies, self.token = b"", ""

    def flow(self) -> Script:
        """Details, workshops, check, confirmation: every page posts what it carries, as a browser does."""
        answers = answers_of(next(_numbers), self.workshops)
        choice = {"creneau_1": answers.pop("creneau_1")}
        page = expect((yield get(self.start)), 200)
        cookies = page.cookies
        page = expect((yield post(f"{self.start}/ateliers", _carried(page.body) | answers, cookies)), 200)
        page = expect((yield post(f"{self.start}/verification", _carried(page.body) | choice, cookies)), 200)
        expect((yield post(f"{self.start}/confirmation", _carried(page.body), cookies)), 303)

    def enter(self, port: int) -> None:
        """Open the form once: the page shown makes final POSTs possible."""
        seen: list[Any] = []

        def look() -> Script:
            page = expect((yield get(self.start)), 200)
            seen.extend((page.cookies, _token(page.body)))

        run(port, iter([look()]), connections=1)
        self.cookies, self.token = seen

    def answers(self) -> dict[str, str]:
        """Return the answers of one more person."""
        return answers_of(next(_numbers), self.workshops)

    def arrive(self, port: int) -> Callable[[], bytes]:
        """Open the form once and return what makes final POSTs."""
        self.enter(port)

        def submit() -> bytes:
            fields = {"csrf_token": self.token, **self.answers()}
            return post(f"{self.start}/confirmation", fields, self.cookies)

        return submit


def _carried(body: bytes) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(body.decode())}


def _token(body: bytes) -> str:
    return _carried(body)["csrf_token"]


def measure_flow() -> list[Figure]:
    """Return whole registrations a second, from the first GET to the commit with its mail queued."""
    return [_measure("registration", 0.08, lambda visits, _port: visits.flow)]


def measure_post() -> list[Figure]:
    """Return final POSTs a second."""
    return [_measure("registration_post", 0.20, _final_posts)]


def measure_least() -> list[Figure]:
    """Return final POSTs a second of the least application with the same packages: how far ours could go."""
    with ExitStack() as stack:
        url = stack.enter_context(scratch_database("least"))
        make_least(url)
        least = stack.enter_context(serving("bench.least:least_registration()", {LEAST_URL: url}))
        floor = stack.enter_context(committing())
        script = _final_posts(Visits(SLUG, [1]), least.port)
        for server, what in ((least, script), (floor, insert)):
            _load(server, what, WARM_UP_SECONDS)
        pairs = take_turns(
            lambda: _load(least, script, SECONDS).rate, lambda: _load(floor, insert, SECONDS).rate, ROUNDS
        )
    details = {"database": url.partition(":")[0].partition("+")[0], **pairs.spread()}
    return [Figure("registration_least", pairs.value, UNIT, pairs.floor_value, None, details)]


def _final_posts(visits: Visits, port: int) -> Callable[[], Script]:
    submit = visits.arrive(port)
    return lambda: once(submit(), 303)


def _measure(row: str, bar: float, prepare: Callable[[Visits, int], Callable[[], Script]]) -> Figure:
    with ExitStack() as stack:
        site = stack.enter_context(scratch_site())
        with site.writing():
            meeting = load_meeting(capacity=None, workshop_capacity=100_000)
            visits = Visits(meeting.slug, [session.id for session in meeting.workshops])
        ours = stack.enter_context(serving(OURS, site.variables))
        floor = stack.enter_context(committing())
        script = prepare(visits, ours.port)
        tallies = [_load(server, what, WARM_UP_SECONDS) for server, what in ((ours, script), (floor, insert))]
        sides: list[list[Tally]] = [[], []]
        cpu = ours.cpu_seconds(), floor.cpu_seconds()
        pairs = take_turns(
            lambda: _kept(sides[0], _load(ours, script, SECONDS)),
            lambda: _kept(sides[1], _load(floor, insert, SECONDS)),
            ROUNDS,
        )
        details = {
            "database": site.variables["DATABASE_URL"].partition(":")[0].partition("+")[0],
            **pairs.spread(),
            **cpu_details(sides, ours.cpu_seconds() - cpu[0], floor.cpu_seconds() - cpu[1]),
        }
        _require_all_stored(site, meeting.id, tallies[0].done + sum(tally.done for tally in sides[0]))
    return Figure(row, pairs.value, UNIT, pairs.floor_value, bar, details)


def _require_all_stored(site: Site, meeting_id: int, acknowledged: int) -> None:
    with site.app.app_context():
        stored = stored_for(meeting_id)
    if (stored.registrations, stored.confirmations) != (acknowledged, acknowledged):
        raise BrokenPromise(f"{acknowledged} registrations were acknowledged, the database holds {stored}")


@contextmanager
def committing() -> Iterator[Server]:
    """Give the floor: a server whose only view inserts a row and commits."""
    with scratch_database("floor") as url:
        make_table(url)
        with serving("bench.floors:bare_commit()", {URL: url}) as server:
            yield server


def insert() -> Script:
    return once(post("/", {"email": f"personne{next(_numbers)}@exemple.fr"}), 201)


def _load(server: Server, script: Callable[[], Script], seconds: float) -> Tally:
    return run(server.port, _endless(script), connections=VISITORS, seconds=seconds)


def _endless(script: Callable[[], Script]) -> Iterator[Script]:
    while True:
        yield script()


def _kept(tallies: list[Tally], tally: Tally) -> float:
    tallies.append(tally)
    return tally.rate
