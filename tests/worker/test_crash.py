"""kill -9 of the worker, again and again: nothing lost, nothing sent twice, every doubt counted.

Messages wait as they are queued, without a text: kills fall between claim, composition and sending.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine, func, insert, select

from config import ROOT
from eventsapp.cli.serve import worker_command
from eventsapp.core.clock import now
from eventsapp.mail.ledger import TABLE

MAILS, KILLS = 200, 5
FACTS = {
    "meeting": {"title": "Essai", "place": "", "time_zone": "Europe/Paris"}
    | {name: {"$instant": "2027-05-20T07:00:00+00:00"} for name in ("starts_at", "ends_at")},
    "registration": {"full_name": "Camille Exemple", "reference": "K7RM-3XQA"},
    "sessions": [],
    "url": "https://exemple.example/",
}
WAITING = ("queued", "claimed", "sending")


class CountingRelay:
    def __init__(self):
        self.kept = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        assert b"K7RM-3XQA" in envelope.content
        self.kept[envelope.rcpt_tos[0]] += 1
        return "250 Kept"


def row(number):
    return {
        "occasion_key": f"reminder:{number}",
        "purpose": "reminder",
        "recipient": f"p{number}@exemple.example",
        "recipient_name": "",
        "subject": "Rappel",
        "template": "registrations/mail/personal_link",
        "context": json.dumps(FACTS),
        "priority": 5,
        "state": "queued",
        "attempts": 0,
        "queued_at": now(),
        "due_at": now(),
        "message_id": f"<{number}@exemple.example>",
    }


@pytest.fixture
def relay(environment):
    relay = CountingRelay()
    controller = Controller(relay, hostname="127.0.0.1", port=int(environment["MAIL_PORT"]))
    controller.start()
    yield relay
    controller.stop()


@pytest.fixture
def engine(environment):
    engine = create_engine(environment["DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_five_kills_lose_nothing_and_repeat_nothing(app, environment, relay, engine, running):
    with engine.begin() as connection:
        connection.execute(insert(TABLE), [row(number) for number in range(MAILS)])

    def start():
        running.append(
            subprocess.Popen(worker_command(app.config), cwd=ROOT, env=environment, start_new_session=True)
        )

    def wait_until(condition, seconds):
        stop = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < stop, f"{len(relay.kept)} of {MAILS} after {seconds} s"
            time.sleep(0.01)

    def is_settled():
        with engine.connect() as connection:
            waiting = select(func.count()).select_from(TABLE).where(TABLE.c.state.in_(WAITING))
            return connection.scalar(waiting) == 0

    for _ in range(KILLS):
        begun = len(relay.kept)
        start()
        wait_until(lambda begun=begun: len(relay.kept) >= min(begun + 15, MAILS), 60)
        time.sleep(random.uniform(0, 0.1))  # noqa: S311
        running[-1].send_signal(signal.SIGKILL)
        running[-1].wait()
    start()
    wait_until(is_settled, 90)
    running[-1].send_signal(signal.SIGTERM)
    assert running[-1].wait(30) == 0

    with engine.connect() as connection:
        states = dict(connection.execute(select(TABLE.c.recipient, TABLE.c.state)).all())
    doubtful = {recipient for recipient, state in states.items() if state == "doubtful"}
    assert {recipient for recipient in states if recipient not in relay.kept} <= doubtful  # 0 lost
    assert [recipient for recipient, times in relay.kept.items() if times > 1] == []  # 0 twice
    assert len(doubtful) <= KILLS * app.config["MAIL_CONNECTIONS"]
    assert set(states.values()) <= {"sent", "doubtful"}
