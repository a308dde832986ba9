"""Reads of organisations, people and themes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.directory.models import Theme


def list_themes() -> Sequence[Theme]:
    """Return the fields of work, in their order."""
    return db.session.scalars(select(Theme).order_by(Theme.position, Theme.name)).all()
