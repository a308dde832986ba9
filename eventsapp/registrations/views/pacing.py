"""How many registrations, and links, one network address may ask for: see ``core.limits``."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request

from eventsapp.core.clock import now
from eventsapp.core.limits import Limit
from eventsapp.registrations.errors import TooManyFromOneAddress

TEN_MINUTES = timedelta(minutes=10)
registrations = Limit(TEN_MINUTES)
links = Limit(TEN_MINUTES)


def check_pace(limit: Limit, *, count: int = 1) -> None:
    """Count this request; raise TooManyFromOneAddress when its address has sent enough for now."""
    most = current_app.config["REGISTRATIONS_PER_ADDRESS"]
    if not limit.allows(request.remote_addr or "unknown", most, at=now(), count=count):
        raise TooManyFromOneAddress
