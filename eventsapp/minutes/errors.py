"""Errors named after the broken rule."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class MinutesExistAlready(DomainError):
    message = _l("Le compte rendu de cette rencontre existe déjà. Ouvrez-le pour le compléter.")


class MinutesAreClosed(DomainError):
    message = _l(
        "Ce compte rendu est approuvé ou publié : son texte ne change plus. Reprenez la rédaction pour le corriger."
    )


class TextHasChanged(DomainError):
    """Somebody else saved in between; the page shows both texts."""

    message = _l("Une autre personne a modifié ce texte. Comparez avant d’enregistrer.")


class StepIsImpossible(DomainError):
    message = _l(
        "Cette étape n’est pas possible maintenant. Rechargez la page pour voir où en est le compte rendu."
    )


class ContentCannotBePublished(DomainError):
    message = _l("Le compte rendu ne peut pas être publié tel quel. Corrigez les points signalés.")


class ReasonIsMissing(DomainError):
    message = _l("Dites ce que cette version corrige.")
    field = "reason"


class PublicationIsFrozen(DomainError):
    message = _l("Une version publiée ne change jamais. Publiez une nouvelle version.")
    status = 500


class ClosedBeforeOpened(DomainError):
    message = _l("La séance est levée après son ouverture : corrigez l’une des deux heures.")
    field = "closed_at"
