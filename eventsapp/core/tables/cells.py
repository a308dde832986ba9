"""What people write in the cells of a list, brought to what we know. Pure."""

from __future__ import annotations

import re

from eventsapp.core.exports import csv_text
from eventsapp.core.keys import search_key

_CIVILITIES = {
    **dict.fromkeys(("m", "mr", "monsieur", "mister"), "M."),
    **dict.fromkeys(("mme", "madame", "mlle", "mademoiselle", "mrs", "ms", "miss"), "Mme"),
}
_ENGLISH = {"en", "eng", "english", "anglais", "en gb", "en us"}
_YES = {"oui", "o", "yes", "y", "vrai", "true", "1", "x", "ok", "d accord"}
_NO = {"non", "n", "no", "faux", "false", "0"}
_WRITTEN_TO = re.compile(r"[^<]*<([^<>]+)>")  # «Camille Exemple <camille@exemple.fr>»


def as_typed(cell: str) -> str:
    """Return the text of the cell without the apostrophe that our own files put before what looks like a formula."""
    bare = cell[1:]
    return bare if cell.startswith("'") and csv_text(bare) == cell else cell


def bare_address(text: str) -> str:
    """Return the e-mail address alone, however it was copied."""
    written = _WRITTEN_TO.fullmatch(text)
    return (written[1] if written else text.removeprefix("mailto:")).strip()


def civility_of(text: str) -> str:
    """Return «Mme», «M.» or nothing, however it was written."""
    return _CIVILITIES.get(search_key(text), "")


def locale_of(text: str) -> str:
    """Return «en» for English and «fr» for anything else."""
    return "en" if search_key(text) in _ENGLISH else "fr"


def truth_of(text: str) -> bool | None:
    """Return whether the cell says yes or no; None when it says neither."""
    key = search_key(text)
    return True if key in _YES else False if key in _NO else None
