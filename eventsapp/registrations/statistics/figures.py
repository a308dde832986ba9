"""The figures everybody asks for first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eventsapp.core.i18n import Text, _l
from eventsapp.registrations.models import REGISTRATION_STATES
from eventsapp.registrations.queries.statistics import Crowd
from eventsapp.registrations.rules import remaining
from eventsapp.registrations.statistics.tables import (
    Table,
    number_column,
    percent,
    percent_shown,
    text_column,
)

_OF_STATES: dict[str, Text] = {
    "confirmed": _l("confirmées"),
    "unverified": _l("adresses à vérifier"),
    "pending": _l("à valider"),
    "waiting": _l("en liste d’attente"),
    "offered": _l("places proposées"),
    "cancelled": _l("annulées"),
    "refused": _l("refusées"),
}
_ALWAYS = ("confirmed", "waiting", "offered", "cancelled")


@dataclass(frozen=True)
class Figure:
    """One figure. ``state``: the list's filter that shows who they are."""

    key: str
    label: Text
    value: float
    state: str = ""
    tone: str | None = None
    is_share: bool = False

    @property
    def shown(self) -> object:
        return percent_shown(self.value) if self.is_share else self.value


def key_figures(people: Sequence[Crowd], capacity: int | None) -> list[Figure]:
    """Return the key figures; rarer states are left out while nobody is in them."""
    by_state = Counter[str]()
    for crowd in people:
        by_state[crowd.state] += crowd.number
    expected = sum(crowd.number for crowd in people if crowd.is_expected)
    states = [state for state in REGISTRATION_STATES if by_state[state] or state in _ALWAYS]
    return [
        Figure("expected", _l("inscriptions en cours"), expected, "active"),
        *_of_places(sum(crowd.places for crowd in people), capacity),
        *(_of_state(state, by_state) for state in states),
    ]


def _of_places(taken: int, capacity: int | None) -> list[Figure]:
    left, filled = remaining(capacity, taken), percent(taken, capacity)
    if capacity is None or left is None:
        return []
    figures = [
        Figure("capacity", _l("places en tout"), capacity),
        Figure("left", _l("places restantes"), left, tone="open" if left else "full"),
    ]
    return (
        figures if filled is None else [*figures, Figure("filled", _l("remplissage"), filled, is_share=True)]
    )


def _of_state(state: str, by_state: Mapping[str, int]) -> Figure:
    number = by_state[state]
    tone = "last" if number and state not in ("confirmed", "cancelled", "refused") else None
    return Figure(state, _OF_STATES[state], number, state, tone)


def figures_table(figures: Sequence[Figure]) -> Table:
    """Return the key figures as a table."""
    columns = [
        text_column("label", _l("Chiffre"), lambda x: x.label),
        number_column("value", _l("Nombre"), lambda x: x.shown, lambda x: x.value),
    ]
    return Table("chiffres", _l("Chiffres clés"), columns, figures)
