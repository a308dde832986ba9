"""Writes of the directory: organisations and their relations, people and their mandates, themes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db, savepoint
from eventsapp.core.keys import search_key
from eventsapp.core.permissions import Actor
from eventsapp.directory.errors import (
    DatesAreReversed,
    OrganisationIsUnknown,
    OrganisationIsUsed,
    OrganisationNameIsTaken,
    ThemeNameIsTaken,
)
from eventsapp.directory.models import Mandate, Organisation, Person, Relation, Theme
from eventsapp.directory.queries import find_organisation

log = structlog.get_logger()


@dataclass(frozen=True)
class RelationPlan:
    """What an organisation is to the network, from a day, perhaps until another."""

    kind: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class OrganisationPlan:
    """Everything the page of an organisation says."""

    name: str
    kind: str = "other"
    siren: str | None = None
    region_code: str | None = None
    website: str | None = None
    note: str = ""
    relations: tuple[RelationPlan, ...] = ()


@dataclass(frozen=True)
class MandatePlan:
    """A function held in an organisation, named as the directory names it."""

    title: str
    organisation: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class PersonPlan:
    """Everything the page of a person says."""

    given_name: str
    family_name: str
    civility: str = ""
    email: str | None = None
    mandates: tuple[MandatePlan, ...] = ()


@dataclass(frozen=True)
class ThemePlan:
    """A theme as named and ranked on the page; without an id, a new one."""

    name: str
    theme_id: int | None = None


def save_organisation(organisation: Organisation, plan: OrganisationPlan, *, by: Actor) -> None:
    """The organisation, new or known, is as planned; no other one has its name."""
    known = find_organisation(plan.name)
    if known is not None and known is not organisation:
        raise OrganisationNameIsTaken
    _check_dates("relations", ((one.since, one.until) for one in plan.relations))
    for name in ("name", "kind", "siren", "region_code", "website", "note"):
        setattr(organisation, name, getattr(plan, name))
    organisation.relations = [
        Relation(kind=one.kind, since=one.since, until=one.until) for one in plan.relations
    ]
    db.session.add(organisation)
    db.session.flush()
    log.info("organisation_saved", organisation=organisation.id, by=by.id)


def remove_organisation(organisation: Organisation, *, by: Actor) -> None:
    """The organisation is forgotten; refused while anything else names it."""
    if organisation.mandates:
        raise OrganisationIsUsed
    try:
        with savepoint():
            db.session.delete(organisation)
    except IntegrityError as error:
        raise OrganisationIsUsed from error
    log.info("organisation_removed", organisation=organisation.id, by=by.id)


def save_person(person: Person, plan: PersonPlan, *, by: Actor) -> None:
    """The person, new or known, is as planned, with functions in organisations of the directory."""
    _check_dates("mandates", ((one.starts_on, one.ends_on) for one in plan.mandates))
    mandates = [_mandate(one) for one in plan.mandates]
    for name in ("given_name", "family_name", "civility", "email"):
        setattr(person, name, getattr(plan, name))
    db.session.add(person)
    for former in list(person.mandates):
        db.session.delete(former)
    person.mandates = mandates
    db.session.flush()
    log.info("person_saved", person=person.id, by=by.id)


def remove_person(person: Person, *, by: Actor) -> None:
    """The person and their functions are forgotten; programmes keep the name they announced."""
    for mandate in list(person.mandates):
        db.session.delete(mandate)
    db.session.delete(person)
    db.session.flush()
    log.info("person_removed", person=person.id, by=by.id)


def save_themes(themes: Iterable[Theme], plans: Sequence[ThemePlan], *, by: Actor) -> None:
    """The themes have the names and the order planned; those of no plan stay as they are."""
    keys = [search_key(plan.name) for plan in plans]
    if len(set(keys)) < len(keys):
        raise ThemeNameIsTaken
    known = {theme.id: theme for theme in themes}
    for position, plan in enumerate(plans):
        theme = known.get(plan.theme_id or 0) or Theme()
        theme.name, theme.position = plan.name, position
        db.session.add(theme)
    try:
        with savepoint():
            db.session.flush()
    except IntegrityError as error:
        raise ThemeNameIsTaken from error
    log.info("themes_saved", by=by.id)


def _mandate(plan: MandatePlan) -> Mandate:
    organisation = find_organisation(plan.organisation)
    if organisation is None:
        raise OrganisationIsUnknown(plan.organisation)
    return Mandate(
        title=plan.title, organisation=organisation, starts_on=plan.starts_on, ends_on=plan.ends_on
    )


def _check_dates(field: str, spans: Iterable[tuple[date | None, date | None]]) -> None:
    if any(start and end and end < start for start, end in spans):
        raise DatesAreReversed(field=field)
