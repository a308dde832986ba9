"""The way out: sends what is due, over one connection, and writes what became of it.

Its text is made of the facts it keeps, outside any transaction. Then MAIL, RCPT, DATA → 354 → commit «sending»
with the text → journal P → text → 250 → journal A → «sent», which is written with the next message's «sending»:
one commit a message, and the journal vouches for the one not yet written.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from flask import Flask, current_app
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from eventsapp.core.clock import now
from eventsapp.mail import ledger
from eventsapp.mail.composing import Texts, compose
from eventsapp.mail.journal import Journal
from eventsapp.mail.ledger import Change
from eventsapp.mail.transport import Connection, Message, mail

BUDGET_SECONDS = 30  # then the thread is given back: documents and reminders want one too
LONGEST_REST_SECONDS = 300
RELAY_ERRORS = (smtplib.SMTPException, OSError)

log = structlog.get_logger()
Result = TypeVar("Result")


class LeaseLost(Exception):
    """Somebody else holds the message, or a person withdrew it: its text must not leave."""


@dataclass
class Relay:
    """What this process knows of the relay: connections in use, and until when to leave it alone."""

    journal: Journal
    slots: threading.BoundedSemaphore
    lease: timedelta
    failures: int = 0
    rests_until: float = 0.0
    stopping: threading.Event = field(default_factory=threading.Event)

    def rest(self) -> None:
        """Wait longer after each failure: a relay that is down costs no message an attempt."""
        self.failures += 1
        self.rests_until = time.monotonic() + min(5 * 2 ** min(self.failures, 8), LONGEST_REST_SECONDS)

    def answered(self) -> None:
        self.failures, self.rests_until = 0, 0.0


def init_app(app: Flask) -> None:
    """Prepare Flask-Mail and what this process knows of its relay."""
    mail.init_app(app)
    app.extensions["mail_relay"] = Relay(
        journal=Journal(Path(app.config["MAIL_JOURNAL"])),
        slots=threading.BoundedSemaphore(app.config["MAIL_CONNECTIONS"]),
        lease=timedelta(seconds=app.config["MAIL_LEASE_SECONDS"]),
    )


def current_relay() -> Relay:
    relay: Relay = current_app.extensions["mail_relay"]
    return relay


def sweep() -> bool:
    """Settle what crashed workers left; return whether a message is due."""
    return ledger.sweep(current_relay().journal, at=now())


def drain() -> int:
    """Send due messages until there are none, or the budget is spent; return how many were accepted.

    Returns at once when every connection is in use or the relay is being left alone.
    """
    relay = current_relay()
    if time.monotonic() < relay.rests_until or not relay.slots.acquire(blocking=False):
        return 0
    try:
        return _Round(relay).run()
    finally:
        relay.slots.release()


class _Round:
    """One drain: a lease, a connection, batches."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.lease = f"{relay.journal.identity}:{uuid4().hex}"
        self.stop_at = time.monotonic() + BUDGET_SECONDS
        self.accepted = 0
        self.unwritten: list[Change] = []  # accepted, said by the journal, not yet by the database

    def run(self) -> int:
        batch = self._claim()
        if not batch:
            return 0
        try:
            with mail.connect() as connection:
                self.relay.answered()
                while batch and not self._is_over():
                    self._send(batch, connection)
                    batch = [] if self._is_over() else self._claim()
        except RELAY_ERRORS as error:
            self.relay.rest()
            log.warning("mail_relay_unreachable", error=_words(error), failures=self.relay.failures)
            self._write_all(released=_words(error))
        else:
            self._write_all()
        return self.accepted

    def _is_over(self) -> bool:
        return time.monotonic() > self.stop_at or self.relay.stopping.is_set()

    def _claim(self) -> list[Row[Any]]:
        return patiently(lambda: ledger.claim(self.lease, at=now(), lasting=self.relay.lease))

    def _send(self, batch: list[Row[Any]], connection: Connection) -> None:
        for row in batch:
            if self._is_over():
                return
            self._send_one(row, connection)

    def _send_one(self, row: Row[Any], connection: Connection) -> None:
        try:
            texts = compose(row)
            message = _message(row, texts)
            message.as_bytes()
        except Exception as error:  # one message that cannot be built must not stop the others
            log.exception("mail_not_built", mail=row.id, error=type(error).__name__)
            self._settle(row, _failed(row, error))
        else:
            composed = texts if row.context is not None else None
            self._converse(row, message, composed, connection)

    def _converse(
        self, row: Row[Any], message: Message, composed: Texts | None, connection: Connection
    ) -> None:
        attempt, flight = row.attempts + 1, _Flight()
        self._arm(connection, row.id, attempt, composed, flight)
        try:
            connection.send(message)
        except LeaseLost:
            connection.reopen()
        except smtplib.SMTPSenderRefused as error:  # our own settings are wrong, not this address
            self._settle_refusal(row, attempt, 450, f"{error.smtp_code} {_decoded(error.smtp_error)}")
        except smtplib.SMTPResponseException as error:
            self._settle_refusal(row, attempt, error.smtp_code, error.smtp_error)
        except smtplib.SMTPRecipientsRefused as error:
            self._settle_refusal(row, attempt, *next(iter(error.recipients.values())))
        except smtplib.SMTPNotSupportedError as error:
            self._settle(row, _failed(row, error))
        except RELAY_ERRORS as error:
            is_worn = connection.num_emails > 0 and not flight.has_left
            if is_worn:  # relays close a connection when they please: that is not this message's attempt
                connection.reopen()
                self._converse(row, message, composed, connection)
            else:
                self._settle_break(row, attempt, error, has_left=flight.has_left)
                connection.reopen()
        else:
            self.accepted += 1
            self.unwritten.append(Change(row.id, ledger.sent(now(), "250")))

    def _arm(
        self, connection: Connection, mail_id: int, attempt: int, composed: Texts | None, flight: _Flight
    ) -> None:
        journal = self.relay.journal

        def before_payload() -> None:
            self._mark_sending(mail_id, composed)
            journal.text_leaves(mail_id, attempt)
            flight.has_left = True

        if connection.host is not None:
            connection.host.before_payload = before_payload
            connection.host.after_accept = lambda: journal.accepted(mail_id, attempt)

    def _mark_sending(self, mail_id: int, composed: Texts | None) -> None:
        settled, lasting = list(self.unwritten), self.relay.lease
        is_ours = patiently(
            lambda: ledger.mark_sending(
                mail_id, self.lease, at=now(), lasting=lasting, composed=composed, settled=settled
            )
        )
        self.unwritten.clear()
        if not is_ours:
            raise LeaseLost(mail_id)

    def _settle_refusal(self, row: Row[Any], attempt: int, code: int, reply: bytes | str) -> None:
        words = _one_line(f"{code} {_decoded(reply)}")
        self._settle(row, ledger.refused(attempt, code=code, reply=words, at=now()))

    def _settle_break(self, row: Row[Any], attempt: int, error: Exception, *, has_left: bool) -> None:
        if has_left:
            values = ledger.undecided(row.purpose, attempt, reply=_words(error), at=now())
        else:
            values = ledger.again_later(attempt, reply=_words(error), at=now())
        self._settle(row, values)

    def _settle(self, row: Row[Any], values: dict[str, Any]) -> None:
        changes = [*self.unwritten, Change(row.id, values)]
        patiently(lambda: ledger.settle(changes, self.lease))
        self.unwritten.clear()

    def _write_all(self, released: str | None = None) -> None:
        if self.unwritten:
            patiently(lambda: ledger.settle(self.unwritten, self.lease))
        patiently(lambda: ledger.release(self.lease, reply=released))


@dataclass
class _Flight:
    has_left: bool = False


def patiently(act: Callable[[], Result], *, seconds: float = 60) -> Result:
    """Do it again while the database is away: what is known must not be forgotten for a restart of it."""
    give_up_at, wait = time.monotonic() + seconds, 0.05
    while True:
        try:
            return act()
        except DBAPIError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(wait)
            wait = min(wait * 2, 2.0)


def _message(row: Row[Any], texts: Texts) -> Message:
    return Message(
        subject=row.subject,
        recipient=row.recipient,
        recipient_name=row.recipient_name,
        body=texts.body_text,
        html=texts.body_html,
        message_id=row.message_id,
        reply_to=row.reply_to,
        unsubscribe_url=row.unsubscribe_url,
        calendar=texts.calendar,
        calendar_method=row.calendar_method,
    )


def _failed(row: Row[Any], error: Exception) -> dict[str, Any]:
    return {"state": "failed", "attempts": row.attempts + 1, "server_reply": _words(error)}


def _decoded(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply


def _words(error: Exception) -> str:
    return _one_line(f"{type(error).__name__}: {error}")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
