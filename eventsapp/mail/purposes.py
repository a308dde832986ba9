"""Why a message is sent, and what is done when nobody can know whether it left.

SMTP has one moment that no program can settle: the message has gone, the server's answer has not
come back, and the machine stops. A purpose says which harm is worse, a loss or a second copy.
"""

from __future__ import annotations

from dataclasses import dataclass

from eventsapp.core.i18n import Text, _l


@dataclass(frozen=True)
class Purpose:
    """``resend``: a loss is worse, so it goes again with the same Message-ID; else it waits for a person.

    ``priority``: 1 leaves before 9; what somebody waits for goes before a mailing to a thousand.
    """

    code: str
    label: Text
    resend: bool
    priority: int = 3


PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose("sign_in_link", _l("Lien de connexion"), resend=True, priority=1),
        Purpose("registration_check", _l("Vérification d’une adresse"), resend=True),
        Purpose("confirmation", _l("Confirmation d’inscription"), resend=True),
        Purpose("waiting", _l("Liste d’attente"), resend=True),
        Purpose("place_offered", _l("Place proposée"), resend=True),
        Purpose("decision", _l("Réponse à une demande"), resend=True),
        Purpose("cancellation", _l("Annulation"), resend=True),
        Purpose("change", _l("Changement de date ou de lieu"), resend=True),
        Purpose("personal_link", _l("Lien personnel"), resend=True),
        Purpose("request", _l("Demande reçue"), resend=True),
        Purpose("office_message", _l("Message de l’organisation"), resend=False, priority=5),
        Purpose("invitation", _l("Invitation"), resend=False, priority=7),
        Purpose("reminder", _l("Rappel"), resend=False, priority=5),
        Purpose("minutes", _l("Compte rendu"), resend=False, priority=7),
        Purpose("thanks", _l("Remerciement"), resend=False, priority=7),
        Purpose("news", _l("Actualité"), resend=False, priority=7),
        Purpose("notice", _l("Avis aux équipes"), resend=False, priority=5),
    )
}


def resent_when_unsure() -> tuple[str, ...]:
    """Return the codes of the purposes for which a loss is worse than a second copy."""
    return tuple(code for code, purpose in PURPOSES.items() if purpose.resend)
