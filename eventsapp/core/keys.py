"""Forms of a text made to be compared, never shown: what people typed stays as typed elsewhere."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})


class _Marks(dict[int, int | None]):
    """Each letter for itself and each mark (accent, cedilla) for nothing, learnt as they come."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_MARKS = _Marks()
_NOT_A_WORD = re.compile(r"[\W_]+")


def email_key(address: str) -> str:
    """Return the form in which two spellings of one e-mail address are equal (letter case, Unicode form)."""
    local, _at, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    return f"{local}@{_ascii_domain(domain)}"[:254]


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def search_key(text: str) -> str:
    """Return the text in lower case, without accents or punctuation, one blank between words."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return _NOT_A_WORD.sub(" ", folded.translate(_WITHOUT_MARKS)).strip()


def name_key(family_name: str, given_name: str) -> str:
    """Return the key that sorts and finds a person: family name first."""
    return search_key(f"{family_name} {given_name}")[:210]
