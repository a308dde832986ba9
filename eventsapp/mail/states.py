"""The states of a message as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass

from eventsapp.core.i18n import Text, _l


@dataclass(frozen=True)
class ShownState:
    """One or several states of the ledger under one name; ``explanation`` says what is known."""

    code: str
    label: Text
    many: Text
    tone: str
    states: tuple[str, ...]
    explanation: Text


SHOWN_STATES: dict[str, ShownState] = {
    shown.code: shown
    for shown in (
        ShownState(
            "waiting",
            _l("En attente"),
            _l("En attente"),
            "info",
            ("queued", "claimed", "sending"),
            _l("Ce message partira à son heure. Après un refus passager, il est retenté plusieurs fois."),
        ),
        ShownState(
            "sent",
            _l("Parti"),
            _l("Partis"),
            "open",
            ("sent",),
            _l("Le serveur de messagerie a accepté ce message. Son arrivée dépend ensuite du destinataire."),
        ),
        ShownState(
            "doubtful",
            _l("À vérifier"),
            _l("À vérifier"),
            "last",
            ("doubtful",),
            _l(
                "La connexion s’est coupée au moment de l’envoi : ce message est peut-être parti. "
                "Si vous l’envoyez de nouveau, la personne peut le recevoir deux fois."
            ),
        ),
        ShownState(
            "failed",
            _l("En échec"),
            _l("En échec"),
            "full",
            ("failed",),
            _l("Ce message n’est pas parti. Lisez la réponse du serveur, corrigez l’adresse si besoin."),
        ),
        ShownState(
            "cancelled",
            _l("Retiré"),
            _l("Retirés"),
            "muted",
            ("cancelled",),
            _l("Ce message a été retiré avant son envoi."),
        ),
    )
}

BY_STATE: dict[str, ShownState] = {state: shown for shown in SHOWN_STATES.values() for state in shown.states}
