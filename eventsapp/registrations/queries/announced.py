"""Which meetings the public pages find: those announced, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from eventsapp.meetings.models import Meeting


def is_announced(is_everything: bool) -> list[ColumnElement[bool]]:
    """Return what selects the meeting of the address ``slug`` among those announced; ``address`` gives the values.

    Unless ``is_everything``, one that is not public has its id in ``reserved_for``.
    """
    conditions = [Meeting.slug == bindparam("slug"), Meeting.state != "draft"]
    if not is_everything:
        is_reserved_for_them = Meeting.id.in_(bindparam("reserved_for", expanding=True))
        conditions.append((Meeting.visibility == "public") | is_reserved_for_them)
    return conditions


def address(slug: str, reserved_for: Collection[int] | None) -> dict[str, Any]:
    """Return what ``is_announced`` compares with."""
    return {"slug": slug, "reserved_for": sorted(reserved_for or ())}
