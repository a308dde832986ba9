"""Confirmations sent from the outbox, against the same texts handed to the same relay by smtplib on one connection."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from bench.dataset import Site, load_meeting, scratch_site
from bench.figures import BrokenPromise, Figure, take_turns
from bench.servers import free_port, stop_group
from config import ROOT
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.drain import drain
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.transport import Message
from eventsapp.registrations.mails import queue_confirmation
from eventsapp.registrations.queries import active_registrations

MAILS = 200
ROUNDS = 7


def measure() -> list[Figure]:
    """Return mails a second; raise BrokenPromise unless each reached the relay once."""
    with (
        TemporaryDirectory() as folder,
        sinking(f"{folder}/accepted") as port,
        scratch_site(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_CONNECTIONS=1) as site,
    ):
        with site.writing():
            meeting_id = load_meeting(capacity=None, workshop_capacity=None, registered=MAILS).id
        queue(site, meeting_id, 0)
        payloads = texts(site)
        send_all(site)  # opens connections, compiles templates: not measured

        turns = iter(range(1, ROUNDS + 1))

        def ours() -> float:
            queue(site, meeting_id, next(turns))
            return rate_of(lambda: send_all(site))

        pairs = take_turns(ours, lambda: rate_of(lambda: send_raw(port, payloads)), ROUNDS)
        _require_each_once(site, Path(f"{folder}/accepted"))
    size = round(sum(map(len, payloads)) / len(payloads))
    details = {**pairs.spread(), "mails_a_round": MAILS, "bytes_a_mail": size}
    return [Figure("drain", pairs.value, "mails/s", pairs.floor_value, None, details)]


@contextmanager
def sinking(path: str) -> Iterator[int]:
    """Give the port of a relay that accepts everything."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sink", str(port), path], cwd=ROOT, start_new_session=True
    )
    try:
        _await_greeting(port)
        yield port
    finally:
        stop_group(process)


def _await_greeting(port: int) -> None:
    for _attempt in range(300):
        try:
            smtplib.SMTP("127.0.0.1", port, local_hostname="bench").quit()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the mail sink did not start")


def queue(site: Site, meeting_id: int, turn: int) -> None:
    """Everybody registered is sent the confirmation once more."""
    with site.writing():
        for registration in active_registrations(meeting_id):
            sessions = [place.session for place in registration.places]
            at = now() - timedelta(hours=1) + timedelta(seconds=turn)
            queue_confirmation(registration, registration.meeting, sessions, at=at, again=True)


def send_all(site: Site) -> None:
    with site.app.app_context():
        while drain():
            pass


def texts(site: Site) -> list[bytes]:
    """Return the queued messages as the relay would receive them."""
    whole = [
        undefer(getattr(OutgoingMail, name)) for name in ("context", "body_text", "body_html", "calendar")
    ]
    with site.app.app_context():
        return [
            _message(mail).as_bytes() for mail in db.session.scalars(select(OutgoingMail).options(*whole))
        ]


def _message(mail: OutgoingMail) -> Message:
    texts = compose(mail)
    return Message(
        subject=mail.subject,
        recipient=mail.recipient,
        recipient_name=mail.recipient_name,
        body=texts.body_text,
        html=texts.body_html,
        message_id="<floor@bench>",
        reply_to=mail.reply_to,
        calendar=texts.calendar,
        calendar_method=mail.calendar_method,
    )


def send_raw(port: int, payloads: Sequence[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as connection:
        for payload in payloads:
            connection.sendmail("a@rencontres.example", ["b@rencontres.example"], payload)


def rate_of(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return MAILS / (time.perf_counter() - began)


def _require_each_once(site: Site, accepted: Path) -> None:
    with site.app.app_context():
        sent = db.session.scalar(select(func.count()).where(OutgoingMail.state == "sent"))
    names = [name for name in accepted.read_text().split() if name != "<floor@bench>"]
    expected = MAILS * (ROUNDS + 1)
    if (sent, len(names), len(set(names))) != (expected, expected, expected):
        raise BrokenPromise(
            f"{expected} queued, {sent} marked sent, {len(names)} received, {len(set(names))} distinct"
        )
