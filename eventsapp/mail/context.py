"""What a message will show, kept as JSON from its cause until its text is made.

Plain facts only: a row of the database would say, once the text is made, what is true then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

INSTANT, DAY = "$instant", "$day"


class FactIsNotPlain(TypeError):
    """A message was handed something that JSON cannot keep as it is, such as a row of the database."""

    def __init__(self, path: str, value: object) -> None:
        super().__init__(f"{path}: a message keeps texts, numbers and dates, not a {type(value).__name__}")


def pack(facts: Mapping[str, Any]) -> str:
    """Return the facts as the row keeps them; raise FactIsNotPlain naming the one that it cannot keep."""
    try:
        return _encode(facts)
    except FactIsNotPlain:
        _name_the_culprit(facts, "context")
        raise


def unpack(kept: str) -> dict[str, Any]:
    """Return the facts as they were handed to ``pack``: instants in UTC, tuples as lists."""
    facts: dict[str, Any] = json.loads(kept, object_hook=_restore)
    return facts


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return {INSTANT: value.astimezone(UTC).isoformat()}
    elif isinstance(value, date):
        return {DAY: value.isoformat()}
    raise FactIsNotPlain("context", value)


_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


def _restore(found: dict[str, Any]) -> Any:
    if INSTANT in found:
        return datetime.fromisoformat(found[INSTANT])
    return date.fromisoformat(found[DAY]) if DAY in found else found


def _name_the_culprit(value: Any, path: str) -> None:
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if _is_list(value) else ()
    for name, part in parts:
        _name_the_culprit(part, f"{path}.{name}" if isinstance(value, Mapping) else f"{path}[{name}]")
    try:
        _encode(value)
    except FactIsNotPlain as error:
        raise FactIsNotPlain(path, value) from error


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
