"""Registrations that may be one person's twice, told from their keys alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from eventsapp.core.i18n import _l

# Why two registrations look alike, the surest first.
REASONS = {
    "mailbox": _l("Même adresse, à l’étiquette près"),
    "name_and_organisation": _l("Même nom, même organisme"),
    "address": _l("Adresses presque identiques"),
    "name": _l("Même nom"),
}
MOST_ALIKE = 40  # a larger group (a name given to everybody by an import) is looked at neighbour by neighbour
SHORTEST = 4  # letters: shorter texts are all alike


@dataclass(frozen=True)
class Likeness:
    """Two registrations by id, the lower first, and why they look alike."""

    first_id: int
    second_id: int
    reason: str


@dataclass(frozen=True)
class Keys:
    """What of a registration tells who it is."""

    id: int
    name: str
    email: str
    organisation: str = ""


def likeness_key(name: str) -> str:
    """Return what two names share when they have the same words, in whatever order."""
    return " ".join(sorted(name.split()))


def mailbox_key(email: str) -> str:
    """Return what two addresses of one mailbox share: «zoe+ess@exemple.fr» is read where «zoe@exemple.fr» is."""
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def likely_pairs(people: Sequence[Keys]) -> list[Likeness]:
    """Return the pairs that look alike, the surest first, each once with its surest reason."""
    found: dict[tuple[int, int], str] = {}
    rank = list(REASONS)
    for one, other, reason in _candidates(people):
        pair = (min(one.id, other.id), max(one.id, other.id))
        if pair not in found or rank.index(reason) < rank.index(found[pair]):
            found[pair] = reason
    ordered = sorted(found.items(), key=lambda item: (rank.index(item[1]), item[0]))
    return [Likeness(*pair, reason) for pair, reason in ordered]


def _candidates(people: Sequence[Keys]) -> Iterator[tuple[Keys, Keys, str]]:
    for one, other in _sharing(people, lambda person: [likeness_key(person.name)]):
        same_place = one.organisation and one.organisation == other.organisation
        yield one, other, "name_and_organisation" if same_place else "name"
    for one, other in _sharing(people, lambda person: [mailbox_key(person.email)]):
        yield one, other, "mailbox"
    for one, other in _sharing(people, _address_halves):
        if _share_a_word(one.name, other.name) and is_one_slip_away(one.email, other.email):
            yield one, other, "address"


def _sharing(people: Iterable[Keys], keys: Any) -> Iterator[tuple[Keys, Keys]]:
    """Yield the people that share a key, two by two."""
    groups: dict[Any, list[Keys]] = defaultdict(list)
    for person in people:
        for key in set(keys(person)):
            groups[key].append(person)
    for group in groups.values():
        if len(group) <= MOST_ALIKE:
            yield from combinations(group, 2)
        else:
            yield from pairwise(group)


def is_one_slip_away(one: str, other: str) -> bool:
    """Tell whether one letter was forgotten, added, replaced or swapped with the next; digits number people."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    slips = one[at : at + 1] + other[at : at + 1]
    if any(letter.isdigit() for letter in slips):
        return False
    is_swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    tails = ((1, 1), (1, 0), (0, 1))
    return is_swapped or any(one[at + a :] == other[at + b :] for a, b in tails)


def _address_halves(person: Keys) -> Iterator[tuple[str, ...]]:
    """Yield parts of the address of which one stays whole when one letter elsewhere slips."""
    local, _at, domain = person.email.rpartition("@")
    yield ("domain elsewhere", local)
    if len(local) < SHORTEST:
        return
    for length in (len(local), len(local) - 1):
        half = length // 2
        yield ("end elsewhere", domain, local[:half])
        yield ("start elsewhere", domain, local[len(local) - (length - half - 1) :])


def _share_a_word(one: str, other: str) -> bool:
    return not set(one.split()).isdisjoint(other.split())
