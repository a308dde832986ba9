"""The ledger of documents: an order is made once, survives a dead worker, and says why it failed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db, unit_of_work
from eventsapp.pdf import orders
from eventsapp.pdf.errors import DocumentRefused, RenderingInterrupted, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import (
    erase_expired_documents,
    order_pdf,
    render_due_orders,
    retry_order,
    safe_filename,
)
from eventsapp.pdf.wire import Attachment, Rendered
from tests.pdf.documents import page

pytestmark = pytest.mark.usefixtures("context")

NOW = datetime(2011, 6, 14, 7, 30, tzinfo=UTC)


class Press:
    """Stands where the rendering process stands, and gives the answers it was told to give."""

    def __init__(self):
        self.outcomes = []
        self.jobs = []
        self.during = None

    def render(self, job):
        self.jobs.append(job)
        if self.during:
            self.during()
        outcome = self.outcomes.pop(0) if self.outcomes else Rendered(b"%PDF-1.7", 3)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def press(monkeypatch):
    press = Press()
    monkeypatch.setattr(orders, "sandbox", press)
    return press


def ordered(**more):
    with unit_of_work():
        order = order_pdf(
            **{
                "purpose": "minutes",
                "title": "Compte rendu",
                "filename": "cr",
                "html": page("<p>x</p>"),
                "at": NOW,
            }
            | more
        )
        return order.id


def found(order_id):
    db.session.expire_all()
    return db.session.get_one(PdfOrder, order_id)


def test_an_ordered_document_is_made_and_described(press):
    order_id = ordered()
    assert render_due_orders(NOW, 10) == 1
    order = found(order_id)
    assert (order.state, order.page_count, order.byte_count) == ("ready", 3, 8)
    assert order.content == b"%PDF-1.7"
    assert order.sha256 is not None
    assert render_due_orders(NOW, 10) == 0


def test_the_real_engine_makes_an_ordered_document():
    order_id = ordered(html=page("<p>Bonjour</p>"))
    try:
        assert render_due_orders(NOW, 1) == 1
    finally:
        orders.sandbox.close()
    order = found(order_id)
    assert order.content.startswith(b"%PDF-1.7")
    assert order.page_count == 1


def test_nothing_is_ordered_when_the_transaction_fails():
    def order_and_stumble():
        with unit_of_work():
            order_pdf(purpose="minutes", title="t", filename="f", html="", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        order_and_stumble()
    assert db.session.scalars(select(PdfOrder)).all() == []


def test_no_transaction_is_open_while_a_document_is_made(press):
    ordered()
    seen = []
    press.during = lambda: seen.append(db.session().in_transaction())
    render_due_orders(NOW, 1)
    assert seen == [False]


def test_the_same_document_ordered_twice_is_one_order(press):
    first = ordered(reuse_key="minutes:12:v1")
    assert ordered(reuse_key="minutes:12:v1") == first
    render_due_orders(NOW, 10)
    assert ordered(reuse_key="minutes:12:v1") == first
    assert len(press.jobs) == 1


def test_documents_without_a_key_or_for_two_accounts_are_two_orders():
    assert ordered() != ordered()
    assert ordered(reuse_key="list:12", requested_by=1) != ordered(reuse_key="list:12", requested_by=2)


def test_two_transactions_that_order_the_same_document_get_the_same_order(monkeypatch):
    first = ordered(reuse_key="minutes:12:v1")
    answers = [None]
    known = orders._known_order
    monkeypatch.setattr(orders, "_known_order", lambda key: answers.pop() if answers else known(key))
    assert ordered(reuse_key="minutes:12:v1") == first


def test_a_failed_document_ordered_again_is_taken_up_with_its_new_content(press):
    press.outcomes = [DocumentRefused("nested too deeply")]
    order_id = ordered(reuse_key="minutes:12:v1")
    render_due_orders(NOW, 1)
    assert ordered(reuse_key="minutes:12:v1", html="mended") == order_id
    assert render_due_orders(NOW, 1) == 1
    assert press.jobs[-1].html == "mended"
    assert found(order_id).state == "ready"


def test_an_interrupted_document_is_tried_twice_more_then_fails_with_a_reason(press):
    press.outcomes = [RenderingInterrupted("too long")] * 3
    order_id = ordered()
    assert render_due_orders(NOW, 10) == 0
    assert found(order_id).state == "ordered"
    assert render_due_orders(NOW, 10) == 0, "not again at once"
    assert render_due_orders(NOW + timedelta(minutes=1), 10) == 0
    assert render_due_orders(NOW + timedelta(minutes=2), 10) == 1
    order = found(order_id)
    assert (order.state, order.attempts, len(press.jobs)) == ("failed", 3, 3)
    assert order.error.startswith("La préparation de ce document a été arrêtée")


def test_a_document_at_fault_fails_at_once(press):
    press.outcomes = [UnsupportedCharacter(["ᐁ (U+1401)"])]
    order_id = ordered()
    assert render_due_orders(NOW, 10) == 1
    assert "ᐁ (U+1401)" in found(order_id).error


@pytest.mark.parametrize(
    "error",
    [
        DocumentRefused("x"),
        ResourceRefused(["file:"]),
        UnsupportedCharacter(["x"]),
        RenderingInterrupted("x"),
    ],
)
def test_every_failure_has_a_reason_in_french(error):
    assert "document" in orders.reason_of(error)


def test_one_failure_does_not_hold_up_the_others(press):
    press.outcomes = [DocumentRefused("x")]
    ordered()
    other = ordered(at=NOW + timedelta(seconds=1))
    assert render_due_orders(NOW + timedelta(seconds=2), 10) == 2
    assert found(other).state == "ready"


def test_the_order_of_a_killed_worker_is_taken_up_after_its_lease(press):
    order_id = ordered()
    claim = orders._claim_next(NOW)  # and here the worker dies
    assert claim.order_id == order_id
    assert render_due_orders(NOW + timedelta(minutes=4), 10) == 0
    assert render_due_orders(NOW + timedelta(minutes=6), 10) == 1
    assert found(order_id).state == "ready"


def test_a_worker_that_lost_its_lease_settles_nothing(press):
    order_id = ordered()
    late = orders._claim_next(NOW)
    render_due_orders(NOW + timedelta(minutes=6), 1)
    assert orders._settle(late, RenderingInterrupted("too long"), NOW + timedelta(minutes=7)) == 0
    assert found(order_id).state == "ready"


def test_an_order_that_kills_its_worker_each_time_fails_in_the_end(press):
    order_id = ordered()
    for minutes in (0, 6, 12):
        assert orders._claim_next(NOW + timedelta(minutes=minutes)) is not None
    assert render_due_orders(NOW + timedelta(minutes=18), 1) == 0
    assert found(order_id).state == "failed"
    assert press.jobs == []


def test_no_more_documents_are_made_than_asked(press):
    for _ in range(3):
        ordered()
    assert render_due_orders(NOW, 2) == 2
    assert render_due_orders(NOW, 2) == 1


def test_attachments_and_images_reach_the_engine(press):
    ordered(
        attachments=[Attachment("a.json", "application/json", b"{}", "Données")],
        images=[Attachment("logo.png", "image/png", b"\x89PNG")],
    )
    render_due_orders(NOW, 1)
    assert press.jobs[0].attachments == [Attachment("a.json", "application/json", b"{}", "Données")]
    assert press.jobs[0].images == [Attachment("logo.png", "image/png", b"\x89PNG")]


def test_a_retry_gives_all_attempts_back_and_leaves_a_ready_document_alone(press):
    press.outcomes = [DocumentRefused("x")]
    order_id = ordered()
    render_due_orders(NOW, 1)
    with unit_of_work():
        retry_order(found(order_id), at=NOW)
    assert (found(order_id).state, found(order_id).attempts) == ("ordered", 0)
    render_due_orders(NOW, 1)
    with unit_of_work():
        retry_order(found(order_id), at=NOW)
    assert found(order_id).state == "ready"


def test_documents_past_their_time_are_purged_and_the_others_kept():
    ordered(keep_days=30)
    kept, forever = ordered(keep_days=31), ordered()
    with unit_of_work():
        erase_expired_documents(at=NOW + timedelta(days=30))
    assert sorted(db.session.scalars(select(PdfOrder.id))) == [kept, forever]


def test_the_database_refuses_a_ready_document_without_content():
    order_id = ordered()
    with pytest.raises(IntegrityError), unit_of_work():
        found(order_id).state = "ready"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2011-06-14_lille_compte-rendu_v1", "2011-06-14_lille_compte-rendu_v1.pdf"),
        ("Compte rendu – Élu·es.pdf", "compte-rendu-elu-es.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("", "document.pdf"),
    ],
)
def test_names_of_files_are_accepted_by_every_system(name, safe):
    assert safe_filename(name) == safe
