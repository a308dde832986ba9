"""Asks an independent validator, and reads the tag tree back."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import page
from pypdf import PdfReader

PROFILES = ("3a", "ua1")
# The validator takes a compressed stream whose last byte is a carriage return for a wrong length
# (veraPDF does not). `has_true_lengths` checks every length by itself.
DOUBTFUL_ALARM = "PDFA3A-STREAM-LENGTH-001"


def failures(pdf: bytes, profile: str) -> list[tuple[str, str]]:
    """What the validator holds against the file under one profile."""
    report = page.validate_pdf_bytes(pdf, profile=profile)
    found = [(failure.rule_id, failure.message) for failure in report.failures]
    if has_true_lengths(pdf):
        found = [failure for failure in found if failure[0] != DOUBTFUL_ALARM]
    elif not found:
        found = [(DOUBTFUL_ALARM, "a stream length is wrong")]
    return found


def has_true_lengths(pdf: bytes) -> bool:
    """True when each stream ends exactly where its dictionary says."""
    streams = re.finditer(rb"\d+ 0 obj\n.{0,2000}?/Length (\d+).{0,2000}?stream\n", pdf, re.DOTALL)
    return all(pdf[end : end + 11] == b"\nendstream\n" for end in (m.end() + int(m[1]) for m in streams))


def assert_conforms(pdf: bytes) -> None:
    """The file is PDF/A-3a and PDF/UA-1."""
    assert {profile: failures(pdf, profile) for profile in PROFILES} == {profile: [] for profile in PROFILES}


def text_of(pdf: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)


def structure(pdf: bytes) -> Iterator[Any]:
    """Every element of the tag tree, in reading order."""
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        if "/S" in node:
            yield node
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        elements = [kid.get_object() for kid in kids]
        waiting.extend(reversed([kid for kid in elements if hasattr(kid, "get")]))


def tag_counts(pdf: bytes) -> Counter[str]:
    return Counter(str(element["/S"]) for element in structure(pdf))


def page_contents(pdf: bytes) -> list[bytes]:
    """The drawing orders of each page, unpacked."""
    return [sheet.get_contents().get_data() for sheet in PdfReader(io.BytesIO(pdf)).pages]
