"""Errors named after the broken rule."""

from __future__ import annotations

from collections.abc import Sequence

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l
from eventsapp.meetings.models import Session


class RegistrationIsClosed(DomainError):
    message = _l("Les inscriptions à cette rencontre ne sont pas ouvertes.")


class MeetingIsCancelled(DomainError):
    message = _l("Cette rencontre est annulée : ses inscriptions ne changent plus.")


class MeetingIsFull(DomainError):
    message = _l("Il n’y a plus de place à cette rencontre.")


class PlacesOnSiteAreTaken(MeetingIsFull):
    message = _l("Il n’y a plus de place sur place. Vous pouvez suivre la rencontre à distance.")
    field = "mode"


def no_place_left(attendance: str) -> MeetingIsFull:
    """Return the refusal of somebody who would come; it names the other way where the meeting has both."""
    return PlacesOnSiteAreTaken() if attendance == "both" else MeetingIsFull()


class WorkshopIsFull(DomainError):
    """``session`` has no place left; ``sessions`` are all those wanted that have none."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.sessions = sessions
        self.session = sessions[0]
        super().__init__(self.message_about(self.session), field="sessions")

    @staticmethod
    def message_about(session: Session) -> str:
        """Return the sentence about one of them."""
        text = _l("L’atelier « %(title)s » est complet. Choisissez-en un autre.", title=session.title)
        return str(text)


class GroupsAreNotTaken(DomainError):
    message = _l("À cette rencontre, chaque personne s’inscrit elle-même.")


class NotEnoughPlaces(DomainError):
    """``left`` is how many of the group would have a place."""

    field = "accepts_waiting"

    def __init__(self, left: int, *, may_wait: bool) -> None:
        text = _l(
            "Il n’y a pas de place pour tout le groupe (places possibles : %(left)d). Personne n’est inscrit.",
            left=left,
        )
        if may_wait:
            text = _l(
                "Il n’y a pas de place pour tout le groupe (places possibles : %(left)d). Personne n’est inscrit : "
                "retirez des personnes, ou acceptez la liste d’attente pour les suivantes.",
                left=left,
            )
        super().__init__(text)


class TooManyFromOneAddress(DomainError):
    message = _l(
        "Beaucoup d’envois viennent de votre connexion. Attendez quelques minutes, puis recommencez : "
        "vos réponses sont gardées sur cette page."
    )
    status = 429


class InvitationIsWithdrawn(DomainError):
    message = _l(
        "L’organisation a retiré cette invitation : son lien ne sert plus. Écrivez-lui si vous pensez que c’est une erreur."
    )
    status = 410


class AccessCodeIsWrong(DomainError):
    message = _l("Ce code d’accès n’est pas le bon. Il figure dans l’invitation.")
    field = "access_code"


class TooManyWrongCodes(DomainError):
    message = _l(
        "Trop de codes ont été essayés. Attendez dix minutes, puis recommencez : vos réponses sont gardées sur "
        "cette page. Le code figure dans l’invitation."
    )
    field = "access_code"
    status = 429


class WorkshopsAreOnSite(DomainError):
    message = _l("Les ateliers se tiennent sur place. À distance, vous suivez les plénières.")
    field = "sessions"


class ModeIsNotOffered(DomainError):
    message = _l("Cette rencontre ne se suit pas ainsi. Choisissez une des possibilités proposées.")
    field = "mode"


class WorkshopIsUnknown(DomainError):
    message = _l("Un atelier choisi n’est plus au programme. Choisissez-en un autre.")
    field = "sessions"


class SessionsOverlap(DomainError):
    """Two chosen sessions are under way at a common instant."""

    def __init__(self, first: Session, second: Session) -> None:
        self.first, self.second = first, second
        text = _l(
            "« %(first)s » et « %(second)s » ont lieu en même temps. Gardez l’un des deux.",
            first=first.title,
            second=second.title,
        )
        super().__init__(text, field="sessions")


class AlreadyRegistered(DomainError):
    """The address has an active registration. For organisers only: a stranger is never told.

    ``standing`` is the state that a registration of this address would begin with.
    """

    message = _l("Cette adresse est déjà inscrite à cette rencontre.")
    field = "email"

    def __init__(self, standing: str = "confirmed") -> None:
        self.standing = standing
        super().__init__()


class NothingToDecide(DomainError):
    message = _l("Cette inscription n’attend plus de validation. Rechargez la page.")


class RegistrationIsCancelled(DomainError):
    message = _l("Cette inscription est annulée. Pour revenir, inscrivez-vous de nouveau.")


class PlaceIsNotTheirs(DomainError):
    message = _l("Seule une place confirmée peut être donnée à une autre personne.")


class SubstituteIsThemselves(DomainError):
    message = _l("C’est votre propre adresse. Donnez celle de la personne qui vous remplace.")
    field = "email"


class RequestsAreNotTaken(DomainError):
    message = _l("Cette demande ne peut pas se faire ici. Écrivez à l’organisation de la rencontre.")


class RequestIsOpen(DomainError):
    message = _l("Une demande attend déjà une réponse. Retirez-la pour en faire une autre.")


class RequestIsSettled(DomainError):
    message = _l("Cette demande a déjà une réponse, ou la personne l’a retirée. Rechargez la page.")


class NothingIsAsked(DomainError):
    message = _l("Ces ateliers sont déjà les vôtres. Choisissez ceux que vous souhaitez.")
    field = "sessions"


class ChangeIsTooLate(DomainError):
    message = _l("Le moment de modifier est passé : les choix restent ce qu’ils sont.")


class NothingIsSelected(DomainError):
    message = _l("Aucune inscription choisie ne se prête à cette action.")
    status = 422


class BatchHasEnded(DomainError):
    message = _l("Ce traitement est déjà terminé.")


class RegistrationHasChanged(DomainError):
    message = _l(
        "Cette inscription a changé pendant que vous remplissiez cette page. Comparez avec sa fiche, puis "
        "enregistrez de nouveau."
    )


class NotForThisState(DomainError):
    message = _l("Cette inscription a changé d’état entre-temps.")


class NotTwoRegistrations(DomainError):
    message = _l("Il faut deux inscriptions en cours de la même rencontre. Rechargez la liste des doublons.")


class NoteIsSomebodyElses(DomainError):
    message = _l("Seule la personne qui a écrit une note peut la supprimer.")


class ViewIsTooLong(DomainError):
    message = _l("Cette vue a trop de filtres et de colonnes. Retirez des colonnes, puis enregistrez-la.")


class TooManyViews(DomainError):
    def __init__(self, most: int) -> None:
        text = _l(
            "Vous avez déjà %(count)d vues. Supprimez-en une avant d’en enregistrer une autre.", count=most
        )
        super().__init__(text)


class ViewNameIsTaken(DomainError):
    message = _l("Vous avez déjà une vue de ce nom. Choisissez-en un autre.")
    field = "name"


class OfferIsOver(DomainError):
    message = _l("Le délai pour accepter cette place est passé : elle est proposée à la personne suivante.")
    status = 410


class NothingIsOffered(DomainError):
    message = _l("Aucune place ne vous est proposée pour le moment.")


class NobodyWaits(DomainError):
    message = _l("Cette personne n’est plus sur la liste d’attente. Rechargez la page.")


class OffersAreOver(DomainError):
    message = _l("Une place se propose jusqu’au début d’une rencontre annoncée, pas après.")


class ThereIsNoWaitingList(DomainError):
    message = _l("Cette rencontre n’a pas de liste d’attente. Choisissez un autre atelier.")
    field = "sessions"


class ChoiceHasChanged(DomainError):
    """Workshops are no longer chosen in the way the form shows."""

    message = _l(
        "Le choix des ateliers a changé pendant que vous remplissiez cette page. Choisissez de nouveau."
    )
    field = "sessions"


class WishesAreUnsound(DomainError):
    message = _l("Un même atelier est classé deux fois, ou trop d’ateliers sont classés dans un créneau.")
    field = "sessions"


class WishesAreClosed(DomainError):
    message = _l("Les vœux sont clos : les places sont en cours d’attribution.")


class WishesAreStillOpen(DomainError):
    message = _l(
        "Les vœux sont encore ouverts : attendez leur clôture, ou avancez-la dans les réglages des inscriptions."
    )


class AllocationHasChanged(DomainError):
    message = _l(
        "Des vœux, des inscriptions ou des ateliers ont changé depuis cette proposition. Préparez-en une nouvelle."
    )


class AllocationIsOver(DomainError):
    message = _l("Cette proposition n’est plus à décider. Rechargez la page.")


class MoveIsRefused(DomainError):
    """``message`` says why the person cannot have this place."""
