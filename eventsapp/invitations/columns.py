"""The columns of a list of people to invite."""

from __future__ import annotations

from eventsapp.core.i18n import _l, _p
from eventsapp.core.keys import search_key
from eventsapp.core.tables.titles import titles_of

FIELDS = {
    "email": _l("Adresse électronique"),
    "civility": _l("Civilité"),
    "given_name": _l("Prénom"),
    "family_name": _p("personne", "Nom"),
    "organisation": _l("Organisme"),
    "job_title": _l("Fonction"),
    "locale": _l("Langue"),
}
FIELD_OF = titles_of(FIELDS)


def is_known(title: str) -> bool:
    """Tell whether the title is that of a column to read."""
    return search_key(title) in FIELD_OF
