"""What may be published, and how its fingerprint is taken: pure functions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# From each state, those that may follow. A published text is corrected by writing again.
NEXT_STATES = {
    "draft": {"in_review"},
    "in_review": {"draft", "approved"},
    "approved": {"draft", "published"},
    "published": {"draft"},
}

_EMAIL = re.compile(
    r"[\w.+%-]+\s?(?:@|\(at\)|\[at\]|\(arobase\)|\[arobase\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
# French numbers (01 23 45 67 89, +33 1 …, 0590 …) and international ones that begin with +.
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)\d{2,3}[\s.\-]?(?:\(0\)[\s.\-]?)?[1-9](?:[\s.\-]?\d){7,9}|0[1-9](?:[\s.\-]?\d{2}){4})(?!\d)"
)
_AROUND = 30


class Person(Protocol):
    """A registration, as the publication policy sees it."""

    participant_kind: str
    accepts_listing: bool


@dataclass(frozen=True)
class Contact:
    """An e-mail address or a phone number found in a text that would become public."""

    kind: str
    found: str
    path: tuple[str | int, ...]
    excerpt: str


def may_become(state: str, target: str) -> bool:
    """Tell whether minutes in this state may pass to the other one."""
    return target in NEXT_STATES[state]


def may_be_named(person: Person) -> bool:
    """Tell whether a participant's name goes public: elected officials, and those who accepted."""
    return person.participant_kind == "elected" or person.accepts_listing


def contacts_in(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, what was found, the words around) for each e-mail address and phone number."""
    for kind, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
            yield kind, match[0], " ".join(text[start:end].split())


def find_contacts(content: Any, path: tuple[str | int, ...] = ()) -> list[Contact]:
    """Return every e-mail address and phone number in the texts of the content, with where they are."""
    if isinstance(content, str):
        return [Contact(kind, found, path, excerpt) for kind, found, excerpt in contacts_in(content)]
    return [contact for key, part in _parts(content) for contact in find_contacts(part, (*path, key))]


def _parts(content: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(content, Mapping):
        yield from content.items()
    elif isinstance(content, Sequence) and not isinstance(content, str):
        yield from enumerate(content)


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one spelling of the content that its fingerprint is taken from (sorted JSON, UTF-8)."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical content, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def reference_of(year: int, key: int, number: int) -> str:
    """Return «CR-2026-0007-v1»: year of the meeting, number of its minutes, version."""
    return f"CR-{year}-{key:04}-v{number}"


def moved(keys: Sequence[int], key: int, step: int) -> list[int]:
    """Return the order with one key moved by that many places, as far as the ends allow."""
    order = [one for one in keys if one != key]
    order.insert(max(0, min(len(order), keys.index(key) + step)), key)
    return order
