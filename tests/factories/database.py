"""Store what a test of pages needs, outside any request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask

from eventsapp.core.db import Base, db, unit_of_work

Thing = TypeVar("Thing", bound=Base)


def store(thing: Thing) -> Thing:
    """Add the thing to the open transaction and give it its id."""
    db.session.add(thing)
    db.session.flush()
    return thing


@contextmanager
def stored(app: Flask) -> Iterator[None]:
    """Commit what the block makes; what was loaded stays readable after it.

    ``with stored(app): meeting = make_meeting()`` then ``client.get(f"/rencontres/{meeting.slug}")``.
    """
    with app.app_context():
        db.session().expire_on_commit = False
        with unit_of_work():
            yield
