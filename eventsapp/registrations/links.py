"""Personal links: whoever holds one sees and changes that registration, nobody else's."""

from __future__ import annotations

from eventsapp.core.links import public_url
from eventsapp.core.tokens import make_token
from eventsapp.registrations.models import Registration

PURPOSE = "registration"
INVITED = "invited"


def registration_token(registration: Registration) -> str:
    """Return the token of the registration's personal pages."""
    return make_token(PURPOSE, registration.id, registration.link_version)


def registration_url(registration: Registration) -> str:
    """Return the address of the personal page, as sent by mail."""
    return public_url("my_registration.show", token=registration_token(registration))


def verification_url(registration: Registration) -> str:
    """Return the address of the page that proves the e-mail address, as sent by mail."""
    return public_url("my_verification.ask", token=registration_token(registration))


def invited_token(meeting_id: int, invitation_id: int) -> str:
    """Return the token that lets its holder register for this meeting as this invitation's person.

    The registration form takes it in the field or the parameter ``invitation``.
    """
    return make_token(INVITED, meeting_id, invitation_id)
