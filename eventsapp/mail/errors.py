"""Rules about messages that refuse a request."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class MailIsNotStopped(DomainError):
    message = _l("Ce message est déjà en route ou parti. Rechargez la page pour connaître son état.")


class MailHasLeft(DomainError):
    message = _l("Ce message ne peut plus être retiré. Rechargez la page pour connaître son état.")


class MailTextIsErased(DomainError):
    message = _l("Le texte de ce message a été effacé. Refaites l’action qui l’avait provoqué.")
