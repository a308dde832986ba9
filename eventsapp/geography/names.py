"""Names as people type them: without accents, hyphens or capitals. Pure."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_SHORT = {"st": "saint", "ste": "sainte"}


def search_name(name: str) -> str:
    """Return « Saint-Étienne » and « St Etienne » as « saint etienne »."""
    plain = unicodedata.normalize("NFD", name.translate(_LIGATURES).lower())
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    *first, last = re.findall(r"[a-z0-9]+", letters) or [""]
    return " ".join([*(_SHORT.get(word, word) for word in first), last])
