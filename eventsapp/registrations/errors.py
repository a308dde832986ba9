"""Errors named after the broken rule."""

from __future__ import annotations

from collections.abc import Sequence

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l
from eventsapp.meetings.models import Session


class RegistrationIsClosed(DomainError):
    message = _l("Les inscriptions à cette rencontre ne sont pas ouvertes.")


class MeetingIsFull(DomainError):
    message = _l("Il n’y a plus de place à cette rencontre.")


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
    """The address has an active registration. For organisers only: a stranger is never told."""

    message = _l("Cette adresse est déjà inscrite à cette rencontre.")
    field = "email"


class RegistrationIsCancelled(DomainError):
    message = _l("Cette inscription est annulée. Pour revenir, inscrivez-vous de nouveau.")


class ChangeIsTooLate(DomainError):
    message = _l("Les inscriptions sont closes : les choix ne peuvent plus être modifiés.")
