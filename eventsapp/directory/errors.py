"""Rules of the directory that may be broken, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class OrganisationNameIsTaken(DomainError):
    message = _l("Un organisme porte déjà ce nom. Précisez-le, par exemple avec sa commune.")
    field = "name"
    status = 422


class OrganisationIsUnknown(DomainError):
    field = "mandates"
    status = 422

    def __init__(self, name: str) -> None:
        super().__init__(_l("Aucun organisme ne s’appelle « %(name)s ». Créez-le d’abord.", name=name))


class DatesAreReversed(DomainError):
    message = _l("Une date de fin vient avant son début. Corrigez-la.")
    status = 422


class OrganisationIsUsed(DomainError):
    message = _l(
        "Cet organisme est cité ailleurs : fonctions, inscriptions ou signatures. Il ne peut pas être supprimé."
    )


class ThemeNameIsTaken(DomainError):
    message = _l("Deux thématiques portent le même nom. Donnez-leur des noms différents.")
    field = "themes"
    status = 422
