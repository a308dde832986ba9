"""When a meeting asks for ranked wishes, and which ones are sound: pure functions on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from eventsapp.registrations.rules import Window

ON_ONE_S_OWN = "a titre personnel"  # an answer to « Organisme », as search keys write it: no organisation


class WorkshopStep(StrEnum):
    """How workshops are chosen at one instant."""

    DIRECT = "direct"  # a place at once, where there is one
    WISHES = "wishes"
    CLOSED = "closed"  # wishes are in, places not given yet


class WishTerms(Protocol):
    """What of a setup decides on wishes."""

    @property
    def workshop_choice(self) -> Any: ...

    @property
    def wishes_close_at(self) -> Any: ...

    @property
    def allocated_at(self) -> Any: ...


def wishes_end_at(meeting: Window, terms: WishTerms) -> datetime:
    """Return until when wishes are taken: when registration ends, unless another instant was said."""
    return terms.wishes_close_at or meeting.registration_ends_at()


def are_wishes_due(terms: WishTerms) -> bool:
    """Tell whether places in workshops are still to be given, from wishes."""
    return terms.workshop_choice == "wishes" and terms.allocated_at is None


def workshop_step(meeting: Window, terms: WishTerms, at: datetime) -> WorkshopStep:
    """Return how workshops are chosen; once places were given, what is left is chosen directly."""
    if not are_wishes_due(terms):
        return WorkshopStep.DIRECT
    return WorkshopStep.WISHES if at < wishes_end_at(meeting, terms) else WorkshopStep.CLOSED


def are_sound(wishes: Sequence[Sequence[int]], most: int) -> bool:
    """Tell whether each slot has at most so many wishes and no workshop is wished for twice."""
    listed = [id_ for slot in wishes for id_ in slot]
    return len(set(listed)) == len(listed) and all(len(slot) <= most for slot in wishes)
