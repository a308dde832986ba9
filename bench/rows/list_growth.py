"""The office's list of a meeting of 100,000 registrations against that of 100: how much longer its first page takes.

The details say the same of the pages around it: searches, other orders, duplicates, statistics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice, repeat
from typing import Any

from sqlalchemy import insert, make_url, select

from bench.client import Tally, get, once, run
from bench.databases import say
from bench.dataset import KINDS, Site, load_meeting, scratch_site
from bench.figures import Figure, take_turns
from bench.servers import OURS, serving
from eventsapp.core.clock import now
from eventsapp.core.db import db, table_of
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration, SessionPlace
from tests.factories.accounts import make_account

SMALL, LARGE = 100, 100_000
MOST = 1.2  # times as long
ROWS_AT_ONCE = 5000
ROUNDS = 15
SECONDS = 2.0
WARM_UP_SECONDS = 3.0
OTHER_ROUNDS = 3
OTHERS = {
    "search_of_many": "?q=durand",
    "search_of_one": "?q=garnier+9",
    "by_organisation": "?tri=organisation",
    "by_date": "?tri=date",
    "active_only": "?etat=active",
    "duplicates": "/doublons",
    "statistics": "/statistiques",
}
TWINS = 50  # one registration in so many is the same person's as the one before
NAMES = ("Durand", "Lefèvre", "Élie", "Garnier", "Ndiaye", "Nguyen", "Østberg", "Kervella", "Moreau", "Zola")


def measure() -> list[Figure]:
    """Return the time of the long list's first page over that of the short one's."""
    with scratch_site() as site:
        with site.writing():
            short, long = (load_crowd(number) for number in (SMALL, LARGE))
            account = make_account(role="administrator")
        tidy(site)
        cookie = signed_in(site, account)
        paths = [f"/gestion/rencontres/{meeting.id}/inscriptions" for meeting in (short, long)]
        with serving(OURS, site.variables) as server:
            for path in paths:
                look(server.port, path, cookie, WARM_UP_SECONDS)
            pairs = take_turns(
                lambda: look(server.port, paths[1], cookie, SECONDS).rate,
                lambda: look(server.port, paths[0], cookie, SECONDS).rate,
                ROUNDS,
            )
            others = {
                name: growth(server.port, [path + more for path in paths], cookie)
                for name, more in OTHERS.items()
            }
        details = {
            "at_most": MOST,
            "others": others,
            "pages_a_second": round(pairs.value, 1),
            "pages_a_second_of_the_short_list": round(pairs.floor_value, 1),
            "database": site.variables["DATABASE_URL"].partition(":")[0].partition("+")[0],
            **pairs.spread(),
        }
    times = pairs.floor_value / pairs.value
    return [Figure("list_growth", times, f"time, {LARGE}/{SMALL}", 1.0, None, details)]


def growth(port: int, paths: Sequence[str], cookie: bytes) -> dict[str, float]:
    """Return how much longer the second meeting's page takes, and how many milliseconds."""
    for path in paths:
        look(port, path, cookie, SECONDS)
    pairs = take_turns(
        lambda: look(port, paths[1], cookie, SECONDS).rate,
        lambda: look(port, paths[0], cookie, SECONDS).rate,
        OTHER_ROUNDS,
    )
    return {"times": round(pairs.floor_value / pairs.value, 2), "milliseconds": round(1000 / pairs.value)}


def load_crowd(number: int) -> Meeting:
    """Store a meeting with that many registrations, one in twenty of them cancelled, each with its workshop."""
    meeting = load_meeting(capacity=number * 2, workshop_capacity=number)
    made = people(meeting, number)
    while rows := list(islice(made, ROWS_AT_ONCE)):
        db.session.execute(insert(table_of(Registration)), rows)
    confirmed = select(Registration.id).where(
        Registration.meeting_id == meeting.id, Registration.state == "confirmed"
    )
    workshops = [session.id for session in meeting.workshops]
    held = (
        {
            "registration_id": registration_id,
            "session_id": workshops[at % len(workshops)],
            "state": "confirmed",
            "place_number": at // len(workshops) + 1,
            "taken_at": now(),
        }
        for at, registration_id in enumerate(db.session.scalars(confirmed).all())
    )
    while rows := list(islice(held, ROWS_AT_ONCE)):
        db.session.execute(insert(table_of(SessionPlace)), rows)
    return meeting


def people(meeting: Meeting, number: int) -> Iterator[Mapping[str, Any]]:
    """Give the rows of the registrations, their names in no order."""
    for at in range(number):
        is_gone = at % 20 == 7
        is_twin = at % TWINS == TWINS - 1
        whose = at - 1 if is_twin else at
        names = ("Gwenaëlle", f"{NAMES[whose * 7 % 10]} {whose * 7919 % 10007}")
        given_name, family_name = reversed(names) if is_twin else names
        one = Registration(
            meeting_id=meeting.id,
            reference=f"{meeting.id}-{at}",
            state="cancelled" if is_gone else "confirmed",
            place_number=None if is_gone else at + 1,
            cancelled_at=now() if is_gone else None,
            given_name=given_name,
            family_name=family_name,
            email=f"personne{at}@exemple.fr",
            organisation=f"Communauté de communes de démonstration {at * 31 % 3001}",
            participant_kind=KINDS[at % len(KINDS)],
            region_code="32",
            registered_at=now() - timedelta(minutes=number - at),
        )
        one.set_keys()
        yield {name: value for name, value in vars(one).items() if not name.startswith("_")}


def tidy(site: Site) -> None:
    """Leave PostgreSQL's tables as its own housekeeping does in the minutes after such a load."""
    url = make_url(site.variables["DATABASE_URL"])
    if url.drivername.startswith("postgresql"):
        say(url, "VACUUM ANALYZE")


def signed_in(site: Site, account: Any) -> bytes:
    """Return the header of somebody's session."""
    client = site.app.test_client()
    with client.session_transaction() as session:
        session.update(account=account.id, version=account.session_version, opened_at=now().isoformat())
    cookie = client.get_cookie(site.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return f"Cookie: {cookie.key}={cookie.value}\r\n".encode()


def look(port: int, path: str, cookie: bytes, seconds: float) -> Tally:
    """Ask for the page again and again, one reader at a time."""
    request = get(path, cookie)
    return run(port, (once(request) for _ in repeat(None)), connections=1, seconds=seconds)
