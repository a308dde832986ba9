"""Setting the rules of a meeting's registrations, under its lock: no promise made to somebody is broken."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime

import structlog
from sqlalchemy import update

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.core.versions import check_version
from eventsapp.registrations import places
from eventsapp.registrations.models import Registration, RegistrationSetup
from eventsapp.registrations.models.setup import ATTENDANCES
from eventsapp.registrations.places import Held
from eventsapp.registrations.rules import Quota, quota_of
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.setup import queries, rules
from eventsapp.registrations.setup.errors import (
    DeadlineIsAfterStart,
    ModeIsInUse,
    QuotaIsRepeated,
    QuotasExceedCapacity,
    QuotasNeedCapacity,
    WaitingListIsInUse,
    WishesAreExpressed,
)
from eventsapp.registrations.setup.plans import PLAIN, SetupPlan, plan_of

log = structlog.get_logger()

AT_ONCE = 10_000  # registrations in a statement: databases bound the number of its values


def change_setup(
    *, meeting_id: int, plan: SetupPlan, seen: str | None = None, by: Account, at: datetime
) -> RegistrationSetup:
    """The meeting takes registrations by these rules from now on; everybody keeps what they were given.

    New quotas count the people registered before them; places they make free are offered to those who wait.
    ``seen`` is the version of the rules that was looked at. Raises SavedMeanwhile when somebody else has changed them
    since, and the errors of ``setup.errors``: each names the rule that cannot be, and why.
    """
    held = places.hold_whole(meeting_id)
    setup, before = held.setup, plan_of(held.setup)
    if plan != before:
        check_version(seen, before)
    _check_quotas(plan, held)
    for name in rules.late_deadlines(plan, held.meeting.starts_at):
        raise DeadlineIsAfterStart(name)
    _check_people(plan, setup, queries.usage_of(meeting_id))
    if plan == before:
        return setup
    for name in PLAIN:
        setattr(setup, name, getattr(plan, name))
    setup.quotas = [asdict(quota) for quota in plan.quotas]
    db.session.add(setup)  # the defaults of a meeting that nobody has set up
    db.session.flush()
    if plan.quotas != before.quotas:
        _count_in_quotas(held, plan.quotas)
    offer_free_places(held, at=at)
    log.info("registration_rules_changed", meeting=meeting_id, by=by.id)
    return setup


def _check_quotas(plan: SetupPlan, held: Held) -> None:
    if not plan.quotas:
        return
    if twice := rules.repeated(plan.quotas):
        raise QuotaIsRepeated(twice.label)
    capacity, reserved = held.meeting.capacity, rules.places_reserved(plan.quotas)
    if capacity is None:
        raise QuotasNeedCapacity
    if reserved > capacity:
        raise QuotasExceedCapacity(reserved, capacity)


def _check_people(plan: SetupPlan, setup: RegistrationSetup, usage: queries.Usage) -> None:
    if setup.has_waiting_list and not plan.has_waiting_list and usage.queued:
        raise WaitingListIsInUse(usage.queued)
    gives_up_wishes = setup.workshop_choice == "wishes" and plan.workshop_choice == "direct"
    if gives_up_wishes and setup.allocated_at is None and usage.wishing:
        raise WishesAreExpressed(usage.wishing)
    if plan.attendance == "on_site" and usage.remote:
        raise ModeIsInUse(usage.remote, ATTENDANCES["remote"])
    if plan.attendance == "remote" and usage.on_site:
        raise ModeIsInUse(usage.on_site, ATTENDANCES["on_site"])


def _count_in_quotas(held: Held, quotas: tuple[Quota, ...]) -> None:
    """Each registration counts in the quota that is the person's now: a statement a quota, not one a person."""
    groups = queries.groups_of(held.meeting, quotas)
    moved: dict[str, list[int]] = defaultdict(list)
    for key, email, region, kind, counted_in in queries.people_by_quota(held.meeting.id):
        person = groups.applicant(region, kind, email)
        if (quota_key := quota_of(quotas, person)) != counted_in:
            moved[quota_key].append(key)
    for quota_key, ids in moved.items():
        for start in range(0, len(ids), AT_ONCE):
            some = Registration.id.in_(ids[start : start + AT_ONCE])
            statement = update(Registration).where(some).values(quota_key=quota_key)
            db.session.execute(statement, execution_options={"synchronize_session": False})
