"""What the office's list of registrations is narrowed to, sorted by and shows, as its address says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from eventsapp.core.i18n import Text, _l
from eventsapp.core.security import MOST_ID
from eventsapp.geography.outlines import region_outlines
from eventsapp.registrations.models import (
    ATTENDANCE_MODES,
    ENDED_STATES,
    PARTICIPANT_KINDS,
    REGISTRATION_STATES,
)

REGIONS: dict[str, Text] = {region.code: region.name for region in region_outlines()}
STATE_FILTERS: dict[str, Text] = {
    "active": _l("Toutes, sauf annulées et refusées"),
    **REGISTRATION_STATES,
}
PLACE_FILTERS: dict[str, Text] = {
    "confirmed": _l("Place en atelier"),
    "waiting": _l("En attente d’un atelier"),
    "offered": _l("Place en atelier proposée"),
    "wished": _l("Vœu"),
}
NEEDS_FILTERS: dict[str, Text] = {"oui": _l("Avec des besoins"), "non": _l("Sans besoin")}
ORDERS = (
    "name",
    "given_name",
    "civility",
    "organisation",
    "job_title",
    "kind",
    "region",
    "email",
    "phone",
    "mode",
    "date",
    "changed",
    "state",
    "reference",
)
LONGEST_TEXT = 100
MOST_COLUMNS = 60

# The parameters of the address, in its order, and the fields they fill.
PARAMETERS = {
    "q": "text",
    "etat": "state",
    "type": "kind",
    "region": "region",
    "mode": "mode",
    "quota": "quota",
    "atelier": "session_id",
    "place": "place",
    "besoins": "needs",
    "tri": "order",
    "colonne": "columns",
}
_CHOICES: Mapping[str, Mapping[str, Text]] = {
    "etat": STATE_FILTERS,
    "type": PARTICIPANT_KINDS,
    "region": REGIONS,
    "mode": ATTENDANCE_MODES,
    "place": PLACE_FILTERS,
    "besoins": NEEDS_FILTERS,
}


@dataclass(frozen=True)
class Filters:
    """Empty values narrow nothing; without columns, the usual ones are shown."""

    text: str = ""
    state: str = ""
    kind: str = ""
    region: str = ""
    mode: str = ""
    quota: str = ""
    session_id: int | None = None
    place: str = ""
    needs: str = ""
    order: str = "name"
    columns: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The states asked for; empty for all of them."""
        if self.state == "active":
            return tuple(state for state in REGISTRATION_STATES if state not in ENDED_STATES)
        return (self.state,) if self.state else ()

    def narrows(self) -> bool:
        """Tell whether some registrations may be left out."""
        return replace(self, order="name", columns=()) != Filters()

    def names_one_meeting(self) -> bool:
        """Tell whether it speaks of something that only one meeting has: a workshop, a quota, a question."""
        return bool(self.session_id or self.quota) or self.names_a_question()

    def names_a_question(self) -> bool:
        """Tell whether answers to a meeting's own questions are among the columns."""
        return any(key.startswith("question:") for key in self.columns)

    def ordered(self, order: str) -> Filters:
        return replace(self, order=order)

    def with_usual_columns(self) -> Filters:
        return replace(self, columns=())

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that say it again; what is usual is left out."""
        usual = Filters()
        said: list[tuple[str, str]] = []
        for parameter, field in PARAMETERS.items():
            value = getattr(self, field)
            if value == getattr(usual, field):
                continue
            said += [(parameter, str(x)) for x in value] if field == "columns" else [(parameter, str(value))]
        return said

    def parameters(self) -> dict[str, Any]:
        """Return the same by name, for ``url_for``."""
        said: dict[str, list[str]] = {}
        for name, value in self.pairs():
            said.setdefault(name, []).append(value)
        return said

    def query(self) -> str:
        """Return the query string that says it again."""
        return urlencode(self.pairs())


def read_filters(values: Mapping[str, Sequence[str]]) -> Filters:
    """Return what the parameters ask for; what is unknown or malformed asks for nothing."""
    found = {name: values[name][0] for name in PARAMETERS if values.get(name)}
    chosen = {
        PARAMETERS[name]: found[name] if found.get(name) in known else "" for name, known in _CHOICES.items()
    }
    order = found.get("tri", "name")
    return Filters(
        text=_plain(found.get("q", ""))[:LONGEST_TEXT],
        quota=_plain(found.get("quota", ""))[:40],
        session_id=_id(found.get("atelier", "")),
        order=order if order.removeprefix("-") in ORDERS else "name",
        columns=tuple(dict.fromkeys(_plain(key)[:40] for key in values.get("colonne", ())[:MOST_COLUMNS])),
        **chosen,
    )


def read_query(query: str) -> Filters:
    """Return what a query string asks for."""
    return read_filters(parse_qs(query))


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()


def _id(text: str) -> int | None:
    """The number, one that no session has when it is too large; None when it is none."""
    return min(int(text), MOST_ID) if text.isascii() and text.isdecimal() and len(text) < 30 else None
