"""Reads of the directory: organisations, people, themes. Lists are bounded."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.core.paging import Page, paginate
from eventsapp.directory.models import Mandate, Organisation, Person, Theme

MOST_THEMES = 100
MOST_CHOICES = 500


def list_themes() -> Sequence[Theme]:
    """Return the themes in their order, at most a hundred."""
    return db.session.scalars(select(Theme).order_by(Theme.position, Theme.name).limit(MOST_THEMES)).all()


def list_organisations(text: str, kind: str, region: str, page: int) -> Page[Organisation]:
    """Return one page of organisations by name, with their relations to the network."""
    statement = select(Organisation).options(selectinload(Organisation.relations))
    for word in search_key(text).split()[:8]:
        statement = statement.where(Organisation.name_key.contains(word, autoescape=True))
    if kind:
        statement = statement.where(Organisation.kind == kind)
    if region:
        statement = statement.where(Organisation.region_code == region)
    return paginate(statement.order_by(Organisation.name_key, Organisation.id), number=page)


def get_organisation(organisation_id: int) -> Organisation:
    """Return the organisation with its relations and the people who act for it; NoResultFound (404)."""
    people = selectinload(Organisation.mandates).joinedload(Mandate.person)
    statement = select(Organisation).where(Organisation.id == organisation_id)
    return db.session.scalars(statement.options(selectinload(Organisation.relations), people)).one()


def list_organisation_choices() -> Sequence[Organisation]:
    """Return organisations by name for a choice in a form, bounded."""
    return db.session.scalars(select(Organisation).order_by(Organisation.name_key).limit(MOST_CHOICES)).all()


def search_organisations(text: str, limit: int = 10) -> Sequence[Organisation]:
    """Return the organisations whose name holds every word of the text."""
    statement = select(Organisation)
    for word in search_key(text).split()[:8]:
        statement = statement.where(Organisation.name_key.contains(word, autoescape=True))
    return db.session.scalars(statement.order_by(Organisation.name_key).limit(limit)).all()


def find_organisation(name: str) -> Organisation | None:
    """Return the organisation of that name, whatever its capitals and accents, or None."""
    return db.session.scalar(select(Organisation).where(Organisation.name_key == search_key(name)[:200]))


def list_people(text: str, page: int) -> Page[Person]:
    """Return one page of people by family name, with their mandates and organisations."""
    mandates = selectinload(Person.mandates).joinedload(Mandate.organisation)
    statement = select(Person).options(mandates)
    for word in search_key(text).split()[:8]:
        in_mandate = Person.mandates.any(Mandate.organisation.has(Organisation.name_key.contains(word)))
        statement = statement.where(or_(Person.name_key.contains(word, autoescape=True), in_mandate))
    return paginate(statement.order_by(Person.name_key, Person.id), number=page)


def get_person(person_id: int) -> Person:
    """Return the person with mandates and organisations; NoResultFound (404)."""
    mandates = selectinload(Person.mandates).joinedload(Mandate.organisation)
    return db.session.scalars(select(Person).where(Person.id == person_id).options(mandates)).one()
