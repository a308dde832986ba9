"""A message to send, and a real SMTP server that answers as the test says."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from eventsapp.mail.journal import Journal

AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

TEMPLATES = {
    "essai/mail/simple/subject.txt": "{{ _('Bonjour') }} {{ name }}\n",
    "essai/mail/simple/body.txt": "Bonjour {{ name }}, rendez-vous {{ when|day }}.\n",
    "essai/mail/simple/body.html": "<p>Bonjour {{ name }}, rendez-vous {{ when|day }}.</p>",
    "essai/mail/broken/subject.txt": "Cassé",
    "essai/mail/broken/body.txt": "{{ name.of.nobody }}",
    "essai/mail/broken/body.html": "",
}


@pytest.fixture
def trial_texts() -> Iterator[dict[str, str]]:
    """The templates of these tests, for one that changes them."""
    before = dict(TEMPLATES)
    yield TEMPLATES
    TEMPLATES.update(before)


@pytest.fixture(scope="session", autouse=True)
def trial_templates(app: Flask) -> Iterator[None]:
    before = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), before])
    yield
    app.jinja_env.loader = before


def draft(**changes: Any) -> dict[str, Any]:
    """Fields of a message; the test says what matters to it."""
    return {
        "purpose": "reminder",
        "recipient": "camille@exemple.example",
        "recipient_name": "Camille Exemple",
        "occasion": "registration:1:rule:1",
        "template": "essai/mail/simple",
        "context": {"name": "Camille", "when": AT},
        "locale": "fr",
        **changes,
    }


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Relay:
    """An SMTP server that answers according to the address: grey@, no@, gone@, slow@, early@…"""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.seen: Counter[str] = Counter()
        self.connections = 0

    @property
    def recipients(self) -> list[str]:
        return [message["To"].addresses[0].addr_spec for message in self.received]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.seen[address] += 1
        kind = address.split("@")[0].rstrip("0123456789")
        if kind == "grey" and self.seen[address] == 1:
            return "451 4.7.1 Greylisted, come back later"
        if kind == "never":
            return "450 4.2.1 Busy"
        if kind == "no":
            return "550 5.1.1 No such person"
        if kind == "early" and self.seen[address] == 1:
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        kind = envelope.rcpt_tos[0].split("@")[0].rstrip("0123456789")
        if kind == "spam":
            return "554 5.7.1 Looks like spam"
        if kind == "slow":
            await asyncio.sleep(1.5)
        self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.SMTP))
        self.received[-1].raw = envelope.content
        if kind == "gone" and self.seen[envelope.rcpt_tos[0]] == 1:
            server.transport.close()
        return "250 2.0.0 Kept"


@pytest.fixture
def relay(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A relay that listens; the application sends there, with a journal of the test's own."""
    handler = Relay()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, server_hostname="relay.example")
    controller.start()
    monkeypatch.setattr(app.extensions["mail"], "port", port)
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT_SECONDS", 1)
    before = app.extensions["mail_relay"]
    app.extensions["mail_relay"] = replace(before, journal=Journal(tmp_path / "journal"))
    yield handler
    app.extensions["mail_relay"] = before
    controller.stop()
