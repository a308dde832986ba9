"""From HTML to one file that is PDF/A-3a and PDF/UA-1.

Never called in the web process: `sandbox` runs it in a process of its own. See docs/adr/0005-pdf.md.
"""

import gc
import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from weasyprint import HTML
from weasyprint import Attachment as EmbeddedFile
from weasyprint.logger import LOGGER

from eventsapp.pdf.conformance import VARIANT, declare_pdf_ua, settle_attachments, settle_streams
from eventsapp.pdf.errors import DocumentRefused, ResourceRefused, UnsupportedCharacter
from eventsapp.pdf.fetching import SCHEME, ClosedFetcher
from eventsapp.pdf.origins import Memory, remembered_boxes
from eventsapp.pdf.tagging import TagTree
from eventsapp.pdf.wire import Attachment, Rendered

MISSING_GLYPH = re.compile(r"\.notdef glyph rendered .*: \"(.+)\" \((U\+[0-9A-F]+)\)", re.DOTALL)
_one_at_a_time = threading.Lock()


def render_pdf(
    html: str,
    assets: Mapping[str, bytes],
    *,
    created_at: datetime,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the file; in the environment of the sandbox the same input and `created_at` give the same bytes."""
    return render_document(html, assets, created_at=created_at, attachments=attachments).content


def render_document(
    html: str,
    assets: Mapping[str, bytes],
    *,
    created_at: datetime,
    attachments: Sequence[Attachment] = (),
) -> Rendered:
    """Return the file and its number of pages.

    Raises DocumentRefused when the result would conform to nothing or names a resource it may not have.
    """
    fetcher = ClosedFetcher(assets)
    with (
        _one_at_a_time,
        _without_collector(),
        _explained(fetcher),
        _listening() as warnings,
        remembered_boxes() as memory,
    ):
        document = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).render(pdf_variant=VARIANT)
        _refuse_declared_attachments(document)
        _date(document, created_at)
        declare_pdf_ua(document.metadata)
        content: bytes = document.write_pdf(
            pdf_variant=VARIANT,
            finisher=_finisher(memory, attachments),
            attachments=[_embedded(attachment, created_at, fetcher) for attachment in attachments],
        )
    _refuse_defects(warnings, fetcher)
    return Rendered(content, len(document.pages))


def _finisher(memory: Memory, attachments: Sequence[Attachment]) -> Any:
    mime_types = {attachment.name: attachment.mime for attachment in attachments}

    def finish(_document: Any, pdf: Any) -> None:
        settle_streams(pdf)
        settle_attachments(pdf, mime_types)
        TagTree(pdf, memory).repair()

    return finish


def _date(document: Any, created_at: datetime) -> None:
    written = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    document.metadata.created = document.metadata.modified = written


def _embedded(attachment: Attachment, created_at: datetime, fetcher: ClosedFetcher) -> EmbeddedFile:
    moment = created_at.astimezone(UTC)
    return EmbeddedFile(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description,
        relationship="Data",
        created=moment,
        modified=moment,
        url_fetcher=fetcher,
    )


def _refuse_declared_attachments(document: Any) -> None:
    # <link rel=attachment> would put files in the document behind the caller's back.
    if document.metadata.attachments:
        raise DocumentRefused("the document declares attachments of its own")


def _refuse_defects(warnings: list[str], fetcher: ClosedFetcher) -> None:
    if fetcher.refused:
        raise ResourceRefused(sorted(set(fetcher.refused)))
    found = filter(None, map(MISSING_GLYPH.match, warnings))
    missing = sorted({f"{glyph[1]} ({glyph[2]})" for glyph in found})
    if missing:
        raise UnsupportedCharacter(missing)


@contextmanager
def _explained(fetcher: ClosedFetcher) -> Iterator[None]:
    """A crash that follows a refused resource is told as this refusal (@color-profile does it)."""
    try:
        yield
    except Exception as error:
        if fetcher.refused:
            raise ResourceRefused(sorted(set(fetcher.refused))) from error
        raise


@contextmanager
def _without_collector() -> Iterator[None]:
    # A fifth of the time of long lists: the boxes of a document die together anyway.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect()


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What WeasyPrint says while it works: some of its warnings are errors here."""
    listener = _Listener()
    LOGGER.addHandler(listener)
    try:
        yield listener.lines
    finally:
        LOGGER.removeHandler(listener)
