"""Errors named after the broken rule."""

from eventsapp.attendance.rules import MOST_LISTED
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class HalfDayIsUnknown(DomainError):
    message = _l("Cette demi-journée ne fait pas partie de la rencontre. Rechargez la page.")


class RegistrationIsCancelled(DomainError):
    message = _l(
        "Cette inscription est annulée. Inscrivez de nouveau la personne avant de noter sa présence."
    )


class RepresentativeIsMissing(DomainError):
    message = _l("Saisissez le nom de la personne qui représente.")
    field = "represented_by"


class ListIsTooLong(DomainError):
    message = _l(
        "Ce document aurait plus de %(most)s personnes, ce qu’un PDF ne tient pas. Exportez plutôt les inscriptions vers un tableur, depuis leur liste.",
        most=f"{MOST_LISTED:,}".replace(",", "\N{NO-BREAK SPACE}"),
    )


class HalfDayIsNotOver(DomainError):
    message = _l("Cette demi-journée n’est pas terminée. Notez les absences après la fin.")
