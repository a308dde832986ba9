"""Rules of meetings that may be broken, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class MeetingEndsBeforeItBegins(DomainError):
    message = _l("La fin doit venir après le début. Corrigez l’heure de fin.")
    field = "ends"
    status = 422


class RegistrationWindowIsImpossible(DomainError):
    message = _l(
        "Les inscriptions doivent s’ouvrir avant de se clore, et se clore avant la fin de la rencontre."
    )
    field = "closes_day"
    status = 422


class PlaceIsOutsideScope(DomainError):
    message = _l(
        "Votre compte ne permet pas d’organiser une rencontre ici. Choisissez une commune de votre territoire."
    )
    field = "commune"
    status = 422


class ProgrammeDoesNotFit(DomainError):
    field = "ends"
    status = 422

    def __init__(self, hours: str) -> None:
        super().__init__(
            _l(
                "Des séances sortent de ces horaires (programme %(hours)s). Déplacez-les d’abord.",
                hours=hours,
            )
        )


class CapacityIsBelowPlacesTaken(DomainError):
    field = "capacity"
    status = 422

    def __init__(self, taken: int) -> None:
        super().__init__(_l("Saisissez au moins %(taken)d : ces places sont déjà prises.", taken=taken))


class MeetingIsIncomplete(DomainError):
    message = _l("Complétez la rencontre avant de la publier.")


class ChangeIsNotPossibleNow(DomainError):
    message = _l("L’état de la rencontre a changé. Rechargez la page pour voir ce qui est possible.")


class MeetingHasNotBegun(DomainError):
    message = _l("La rencontre n’a pas encore commencé. Vous pourrez la déclarer tenue une fois commencée.")


class ReasonIsMissing(DomainError):
    message = _l("Dites pourquoi la rencontre est annulée : les personnes inscrites le liront.")
    field = "reason"
    status = 422


class SessionEndsBeforeItBegins(DomainError):
    message = _l("La fin de la séance doit venir après son début. Corrigez l’heure de fin.")
    field = "ends"
    status = 422


class SessionIsOutsideMeeting(DomainError):
    field = "starts"
    status = 422

    def __init__(self, hours: str) -> None:
        super().__init__(
            _l("Choisissez des horaires compris dans ceux de la rencontre (%(hours)s).", hours=hours)
        )


class SessionsWouldOverlap(DomainError):
    """``may_choose``: there is time to ask people which session they keep."""

    field = "accepts_clashes"

    def __init__(self, people: int, *, may_choose: bool) -> None:
        text = (
            _l(
                "Personnes inscrites à cette séance et à une autre au même moment : %(people)d. Cochez la case pour changer l’horaire quand même, ou choisissez-en un autre.",
                people=people,
            )
            if may_choose
            else _l(
                "Impossible à cet horaire : %(people)d personnes inscrites à cette séance participent à une autre au même moment.",
                people=people,
            )
        )
        super().__init__(text)


class SessionHasPlacesTaken(DomainError):
    def __init__(self, taken: int) -> None:
        super().__init__(
            _l(
                "Des places sont prises dans cette séance (%(taken)d). Proposez d’abord une autre séance à ces personnes, depuis la page Inscriptions.",
                taken=taken,
            )
        )


class SessionHasOffersToAnswer(DomainError):
    field = "ends_offers"

    def __init__(self, offered: int) -> None:
        super().__init__(
            _l(
                "Des places de cette séance sont proposées et attendent une réponse (%(offered)d). Cochez la case pour y mettre fin et la supprimer.",
                offered=offered,
            )
        )


class SlotIsGone(DomainError):
    message = _l("Le programme a changé entre-temps. Choisissez de nouveau le créneau.")


class DocumentTitleIsTaken(DomainError):
    message = _l("Un document de cette rencontre porte déjà ce titre. Choisissez-en un autre.")
    field = "title"
    status = 422


class DocumentIsNeitherFileNorLink(DomainError):
    message = _l("Choisissez un fichier, ou saisissez une adresse : l’un des deux.")
    field = "file"
    status = 422
