"""Registering somebody as the public form does, under the locks it takes."""

from __future__ import annotations

from typing import Any

from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places
from eventsapp.registrations.choices import NO_CHOICE, Choices
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import registering


def register_person(**request: Any) -> Registration:
    """Return the new registration of ``details`` at ``meeting``; other fields are those of ``registering.Entry``."""
    return registering.register_person(*_held(**request))


def register_or_remind(**request: Any) -> registering.Receipt:
    """Like ``register_person``, for an address that may be registered already."""
    return registering.register_or_remind(*_held(**request))


def _held(
    *, meeting: Meeting, choices: Choices = NO_CHOICE, **how: Any
) -> tuple[places.Held, registering.Entry]:
    entry = registering.Entry(choices=choices, **how)
    newcomer = registering.newcomer(entry.details, entry.reference)
    return places.hold(meeting.id, choices.session_ids, choices.other_ids, newcomer), entry
