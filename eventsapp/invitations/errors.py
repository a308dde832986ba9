"""Errors named after the broken rule, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l
from eventsapp.core.tables.errors import TableIsNotAccepted


class ColumnOfAddressesIsMissing(TableIsNotAccepted):
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
    message = _l(
        "Cette adresse est déjà invitée par cette campagne. Si son invitation a été retirée, passez par une autre "
        "campagne."
    )
    field = "email"


class InviteeIsRegistered(DomainError):
    message = _l("Cette personne est déjà inscrite à la rencontre.")
    field = "email"


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
