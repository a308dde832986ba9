"""What presences do when something happens below them. ``create_app`` connects these to the facts."""

from __future__ import annotations

from typing import Any

from eventsapp.attendance import services
from eventsapp.registrations.models import Registration


def on_registrations_merged(kept: Registration, *, other: Registration, **_more: Any) -> None:
    """What was noted of one registration is known of the one that is kept."""
    services.follow_merge(kept, other)
