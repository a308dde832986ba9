"""What would become of people registered one after the other: told in advance, decided again by the service. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventsapp.core.i18n import Text, _l
from eventsapp.meetings.models import Session
from eventsapp.registrations import rules
from eventsapp.registrations.errors import (
    WorkshopIsFull,
    WorkshopsAreOnSite,
    no_place_left,
)
from eventsapp.registrations.offer import Offer
from eventsapp.registrations.rules import Applicant, Quota, Shares


@dataclass(frozen=True)
class Room:
    """The places of a meeting before the first of them."""

    capacity: int | None
    taken: int
    attendance: str = "on_site"
    has_queue: bool = False  # somebody waits
    has_waiting_list: bool = True
    quotas: Sequence[Quota] = ()
    shares: Shares = rules.NO_SHARES
    workshops: Mapping[int, int | None] | None = None  # places left, None without limit
    joins_waiting: bool = False  # whoever asks for a full workshop joins its waiting list


def joins_waiting(options: Mapping[str, Any], offer: Offer) -> bool:
    """Tell whether the people of an import with these options join the waiting lists of full workshops."""
    return bool(options.get("joins_waiting")) and bool(offer.setup.has_waiting_list)


def awaits(sessions: Iterable[Session]) -> Text:
    """Say of which workshops somebody joins the waiting list."""
    titles = ", ".join(session.title for session in sessions)
    return _l("Liste d’attente de l’atelier : %(titles)s.", titles=titles)


class Forecast:
    """Counts the places as they go. ``register`` says «registered», «queued» (for a workshop), «waiting» or «refused»,
    and why."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.taken, self.has_queue = room.taken, room.has_queue
        self.taken_by, self.waiting_by = dict(room.shares.taken), dict(room.shares.waiting)
        self.left = dict(room.workshops or {})

    def register(self, person: Applicant, sessions: Sequence[Session], mode: str) -> tuple[str, Text]:
        """Return what becomes of the next person."""
        if rules.mode_chosen(self.room.attendance, mode) == "remote":
            return ("refused", WorkshopsAreOnSite.message) if sessions else ("registered", "")
        key = rules.quota_of(self.room.quotas, person)
        if not self._has_place(key):
            return self._wait(key)
        full = [session for session in sessions if self.left.get(session.id) == 0]
        if full and not self.room.joins_waiting:
            return "refused", WorkshopIsFull(full).message
        self._take(key, [session for session in sessions if session not in full])
        return ("queued", awaits(full)) if full else ("registered", "")

    def _has_place(self, key: str) -> bool:
        shares = Shares(self.taken_by, self.waiting_by)
        if self.has_queue and not rules.passes_queue(self.room.quotas, shares, key):
            return False
        return rules.has_place(self.room.capacity, self.taken, self.room.quotas, self.taken_by, key)

    def _wait(self, key: str) -> tuple[str, Text]:
        if not self.room.has_waiting_list:
            return "refused", no_place_left(self.room.attendance).message
        self.has_queue = True
        self.waiting_by[key] = self.waiting_by.get(key, 0) + 1
        return "waiting", ""

    def _take(self, key: str, sessions: Sequence[Session]) -> None:
        self.taken += 1
        self.taken_by[key] = self.taken_by.get(key, 0) + 1
        for session in sessions:
            left = self.left.get(session.id)
            self.left[session.id] = None if left is None else left - 1
