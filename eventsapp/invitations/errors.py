"""Errors named after the broken rule, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class FileIsNotAccepted(DomainError):
    """The file cannot be read as a list of people."""

    status = 422
    field = "file"


class FileIsEmpty(FileIsNotAccepted):
    message = _l("Ce fichier est vide. Choisissez un fichier qui contient au moins une personne.")


class FileIsNotText(FileIsNotAccepted):
    message = _l(
        "Ce fichier n’est pas un fichier CSV. Dans votre tableur, choisissez « Enregistrer sous », puis le format CSV."
    )


class FileIsAWorkbook(FileIsNotAccepted):
    message = _l(
        "Ce fichier est un classeur (XLSX, XLS ou ODS). Ouvrez-le dans votre tableur, choisissez « Enregistrer sous », puis le format CSV."
    )


class FileIsAPdf(FileIsNotAccepted):
    message = _l(
        "Ce fichier est un PDF : les adresses ne peuvent pas y être lues. Choisissez le fichier CSV d’un tableur."
    )


class FileIsTooHeavy(FileIsNotAccepted):
    def __init__(self, megabytes: int) -> None:
        text = _l("Ce fichier est trop lourd. Choisissez un fichier de %(size)d Mo au plus.", size=megabytes)
        super().__init__(text)


class FileHasTooManyLines(FileIsNotAccepted):
    def __init__(self, most: int) -> None:
        text = _l(
            "Ce fichier a plus de %(count)d lignes. Partagez-le en plusieurs fichiers, importés l’un après l’autre.",
            count=most,
        )
        super().__init__(text)


class FileHasTooManyColumns(FileIsNotAccepted):
    def __init__(self, most: int) -> None:
        text = _l("Ce fichier a plus de %(count)d colonnes. Retirez celles qui ne servent pas.", count=most)
        super().__init__(text)


class FileIsBadlyQuoted(FileIsNotAccepted):
    def __init__(self, line: int) -> None:
        text = _l(
            "Un guillemet ouvert vers la ligne %(line)d n’est pas fermé. Corrigez-la dans votre tableur, puis enregistrez de nouveau en CSV.",
            line=line,
        )
        super().__init__(text)


class FileHasNoHeader(FileIsNotAccepted):
    message = _l(
        "La première ligne de ce fichier est déjà une personne. Ajoutez au-dessus une ligne de titres : Nom, Prénom, Courriel, Organisme, Fonction."
    )


class ColumnOfAddressesIsMissing(FileIsNotAccepted):
    message = _l("Dites quelle colonne contient les adresses électroniques.")


class ImportHasExpired(DomainError):
    message = _l("Ce fichier n’est plus gardé. Envoyez-le de nouveau.")
    status = 410


class SomeLinesAreRefused(DomainError):
    message = _l(
        "Des lignes sont refusées : rien n’a été importé. Corrigez le fichier, ou importez seulement les lignes valides."
    )
    status = 422


class AlreadyInvited(DomainError):
    message = _l("Cette adresse est déjà invitée par cette campagne.")
    field = "email"


class InviteeIsRegistered(DomainError):
    message = _l("Cette personne est déjà inscrite à la rencontre.")
    field = "email"


class InvitationHasLeft(DomainError):
    message = _l("Cette invitation est déjà partie : la personne ne peut plus être retirée de la campagne.")


class NobodyToInvite(DomainError):
    message = _l("Il n’y a personne à qui envoyer cette campagne.")


class MeetingTakesNoInvitation(DomainError):
    message = _l(
        "Les invitations partent quand la rencontre est publiée et à venir. Publiez-la d’abord, puis revenez ici."
    )


class AnswerIsClosed(DomainError):
    message = _l("Cette rencontre est passée ou annulée : il n’y a plus à répondre.")


class RegistrationStands(DomainError):
    message = _l(
        "Vous avez une inscription à cette rencontre. Pour l’annuler, ouvrez le lien de votre message de confirmation."
    )
