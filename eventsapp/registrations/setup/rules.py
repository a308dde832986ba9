"""Whether rules may be set so, decided on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from eventsapp.registrations.rules import Quota
from eventsapp.registrations.setup.plans import SetupPlan

MOST_QUOTAS = 20


def places_reserved(quotas: Iterable[Quota]) -> int:
    """Return how many places the quotas reserve in all."""
    return sum(quota.places for quota in quotas)


def repeated(quotas: Iterable[Quota]) -> Quota | None:
    """Return the first quota for a group that has one already, or None."""
    seen: set[str] = set()
    for quota in quotas:
        if quota.key in seen:
            return quota
        seen.add(quota.key)
    return None


def late_deadlines(plan: SetupPlan, starts_at: datetime) -> Sequence[str]:
    """Return the names of the deadlines that would fall after the meeting begins."""
    deadlines = {"wishes_close_at": plan.wishes_close_at, "changes_close_at": plan.changes_close_at}
    return [name for name, instant in deadlines.items() if instant is not None and instant > starts_at]
