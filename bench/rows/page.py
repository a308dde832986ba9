"""The public page of a meeting with six parallel workshops, against a bare Flask page, eight visitors at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from flask import Flask
from playwright.sync_api import sync_playwright

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


def measure() -> list[Figure]:
    """Return pages a second."""
    with scratch_site() as site:
        with site.writing():
            path = f"/rencontres/{load_meeting(capacity=250, workshop_capacity=40, registered=200).slug}"
        sql = count_sql(site.app, path)
        with (
            serving(OURS, site.variables) as ours,
            serving("bench.floors:bare_page()", {}) as floor,
        ):
            visited = visit(ours, path)
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
                **sql,
                **visited,
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
        "cpu_ratio": round(floor / done[1] / (ours / done[0]), 3) if ours else 0.0,
        "server_cpu_ms": round(ours / done[0] * 1000, 2),
        "floor_server_cpu_ms": round(floor / done[1] * 1000, 3),
        "client_share_of_cpu": round(client[0] / (client[0] + ours or 1), 3),
        "floor_client_share_of_cpu": round(client[1] / (client[1] + floor or 1), 3),
    }


def count_sql(app: Flask, path: str) -> dict[str, Any]:
    """Return the statements of one page, and its size."""
    client = app.test_client()
    client.get(path)
    with count_statements(app) as statements:
        page = client.get(path)
    return {"statements": len(statements), "html_kilobytes": round(len(page.data) / 1000, 1)}


def visit(server: Server, path: str) -> dict[str, Any]:
    """Return what a browser fetches at a first visit; nothing where there is no Chromium."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not browser:
        return {"requests": "no Chromium to count with"}
    sizes: list[int] = []
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = window.new_page()
        page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
        page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="networkidle")
        window.close()
    return {"requests": len(sizes), "kilobytes": round(sum(sizes) / 1000)}
