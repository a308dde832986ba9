"""Reads of territories. Unless a vintage is asked for, the newest one loaded answers."""

import re

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from eventsapp.core.db import db
from eventsapp.geography.files import BEFORE_THE_REFORM
from eventsapp.geography.models import Territory, TerritoryKind
from eventsapp.geography.names import search_name

SHORTEST_SEARCH = 2
_NAMED = re.compile(r"(?P<name>.+) \((?P<code>[0-9AB]{5})\)")


def regions() -> list[Territory]:
    """Return the 18 régions of today, by name."""
    return list(db.session.scalars(_current(TerritoryKind.REGION).order_by(Territory.search_name)))


def departments() -> list[Territory]:
    """Return the 101 départements, by code."""
    return list(db.session.scalars(_current(TerritoryKind.DEPARTMENT).order_by(Territory.code)))


def former_regions() -> list[Territory]:
    """Return the régions before 2016, by name; each knows its successor."""
    return list(
        db.session.scalars(
            select(Territory)
            .where(Territory.kind == TerritoryKind.REGION, Territory.vintage == BEFORE_THE_REFORM)
            .order_by(Territory.search_name)
        )
    )


def current_region(code: str) -> Territory | None:
    """Return the région of today for a code of today or of 2015: Lorraine (41) gives Grand Est."""
    former = aliased(Territory)
    successor = (
        select(former.successor_code)
        .where(former.kind == TerritoryKind.REGION, former.vintage == BEFORE_THE_REFORM, former.code == code)
        .scalar_subquery()
    )
    return db.session.scalar(
        _current(TerritoryKind.REGION).where(Territory.code == func.coalesce(successor, code))
    )


def find_commune(code: str) -> Territory | None:
    """Return the commune of this INSEE code, or None."""
    return db.session.scalar(_current(TerritoryKind.COMMUNE).where(Territory.code == code))


def search_communes(text: str, limit: int = 10) -> list[Territory]:
    """Return communes whose name has a word starting so, or whose postal code does; the likeliest first.

    A name that is exactly the text comes before one that starts with it, then the most inhabitants.
    """
    wanted = search_name(text)
    if len(wanted) < SHORTEST_SEARCH:
        return []
    if wanted.isdigit():
        found: ColumnElement[bool] = (literal(" ") + Territory.postal_codes).contains(f" {wanted}")
    else:
        found = (literal(" ") + Territory.search_name).contains(f" {wanted}")
    likeliest = case(
        (Territory.search_name == wanted, 0),
        (or_(Territory.search_name.startswith(wanted), Territory.postal_codes == wanted), 1),
        else_=2,
    )
    matching = _current(TerritoryKind.COMMUNE).where(found)
    order = (likeliest, Territory.population.desc(), Territory.search_name, Territory.code)
    return list(db.session.scalars(matching.order_by(*order).limit(limit)))


def communes_typed(text: str, chosen: str = "") -> list[Territory]:
    """Return the communes that a text names: one when its name, its postal code or the choice says which.

    The text is a name, a postal code, or both as lists show them: « Saint-Denis (97400) ». ``chosen`` is
    the INSEE code of one of those found before.
    """
    named = _NAMED.fullmatch(text.strip())
    found = search_communes(named["name"], limit=100) if named else search_communes(text)
    if named:
        found = [one for one in found if named["code"] in (one.code, *one.postal_codes.split())]
    if picked := [one for one in found if one.code == chosen]:
        return picked
    exact = [one for one in found if one.search_name == search_name(text)]
    return exact if len(exact) == 1 else found


def _current(kind: TerritoryKind) -> Select[Territory]:
    return select(Territory).where(Territory.kind == kind, Territory.vintage == _newest(kind))


def _newest(kind: TerritoryKind) -> ScalarSelect[int]:
    counted = aliased(Territory)
    return select(func.max(counted.vintage)).where(counted.kind == kind).scalar_subquery()
