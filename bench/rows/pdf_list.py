"""The list of a thousand participants through the orders, against the same pages by WeasyPrint alone.

The floor is WeasyPrint's bare recipe, ``HTML(string=…).write_pdf()`` in a warm process, without the tags, the
archival profile and the isolation that ours adds.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import cache
from multiprocessing import get_context

from sqlalchemy import select
from sqlalchemy.orm import undefer
from weasyprint import HTML

from bench.dataset import Site, load_meeting, scratch_site
from bench.figures import BrokenPromise, Figure, take_turns
from config import ROOT
from eventsapp.accounts.models import Account
from eventsapp.attendance.services import order_participant_list
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.pdf.fetching import SCHEME, ClosedFetcher, static_assets
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import render_due_orders, sandbox
from eventsapp.pdf.wire import Job
from tests.factories.accounts import make_account

PEOPLE = 1000
ROUNDS = 3
SMALL = "<!doctype html><html lang=fr><head><title>Essai</title></head><body><h1>Essai</h1></body></html>"


def measure() -> list[Figure]:
    """Return rows a second of a finished list."""
    with scratch_site() as site, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        with site.writing():
            meeting, account = (
                load_meeting(capacity=None, workshop_capacity=None, registered=PEOPLE),
                make_account(),
            )
        sandbox.render(Job(SMALL, now()))
        alone.submit(bare_pdf, SMALL).result()
        html = _ordered_html(site, meeting.id, account.id)
        try:
            pairs = take_turns(
                lambda: _ours(site, meeting.id, account.id),
                lambda: PEOPLE / alone.submit(bare_pdf, html).result(),
                ROUNDS,
            )
            details = {**pairs.spread(), "people": PEOPLE, "pages": _pages(site)}
        finally:
            sandbox.close()
    return [Figure("pdf_list", pairs.value, "rows/s", pairs.floor_value, None, details)]


@cache
def _assets() -> dict[str, bytes]:
    return static_assets(ROOT / "static")


def bare_pdf(html: str) -> float:
    """Return the seconds WeasyPrint takes, in a process that has loaded it."""
    fetcher = ClosedFetcher(_assets())
    began = time.perf_counter()
    HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).write_pdf()
    return time.perf_counter() - began


def _ours(site: Site, meeting_id: int, account_id: int) -> float:
    """From the click to the stored file: the order is written, then the worker makes it."""
    began = time.perf_counter()
    _order(site, meeting_id, account_id, now())
    with site.app.app_context():
        if render_due_orders(now(), 1) != 1:
            raise BrokenPromise("the list was not made")
    return PEOPLE / (time.perf_counter() - began)


def _order(site: Site, meeting_id: int, account_id: int, at: datetime) -> int:
    with site.writing():
        meeting = db.session.get_one(Meeting, meeting_id)
        account = db.session.get_one(Account, account_id)
        return order_participant_list(meeting, "registered", "name", by=account, at=at).id


def _ordered_html(site: Site, meeting_id: int, account_id: int) -> str:
    """Return the HTML of a list ordered; the order itself is withdrawn."""
    order_id = _order(site, meeting_id, account_id, now())
    with site.writing():
        order = db.session.get_one(PdfOrder, order_id, options=[undefer(PdfOrder.html)])
        db.session.delete(order)
        return order.html


def _pages(site: Site) -> int | None:
    with site.app.app_context():
        return db.session.scalar(select(PdfOrder.page_count).where(PdfOrder.state == "ready").limit(1))
