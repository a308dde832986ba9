"""Places of each workshop: given, offered, awaited, left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventsapp.core.i18n import _, _l
from eventsapp.meetings.models import Session
from eventsapp.registrations.offer import Slot
from eventsapp.registrations.rules import remaining
from eventsapp.registrations.statistics.tables import Table, number_column, percent, share_column, text_column


@dataclass(frozen=True)
class Filling:
    """How one workshop fills up."""

    session: Session
    slot: str
    confirmed: int
    offered: int
    waiting: int
    wished: int

    @property
    def taken(self) -> int:
        """Places that nobody else may have: those offered too."""
        return self.confirmed + self.offered

    @property
    def left(self) -> int | None:
        """None without limit."""
        return remaining(self.session.capacity, self.taken)

    @property
    def filled(self) -> float | None:
        """In per cent; None without limit."""
        return percent(self.taken, self.session.capacity)


def fillings(slots: Iterable[Slot], places: Mapping[tuple[int, str], int]) -> list[Filling]:
    """Return the workshops in the order of the day; ``places`` counts them by session and state."""
    return [
        Filling(
            session,
            slot.label,
            *(places.get((session.id, state), 0) for state in ("confirmed", "offered", "waiting", "wished")),
        )
        for slot in slots
        for session in slot.sessions
    ]


def workshops_table(workshops: Sequence[Filling]) -> Table:
    """Return the places of each workshop; wishes are told where some have been made."""
    columns = [
        text_column("title", _l("Atelier"), lambda x: x.session.title),
        text_column("slot", _l("Créneau"), lambda x: x.slot, width=28, on_screen=False),
        number_column("capacity", _l("Places"), _capacity_shown, lambda x: x.session.capacity),
        number_column("confirmed", _l("Confirmées"), lambda x: x.confirmed),
        number_column("offered", _l("Proposées"), lambda x: x.offered),
        number_column("left", _l("Restantes"), lambda x: x.left),
        number_column("waiting", _l("En attente"), lambda x: x.waiting),
        share_column("filled", _l("Remplissage"), lambda x: x.filled),
    ]
    if any(one.wished for one in workshops):
        columns.append(number_column("wished", _l("Vœux"), lambda x: x.wished))
    return Table("ateliers", _l("Places par atelier"), columns, workshops)


def _capacity_shown(filling: Filling) -> object:
    return _("sans limite") if filling.session.capacity is None else filling.session.capacity
