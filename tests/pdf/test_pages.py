"""Waiting for a document, reading it, and trying again: whoever holds the address, or the account alone."""

from types import SimpleNamespace

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import order_pdf

PDF = b"%PDF-1.7 essai"


@pytest.fixture
def make_order(app, empty_database):
    def make(state="ordered", **more):
        settled = {
            "ready": {
                "content": PDF,
                "sha256": "a" * 64,
                "ready_at": now(),
                "page_count": 1,
                "byte_count": 14,
            },
            "failed": {"error": "Remplacez ces caractères, puis réessayez."},
            "ordered": {},
        }
        with app.app_context(), unit_of_work():
            order = order_pdf(
                **{
                    "purpose": "test",
                    "title": "Compte rendu de Lille",
                    "filename": "cr",
                    "html": "",
                    "at": now(),
                }
                | more
            )
            order.state = state
            for name, value in settled[state].items():
                setattr(order, name, value)
            return SimpleNamespace(id=order.id, path=f"/documents/{order.token}")

    return make


def test_a_document_in_preparation_shows_a_page_that_looks_again_by_itself(client, make_order):
    answer = client.get(make_order().path)
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "2"
    assert "Le document se prépare" in answer.text
    assert "Compte rendu de Lille" in answer.text


def test_a_ready_document_opens(client, make_order):
    order = make_order("ready")
    answer = client.get(order.path)
    assert (answer.status_code, answer.location) == (303, f"{order.path}/cr.pdf")
    file = client.get(answer.location)
    assert file.data == PDF
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == 'inline; filename="cr.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["X-Robots-Tag"] == "noindex"
    assert file.headers["ETag"] == f'"{"a" * 64}"'
    assert file.headers["Cache-Control"] == "private, no-cache"


def test_an_unchanged_document_is_not_sent_twice(client, make_order):
    path = make_order("ready").path + "/cr.pdf"
    answer = client.get(path, headers={"If-None-Match": f'"{"a" * 64}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_the_address_of_the_file_waits_with_the_person(client, make_order):
    order = make_order()
    assert client.get(f"{order.path}/cr.pdf").location == order.path
    assert client.get(f"{order.path}/autre.pdf").status_code == 404


def test_a_failed_document_says_why_and_can_be_tried_again(app, client, make_order):
    order = make_order("failed")
    answer = client.get(order.path)
    assert "Refresh" not in answer.headers
    assert "Remplacez ces caractères" in answer.text
    assert "Réessayer" in answer.text
    again = client.post(f"{order.path}/nouvel-essai")
    assert (again.status_code, again.location) == (303, order.path)
    assert "Le document se prépare" in client.get(order.path).text


def test_an_unknown_or_expired_address_is_not_found(client, make_order):
    assert client.get("/documents/inconnu").status_code == 404
    assert client.get("/documents/inconnu/cr.pdf").status_code == 404
    assert client.get(make_order("ready", keep_days=0).path).status_code == 404


def test_a_restricted_document_is_not_read_at_an_address_open_to_all(client, make_order):
    order = make_order("ready", requested_by=7)
    assert client.get(order.path).status_code == 404
    assert client.get(f"{order.path}/cr.pdf").status_code == 404
    assert client.post(f"{order.path}/nouvel-essai").status_code == 404


def test_the_address_of_a_document_cannot_be_guessed(app, make_order):
    assert make_order().path != make_order().path
    assert PdfOrder.__table__.c.token.type.length == 43
