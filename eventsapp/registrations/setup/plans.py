"""What an organiser decided of a meeting's registrations, whole: what the form hands to the service."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from eventsapp.registrations.models import RegistrationSetup
from eventsapp.registrations.rules import Quota, read_quotas


@dataclass(frozen=True, kw_only=True)
class SetupPlan:
    """Everything the page «Règles» of a meeting's registrations says."""

    admission: str
    checks_email: bool
    access_code: str
    attendance: str
    allows_groups: bool
    quotas: tuple[Quota, ...]
    has_waiting_list: bool
    offer_hours: int
    offers_stop_hours: int
    workshop_choice: str
    wishes_close_at: datetime | None
    wishes_per_slot: int
    most_per_organisation: int | None
    balances_types: bool
    changes_close_at: datetime | None
    takes_late_requests: bool


PLAIN = tuple(field.name for field in fields(SetupPlan) if field.name != "quotas")


def plan_of(setup: RegistrationSetup) -> SetupPlan:
    """Return the plan that changes nothing."""
    return SetupPlan(
        quotas=read_quotas(setup.quotas),
        **{name: getattr(setup, name) for name in PLAIN},
    )
