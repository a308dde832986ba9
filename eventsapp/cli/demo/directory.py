"""Themes, the charter and the organisations that public sources name."""

from __future__ import annotations

from eventsapp.cli.demo import facts
from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.directory.models import Charter, Organisation, Relation, Signature, Theme


def load_directory() -> list[Theme]:
    """The directory holds what the sources say; return the themes."""
    themes = [Theme(name=name, position=position) for position, name in enumerate(facts.THEMES, 1)]
    organisations = [_organisation(*row) for row in facts.ORGANISATIONS]
    charter = Charter(title=facts.CHARTER_TITLE, signed_on=facts.CHARTER_SIGNED_ON)
    charter.signatures = [
        Signature(organisation=organisation, signed_on=facts.CHARTER_SIGNED_ON)
        for organisation in organisations
        if organisation.name in ("RTES", "Groupe La Poste")
    ]
    db.session.add_all([*themes, *organisations, charter])
    db.session.flush()
    return themes


def _organisation(name: str, kind: str, relation: str, note: str) -> Organisation:
    organisation = Organisation(name=name, name_key=search_key(name), kind=kind, note=note)
    if relation:
        organisation.relations = [Relation(kind=relation, since=facts.CHARTER_SIGNED_ON)]
    return organisation
