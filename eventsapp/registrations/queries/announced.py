"""Which meetings the public pages find: those announced, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from eventsapp.core.prepared import among, numbered
from eventsapp.meetings.models import Meeting

MOST_RESERVED = 2  # the meeting of the invitation followed, and the one just registered for


def is_announced(is_everything: bool) -> list[ColumnElement[bool]]:
    """Return what selects the meeting of the address ``slug`` among those announced; ``address`` gives the values.

    Unless ``is_everything``, one that is not public has its id in ``reserved_for``.
    """
    conditions = [Meeting.slug == bindparam("slug"), Meeting.state != "draft"]
    if not is_everything:
        is_reserved_for_them = Meeting.id.in_(among("reserved", MOST_RESERVED))
        conditions.append((Meeting.visibility == "public") | is_reserved_for_them)
    return conditions


def address(slug: str, reserved_for: Collection[int] | None) -> dict[str, Any]:
    """Return what ``is_announced`` compares with; ``reserved_for`` names MOST_RESERVED meetings at most."""
    return {"slug": slug, **numbered("reserved", MOST_RESERVED, reserved_for or ())}
