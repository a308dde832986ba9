"""What a meeting offers to somebody who registers: slots of workshops, and the places left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsapp.core.i18n import _, format_time, ngettext
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.rules import slots
from eventsapp.registrations import queries, rules


@dataclass(frozen=True)
class Slot:
    """Workshops among which one is chosen. ``name`` is that of the form's field."""

    name: str
    hour: str
    ends: str
    sessions: tuple[Session, ...]

    @property
    def label(self) -> str:
        return _("Atelier de %(start)s à %(end)s", start=self.hour, end=self.ends)


@dataclass(frozen=True)
class Offer:
    """A meeting as its registration pages show it at one instant."""

    meeting: Meeting
    seats: queries.Seats
    opening: rules.Opening
    slots: Sequence[Slot]

    @property
    def steps(self) -> int:
        return 3 if self.slots else 2

    @property
    def is_open(self) -> bool:
        return self.opening is rules.Opening.OPEN

    def sessions(self, ids: Sequence[int]) -> list[Session]:
        """The workshops of these ids, in the order of the day."""
        return [session for slot in self.slots for session in slot.sessions if session.id in ids]

    def is_full(self, session: Session) -> bool:
        """Tell whether nobody else may choose the workshop."""
        return self.seats.sessions[session.id] == 0

    def field_of(self, session: Session) -> str:
        """The name of the field in which the workshop is chosen."""
        return next(slot.name for slot in self.slots if session in slot.sessions)


def load_offer(meeting: Meeting, *, at: datetime) -> Offer:
    """Return the offer of a meeting whose sessions are loaded: two statements."""
    seats = queries.seats_left(meeting)
    state = rules.opening_with_places(meeting, at, seats.meeting)
    return Offer(meeting, seats, state, workshop_slots(meeting))


def workshop_slots(meeting: Meeting) -> list[Slot]:
    """Return the slots in which workshops are chosen."""
    zone = meeting.time_zone
    return [
        Slot(f"creneau_{n}", format_time(x.starts_at, zone), format_time(x.ends_at, zone), x.sessions)
        for n, x in enumerate(slots(meeting.workshops), 1)
    ]


def seats_shown(remaining: int | None, capacity: int | None) -> dict[str, object]:
    """Return what the badge of places left says, for the script that keeps it up to date."""
    if remaining is None or capacity is None:
        return {"tone": "open", "text": _("Places disponibles"), "full": False}
    if remaining == 0:
        return {"tone": "full", "text": _("Complet"), "full": True}
    text = ngettext("%(num)d place restante", "%(num)d places restantes", remaining)
    tone = "last" if remaining <= max(3, capacity // 10) else "open"
    return {"tone": tone, "text": text, "full": False}
