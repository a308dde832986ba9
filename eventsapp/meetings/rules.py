"""Programme, calendar and states of a meeting, decided on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any, Generic, Protocol, TypeVar

from eventsapp.core.i18n import Text, _l
from eventsapp.core.zones import local_day


class Timed(Protocol):
    """Anything that lasts from one instant to another."""

    @property
    def starts_at(self) -> Any: ...

    @property
    def ends_at(self) -> Any: ...


class Located(Protocol):
    """What has a place: a meeting, or the copy a publication keeps of it."""

    @property
    def venue(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def city(self) -> str: ...


class Placed(Timed, Protocol):
    """A session as clashes see it."""

    @property
    def room(self) -> Any: ...

    @property
    def speaker_names(self) -> Iterable[str]: ...


Part = TypeVar("Part", bound=Timed)
Seance = TypeVar("Seance", bound=Placed)


@dataclass(frozen=True)
class Slot(Generic[Part]):
    """A stretch of the day and the sessions held in it, side by side when there are several."""

    starts_at: datetime
    ends_at: datetime
    sessions: tuple[Part, ...]

    @property
    def is_parallel(self) -> bool:
        return len(self.sessions) > 1

    @property
    def key(self) -> str:
        """What names the slot in a form: its beginning."""
        return self.starts_at.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Clash(Generic[Seance]):
    """Two sessions at the same time that want the same room or the same person."""

    what: str
    first: Seance
    second: Seance


@dataclass(frozen=True)
class Lack:
    """Something a meeting lacks before publication; advice when it does not block."""

    text: Text
    tab: str
    is_blocking: bool = True


class Programmed(Timed, Protocol):
    """A meeting as the check before publication sees it."""

    venue: Any
    city: Any
    online_url: Any
    summary: Any
    capacity: Any
    contact_email: Any
    sessions: Any
    themes: Any


# From each state, those that may follow. A postponed meeting is published again with its new date.
NEXT_STATES = {
    "draft": {"published"},
    "published": {"postponed", "cancelled", "held"},
    "postponed": {"published", "cancelled"},
    "held": {"archived"},
    "cancelled": {"archived"},
    "archived": set[str](),
}

# Overseas régions and the zones their clocks follow; everywhere else, the site's own zone.
REGION_ZONES = {
    "01": "America/Guadeloupe",
    "02": "America/Martinique",
    "03": "America/Cayenne",
    "04": "Indian/Reunion",
    "06": "Indian/Mayotte",
}


def may_become(state: str, target: str) -> bool:
    """Tell whether a meeting in this state may pass to the other one."""
    return target in NEXT_STATES[state]


def zone_of(region_code: str | None, default: str) -> str:
    """Return the time zone of a meeting held in this région."""
    return REGION_ZONES.get(region_code or "", default)


def may_still_choose(meeting: Any, at: datetime) -> bool:
    """Tell whether people who hold two sessions at the same time can be asked which one they keep."""
    return meeting.state in ("draft", "published", "postponed") and bool(at < meeting.starts_at)


def overlap(first: Timed, second: Timed) -> bool:
    """Tell whether the two are under way at a common instant; one may begin when the other ends."""
    return bool(first.starts_at < second.ends_at and second.starts_at < first.ends_at)


def slots(sessions: Iterable[Part]) -> list[Slot[Part]]:
    """Group a programme into successive slots; sessions that overlap, even partly, share one.

    The order given is kept among the sessions of a slot that begin together.
    """
    grouped: list[list[Part]] = []
    for session in sorted(sessions, key=lambda one: one.starts_at):
        if grouped and session.starts_at < max(one.ends_at for one in grouped[-1]):
            grouped[-1].append(session)
        else:
            grouped.append([session])
    return [Slot(group[0].starts_at, max(x.ends_at for x in group), tuple(group)) for group in grouped]


def place_of(meeting: Located) -> str:
    """Return the venue, address and town on one line, without what is not known; a town is named once."""
    town = "" if meeting.city and meeting.city in meeting.address else meeting.city
    return ", ".join(part for part in (meeting.venue, meeting.address, town) if part)


def days_of(meeting: Timed, zone: str) -> list[date]:
    """Return the days the meeting lasts, in its zone."""
    first, last = local_day(meeting.starts_at, zone), local_day(meeting.ends_at, zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def is_within(inner: Timed, outer: Timed) -> bool:
    """Tell whether the first lies between the beginning and the end of the second."""
    return bool(outer.starts_at <= inner.starts_at and inner.ends_at <= outer.ends_at)


def lacks(meeting: Programmed, *, at: datetime) -> list[Lack]:
    """Return what the meeting lacks before it can be published, then what would make it better."""
    sessions = list(meeting.sessions)
    open_workshops = [one.title for one in sessions if one.kind == "workshop" and one.capacity is None]
    checks = (
        (meeting.ends_at <= at, _l("La date est passée : choisissez une date à venir."), "general", True),
        (not (meeting.city or meeting.online_url), _l("Indiquez la commune, ou l’adresse pour suivre à distance."), "general", True),
        (bool(meeting.city) and not meeting.venue, _l("Indiquez le lieu : nom de la salle ou du bâtiment."), "general", True),
        (not sessions, _l("Ajoutez au moins une séance au programme."), "programme", True),
        (bool(open_workshops), _no_capacity(open_workshops), "programme", True),
        (not meeting.summary, _l("Un résumé d’une ou deux phrases aide à choisir."), "general", False),
        (meeting.capacity is None, _l("Sans nombre de places, tout le monde peut s’inscrire."), "general", False),
        (not meeting.themes, _l("Une thématique aide à trouver la rencontre."), "general", False),
        (not meeting.contact_email, _l("Une adresse de contact permet de poser une question."), "general", False),
        (bool(room_clashes(sessions)), _l("Deux séances simultanées ont la même salle."), "programme", False),
        (bool(speaker_clashes(sessions)), _l("Une personne intervient dans deux séances simultanées."), "programme", False),
    )  # fmt: skip
    return [Lack(text, tab, is_blocking) for is_missing, text, tab, is_blocking in checks if is_missing]


def _no_capacity(titles: Sequence[str]) -> Text:
    return _l("Donnez un nombre de places à chaque atelier : %(titles)s.", titles=", ".join(titles))


def room_clashes(sessions: Sequence[Seance]) -> list[Clash[Seance]]:
    """Return the pairs of overlapping sessions announced in one room; capitals and blanks do not count."""
    return [
        Clash(one.room, one, other)
        for one, other in _simultaneous(sessions)
        if one.room.strip() and _same(one.room) == _same(other.room)
    ]


def speaker_clashes(sessions: Sequence[Seance]) -> list[Clash[Seance]]:
    """Return the pairs of overlapping sessions that count on the same person."""
    return [
        Clash(name, one, other)
        for one, other in _simultaneous(sessions)
        for name in one.speaker_names
        if _same(name) in {_same(known) for known in other.speaker_names}
    ]


def _simultaneous(sessions: Sequence[Seance]) -> Iterator[tuple[Seance, Seance]]:
    return ((one, other) for one, other in combinations(sessions, 2) if overlap(one, other))


def _same(words: str) -> str:
    return " ".join(words.casefold().split())
