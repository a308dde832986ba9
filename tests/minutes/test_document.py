"""The PDF document, made as the worker makes it and read back."""

from __future__ import annotations

import hashlib
import io

import pytest
from pypdf import PdfReader

from eventsapp.attendance import services as desk
from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from eventsapp.minutes.queries import get_publication
from eventsapp.minutes.rules import canonical
from eventsapp.pdf.orders import render_due_orders
from tests.minutes.samples import DECISION, TITLE, make_held_meeting, publish, write_minutes

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.slow]


def words(content):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_published_documents_say_the_same_thing():
    with unit_of_work():
        held = make_held_meeting()
        write_minutes(held)
        publication = publish(held)
        listed = desk.order_participant_list(held.meeting, "present", "name", by=held.account, at=now())
        sheet = desk.order_sign_in_sheet(held.meeting, "2026-12-01", by=held.account, at=now())
    assert render_due_orders(now(), 10) == 3
    for order in (publication.pdf_order, listed, sheet):
        assert order.is_ready, order.error
        text = words(order.content)
        assert TITLE in text
        assert "ŒUVRE Noël" in text
        assert "01 23 45" not in text
        assert "elected@exemple.fr" not in text
    minutes = words(publication.pdf_order.content)
    assert DECISION in minutes
    assert "Discret" not in minutes
    assert publication.reference in minutes
    assert publication.content_sha256 in minutes.replace(" ", "")
    assert "Signature Matin" in words(sheet.content)


def test_the_document_carries_its_content_with_the_printed_fingerprint():
    with unit_of_work():
        held = make_held_meeting()
        write_minutes(held)
        publication = publish(held)
    render_due_orders(now(), 10)
    stored = get_publication(publication.reference)
    reader = PdfReader(io.BytesIO(stored.pdf_order.content))
    (attached,) = reader.attachments[f"{publication.reference}.json"]
    assert attached == canonical(stored.content)
    assert hashlib.sha256(attached).hexdigest() == stored.content_sha256
    assert reader.outline
