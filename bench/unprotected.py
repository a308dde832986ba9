"""The application without its locks, for the negative control alone. Nothing in the application can do this."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import bindparam, select

from eventsapp import create_app
from eventsapp.core import db as database
from eventsapp.core.prepared import Prepared
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places
from eventsapp.registrations.queries.announced import is_announced

_UNLOCKED = select(Meeting.id)


def make_app() -> Flask:
    """Return the application; its writers read what they decide on beside each other."""
    patched: Any = places
    patched._BY_ID = Prepared(_UNLOCKED.where(Meeting.id == bindparam("key")))
    patched._by_address = lambda is_everything: Prepared(_UNLOCKED.where(*is_announced(is_everything)))
    app = create_app()
    with app.app_context():
        engine = database.db.engine
        if engine.dialect.name == "sqlite":
            dialect: Any = engine.dialect
            dialect.do_begin = lambda pooled: pooled.cursor().execute("BEGIN")
    return app
