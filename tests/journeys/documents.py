"""Documents as a person gets them: waited for, downloaded, read back."""

from __future__ import annotations

import io
from threading import Event
from time import monotonic

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.journeys.mailbox import plain

PATIENCE = 90.0  # seconds


def download(page: Page, address: str) -> PdfReader:
    """Return the document at that address, once the worker has made it."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        answer = page.context.request.get(address)
        assert answer.ok, answer.text()
        if answer.headers["content-type"] == "application/pdf":
            return PdfReader(io.BytesIO(answer.body()))
        Event().wait(0.5)
    raise AssertionError(f"no document at {address}")


def words_of(document: PdfReader) -> str:
    """Return the text on one line, with words cut at the end of a line joined again."""
    text = " ".join(page.extract_text() for page in document.pages)
    return plain(text.replace("\u00ad", ""))


def title_of(document: PdfReader) -> str:
    assert document.metadata is not None
    return plain(document.metadata.title or "")
