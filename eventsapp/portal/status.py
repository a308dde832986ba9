"""What a visitor is told about a meeting: open, nearly full, full, closed, cancelled, held. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsapp.core.i18n import Text, _l, ngettext
from eventsapp.meetings.models import Meeting

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
INVITED = Status(_l("Sur invitation"), "info")


def status_of(meeting: Meeting, taken: int, *, at: datetime) -> Status:
    """Return what to say of the meeting at this instant, with ``taken`` people registered."""
    if meeting.state in ("cancelled", "postponed"):
        return CANCELLED if meeting.state == "cancelled" else POSTPONED
    if meeting.ends_at <= at or meeting.state in ("held", "archived"):
        return HELD
    if meeting.registration_opens_at is not None and at < meeting.registration_opens_at:
        return NOT_YET
    if at >= meeting.registration_ends_at():
        return CLOSED
    return _by_places(meeting.capacity, taken)


def _by_places(capacity: int | None, taken: int) -> Status:
    if capacity is None:
        return OPEN
    left = capacity - taken
    if left <= 0:
        return FULL
    if left > FEW_PLACES:
        return OPEN
    words = ngettext("%(num)d place restante", "%(num)d places restantes", left)
    return Status(words, "last", is_open=True)
