"""What a visitor is told about a meeting: open, nearly full, full, closed, cancelled, held. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsapp.core.i18n import Text, _l, ngettext
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.rules import Opening, opening_with_places, remaining

FEW_PLACES = 10


@dataclass(frozen=True)
class Status:
    """Words and tone of a badge, and whether registering is possible now."""

    label: Text
    tone: str
    is_open: bool = False


OPEN = Status(_l("Inscriptions ouvertes"), "open", is_open=True)
FULL = Status(_l("Complet"), "full")
CLOSED = Status(_l("Inscriptions closes"), "muted")
NOT_YET = Status(_l("Inscriptions bientôt ouvertes"), "info")
CANCELLED = Status(_l("Annulée"), "full")
POSTPONED = Status(_l("Reportée"), "last")
HELD = Status(_l("Terminée"), "muted")


STATUSES = {
    Opening.OPEN: OPEN,
    Opening.NOT_YET: NOT_YET,
    Opening.CLOSED: CLOSED,
    Opening.FULL: FULL,
    Opening.POSTPONED: POSTPONED,
    Opening.CANCELLED: CANCELLED,
    Opening.HELD: HELD,
}


def status_of(meeting: Meeting, taken: int, *, at: datetime) -> Status:
    """Return what to say of the meeting at this instant, with ``taken`` people registered."""
    left = remaining(meeting.capacity, taken)
    status = STATUSES[opening_with_places(meeting, at, left)]
    if status is not OPEN or left is None or left > FEW_PLACES:
        return status
    words = ngettext("%(num)d place restante", "%(num)d places restantes", left)
    return Status(words, "last", is_open=True)
