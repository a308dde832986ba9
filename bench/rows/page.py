"""The public page of a meeting with six parallel workshops, against a bare Flask page, eight visitors at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from flask import Flask

from bench.client import Tally, get, once, run
from bench.dataset import load_meeting, scratch_site
from bench.figures import Figure, take_turns
from bench.servers import OURS, Server, serving
from tests.statements import count_statements

VISITORS = 8
ROUNDS = 9
SECONDS = 2.0
WARM_UP_SECONDS = 4.0
BAR = 0.05
_FETCHED = re.compile(
    r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"|<use href="(/static/[^"#]+)'
)
_FONT = re.compile(r'url\("([^"]+\.woff2[^"]*)"\)')


def measure() -> list[Figure]:
    """Return pages a second."""
    with scratch_site() as site:
        with site.writing():
            path = f"/rencontres/{load_meeting(capacity=250, workshop_capacity=40, registered=200).slug}"
        weight = weigh(site.app, path)
        with (
            serving(OURS, site.variables) as ours,
            serving("bench.floors:bare_page()", {}) as floor,
        ):
            for server, at in ((ours, path), (floor, "/")):
                load(server, at, WARM_UP_SECONDS)
            cpu = ours.cpu_seconds(), floor.cpu_seconds()
            tallies: list[list[Tally]] = [[], []]
            pairs = take_turns(
                lambda: _kept(tallies[0], load(ours, path, SECONDS)),
                lambda: _kept(tallies[1], load(floor, "/", SECONDS)),
                ROUNDS,
            )
            details = {
                **pairs.spread(),
                **weight,
                **cpu_details(tallies, ours.cpu_seconds() - cpu[0], floor.cpu_seconds() - cpu[1]),
            }
    return [Figure("page", pairs.value, "pages/s", pairs.floor_value, BAR, details)]


def load(server: Server, path: str, seconds: float) -> Tally:
    return run(server.port, pages(path), connections=VISITORS, seconds=seconds)


def pages(path: str) -> Iterator[Any]:
    request = get(path, b"Accept-Encoding: gzip\r\n")
    return (once(request) for _ in repeat(None))


def _kept(tallies: list[Tally], tally: Tally) -> float:
    tallies.append(tally)
    return tally.rate


def cpu_details(tallies: list[list[Tally]], ours: float, floor: float) -> dict[str, Any]:
    """Return processor time a unit, which other users of the machine disturb less than rates, and the client's share."""
    done = [sum(tally.done for tally in side) or 1 for side in tallies]
    client = [sum(tally.client_cpu for tally in side) for side in tallies]
    return {
        "server_cpu_ms": round(ours / done[0] * 1000, 2),
        "floor_server_cpu_ms": round(floor / done[1] * 1000, 3),
        "client_share_of_cpu": round(client[0] / (client[0] + ours or 1), 3),
        "floor_client_share_of_cpu": round(client[1] / (client[1] + floor or 1), 3),
    }


def weigh(app: Flask, path: str) -> dict[str, Any]:
    """Return what one visit costs at most: statements, requests, bytes as sent (every font counted)."""
    client, accepted = app.test_client(), {"Accept-Encoding": "gzip"}
    client.get(path)
    with count_statements(app) as statements:
        page = client.get(path, headers=accepted)
    html = page.get_data(as_text=True)
    found = {first or second for first, second in _FETCHED.findall(html)}
    css = client.get(next(url for url in found if "app.css" in url)).get_data(as_text=True)
    found |= set(_FONT.findall(css))
    sizes = {url: len(client.get(url, headers=accepted).data) for url in found}
    return {
        "statements": len(statements),
        "requests_at_most": 1 + len(found),
        "kilobytes_at_most": round((len(page.data) + sum(sizes.values())) / 1000),
        "html_kilobytes": round(len(page.data) / 1000, 1),
    }
