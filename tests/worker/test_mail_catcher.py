"""The mailbox of trials keeps what is sent and shows it without running it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from eventsapp.cli.mail_catcher import KEPT, Mailbox, create_catcher


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def visitor(mailbox):
    app = create_catcher(mailbox)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def deliver(mailbox, subject="Confirmation", html="<p>Bonjour</p><script>alert(1)</script>"):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@exemple.example", "b@exemple.example"
    message.set_content("Voir https://exemple.example/lien\n")
    message.add_alternative(html, subtype="html")
    message.add_alternative("BEGIN:VCALENDAR\r\n", subtype="calendar", params={"method": "REQUEST"})
    envelope = SimpleNamespace(
        content=message.as_bytes(), mail_from="a@exemple.example", rcpt_tos=["b@exemple.example"]
    )
    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, mailbox.handle_DATA(None, None, envelope)).result()


def test_an_empty_mailbox_says_what_to_do(visitor):
    assert "Aucun message pour l’instant" in visitor.get("/").text


def test_the_newest_message_comes_first(mailbox, visitor):
    assert deliver(mailbox, "Premier").startswith("250")
    deliver(mailbox, "Second")
    page = visitor.get("/").text
    assert page.index("Second") < page.index("Premier")


def test_links_of_the_text_can_be_followed_and_the_calendar_entry_is_shown(mailbox, visitor):
    deliver(mailbox)
    page = visitor.get("/1/texte").text
    assert 'href="https://exemple.example/lien"' in page
    assert "BEGIN:VCALENDAR" in page


def test_the_html_of_a_message_runs_no_script_and_reaches_nothing(mailbox, visitor):
    deliver(mailbox)
    assert "alert(1)" not in visitor.get("/1").text
    policy = visitor.get("/1/html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_only_the_last_messages_are_kept_and_all_can_be_cleared(mailbox, visitor):
    for number in range(KEPT + 3):
        deliver(mailbox, f"Message {number}")
    assert len(mailbox.newest_first()) == KEPT
    assert visitor.get("/1").status_code == 404
    assert visitor.post("/effacement").status_code == 303
    assert mailbox.newest_first() == []
