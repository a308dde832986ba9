"""A real SMTP server that keeps what it receives, so that a test reads its mail."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from icalendar import Calendar

PATIENCE = 90.0  # seconds; a busy machine takes its time


class Mailbox:
    """Everything sent, in order of arrival."""

    def __init__(self, port: int) -> None:
        self.messages: list[EmailMessage] = []
        self._arrival = Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=port, server_hostname="relay.example")

    def open(self) -> None:
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._arrival:
            self.messages.append(message)
            self._arrival.notify_all()
        return "250 OK"

    def wait_for(self, recipient: str, subject: str) -> EmailMessage:
        """Return the first message to that person with these words in its subject, once it has come."""
        with self._arrival:
            self._arrival.wait_for(lambda: self.sent_to(recipient, subject), timeout=PATIENCE)
            found = self.sent_to(recipient, subject)
        assert found, f"no «{subject}» to {recipient}; there are {[one['Subject'] for one in self.messages]}"
        return found[0]

    def sent_to(self, recipient: str, subject: str) -> list[EmailMessage]:
        return [one for one in self.messages if recipient in one["To"] and subject in plain(one["Subject"])]


def plain(text: str) -> str:
    """Return the text with ordinary spaces only, on one line: what a person compares."""
    return " ".join(text.split())


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return plain(body.get_content())


def link_in(message: EmailMessage, about: str) -> str:
    """Return the first address of the text that holds these words."""
    body = message.get_body(("plain",))
    assert body is not None
    found = [url for url in re.findall(r"https?://\S+", body.get_content()) if about in url]
    assert found, body.get_content()
    return str(found[0])


def calendar_of(message: EmailMessage) -> Calendar:
    """Return the calendar entry that mail programs offer to add."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert parts, [part.get_content_type() for part in message.walk()]
    content = parts[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    return Calendar.from_ical(content)
