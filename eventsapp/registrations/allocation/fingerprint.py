"""What an allocation was made from, in one short text: when it differs, something has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from eventsapp.registrations.allocation.case import Person, Workshop


def fingerprint(people: Iterable[Person], workshops: Iterable[Workshop]) -> str:
    """Return 64 digits that change with any wish, place, hour, capacity or limit, and with nothing else.

    People who neither wish nor hold nor do anything count for nothing: latecomers leave it as it is.
    """
    concerned = [one for one in people if any(one.wishes.values()) or one.confirmed or one.pinned]
    facts = [sorted(map(_of_person, concerned)), sorted(map(_of_workshop, workshops))]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _of_person(one: Person) -> list[object]:
    wishes = [[slot, *ids] for slot, ids in sorted(one.wishes.items()) if ids]
    held = [sorted(one.confirmed), one.steps_held, sorted(one.pinned)]
    return [one.id, one.organisation, one.kind, wishes, *held]


def _of_workshop(one: Workshop) -> list[object]:
    hours = [one.starts_at.isoformat(), one.ends_at.isoformat()]
    return [one.id, one.slot, *hours, one.capacity, one.most_per_organisation, one.balances_types]
