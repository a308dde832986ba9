"""What the worker does, again and again. A task reads a ledger: doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from eventsapp.accounts.services.signing_in import erase_old_attempts
from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from eventsapp.invitations.services.imports import erase_expired_files
from eventsapp.invitations.services.retention import erase_old_invitations
from eventsapp.mail import drain as mail_drain
from eventsapp.mail.services import erase_old_mail
from eventsapp.pdf.orders import erase_expired_documents, render_due_orders
from eventsapp.registrations.questions.services.retention import erase_old_answers
from eventsapp.registrations.services import bulk
from eventsapp.registrations.services.answering import expire_due_offers
from eventsapp.registrations.services.bulk import erase_old_batches
from eventsapp.registrations.services.retention import (
    erase_old_needs,
    erase_old_registrations,
    erase_undecided_requests,
    erase_unproved_registrations,
)
from eventsapp.reminders.services import plan_due_reminders
from eventsapp.worker.hints import hint_drains

DOCUMENTS_AT_ONCE = 5  # then the thread is given back: messages want one too


@dataclass(frozen=True)
class Work:
    """A function the worker runs: how often on one machine, and with several workers."""

    run: Callable[[], object]
    queue: str
    alone: timedelta | None = None
    among_others: timedelta | None = None
    hands: int | None = 1  # at the same time in one process; None: as many as connections to the relay

    @property
    def name(self) -> str:
        return f"rencontres.{self.run.__name__}"

    def period(self, *, is_alone: bool) -> timedelta | None:
        return self.alone if is_alone else self.among_others or self.alone


def sweep_mail() -> None:
    """Settle what crashed workers left; call for hands when something is due."""
    if mail_drain.sweep():
        hint_drains(current_app.config["MAIL_CONNECTIONS"])


def drain_mail() -> None:
    """Send due messages for at most half a minute."""
    mail_drain.drain()


def render_pdfs() -> None:
    """Make the documents that were ordered."""
    render_due_orders(at=now(), limit=DOCUMENTS_AT_ONCE)


def plan_reminders() -> None:
    """Queue the reminders whose instant has come, a batch a transaction: registrations pass in between."""
    planned = 1
    while planned:
        with unit_of_work():
            planned = plan_due_reminders(at=now())


def expire_offers() -> None:
    """Give the places nobody answered for in time to the next in line, a meeting a transaction."""
    ended = 1
    while ended:
        with unit_of_work():
            ended = expire_due_offers(at=now())


def carry_out_batches() -> None:
    """Go on with what organisers ordered about many registrations, a few at a time."""
    while bulk.is_any_under_way():
        with unit_of_work():
            bulk.carry_out_next(at=now())


# A service that erases what had its time is here, and nowhere else called (tests/architecture/test_retention.py).
ERASURES = (
    erase_old_mail,
    erase_expired_files,
    erase_expired_documents,
    erase_old_attempts,
    erase_old_needs,
    erase_old_answers,
    erase_old_batches,
    erase_undecided_requests,
    erase_unproved_registrations,
    erase_old_invitations,
    erase_old_registrations,
)


def purge() -> None:
    """Erase what is no longer needed, a kind a transaction, and keep the journal short."""
    for erase in ERASURES:
        with unit_of_work():
            erase(at=now())
    mail_drain.current_relay().journal.rotate()


WORK = (
    Work(sweep_mail, "default", alone=timedelta(seconds=2), among_others=timedelta(seconds=15)),
    Work(drain_mail, "mail", hands=None),
    Work(render_pdfs, "heavy", alone=timedelta(seconds=2), among_others=timedelta(seconds=5)),
    Work(plan_reminders, "default", alone=timedelta(minutes=1)),
    Work(expire_offers, "default", alone=timedelta(minutes=1)),
    Work(carry_out_batches, "default", alone=timedelta(seconds=2), among_others=timedelta(seconds=5)),
    # Each hour although once a day would do: a machine switched off at night purges too.
    Work(purge, "default", alone=timedelta(hours=1)),
)
