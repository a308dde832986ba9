"""Four hundred people at once for fifty places, through four processes: never one too many, never one lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from bench.client import Script, expect, run
from bench.dataset import Site, load_meeting, scratch_site, stored_for
from bench.figures import BrokenPromise, Figure
from bench.rows.registration import Visits, committing, insert
from bench.servers import OURS, PROCESSES, serving
from eventsapp.core.db import db
from eventsapp.registrations.models import Registration

ATTEMPTS = 400
PLACES = 50
REPEATS = 3


def measure() -> list[Figure]:
    """Return attempts answered a second; raise BrokenPromise unless accepted, stored and mails are 50 each time."""
    with scratch_site() as site, serving(OURS, site.variables) as ours, committing() as floor:
        rates, floors, seen = [], [], []
        for _repeat in range(REPEATS):
            rate, counts = _race(site, ours.port)
            rates.append(rate)
            seen.append(counts)
            floors.append(run(floor.port, (insert() for _ in range(ATTEMPTS)), connections=ATTEMPTS).rate)
    details = {"attempts": ATTEMPTS, "places": PLACES, "processes": PROCESSES, "races": seen}
    return [
        Figure("race", sorted(rates)[REPEATS // 2], "attempts/s", sorted(floors)[REPEATS // 2], None, details)
    ]


def _race(site: Site, port: int) -> tuple[float, dict[str, int]]:
    with site.writing():
        meeting = load_meeting(capacity=PLACES, workshop_capacity=None)
        visits = Visits(meeting.slug, [session.id for session in meeting.workshops])
    submit = visits.arrive(port)
    answers: Counter[str] = Counter()
    began = time.monotonic()
    run(port, _attempts(submit, answers), connections=ATTEMPTS)
    rate = ATTEMPTS / (time.monotonic() - began)
    counts = {"accepted": answers["accepted"], **_stored(site, meeting.id)}
    _require(counts, answers)
    return rate, counts


def _attempts(submit: Any, answers: Counter[str]) -> Iterator[Script]:
    return (_attempt(submit(), answers) for _ in range(ATTEMPTS))


def _attempt(request: bytes, answers: Counter[str]) -> Script:
    answer = yield request
    if answer.status not in (303, 409, 422):
        expect(answer, 303)
    answers["accepted" if answer.status == 303 else "refused"] += 1


def _stored(site: Site, meeting_id: int) -> dict[str, int]:
    numbers = select(func.count(func.distinct(Registration.place_number))).where(
        Registration.meeting_id == meeting_id
    )
    with site.app.app_context():
        stored, distinct = stored_for(meeting_id), db.session.scalar(numbers) or 0
    return {"stored": stored.registrations, "distinct_places": distinct, "mails": stored.confirmations}


def _require(counts: dict[str, int], answers: Counter[str]) -> None:
    if set(counts.values()) != {PLACES} or answers.total() != ATTEMPTS:
        raise BrokenPromise(f"{ATTEMPTS} attempts at {PLACES} places gave {counts}, answers {dict(answers)}")
