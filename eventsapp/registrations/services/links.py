"""Sending again what somebody lost."""

from __future__ import annotations

from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.registrations import mails, places, queries
from eventsapp.registrations.errors import RegistrationIsCancelled
from eventsapp.registrations.models import Registration
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.history import record_event


def resend_confirmation(*, registration: Registration, by: Account, at: datetime) -> None:
    """The confirmation, with the personal link, is on its way again: an organiser was asked for it.

    Only the link for somebody who has no place yet: their page says what is still to come.
    """
    if not registration.is_active():
        raise RegistrationIsCancelled
    places.check_goes_on(registration.meeting)
    sessions, waits = mails.chosen_sessions(registration), queues.waits_of(registration)
    if registration.is_confirmed():
        meeting = registration.meeting
        wishes = mails.wish_facts(registration, meeting, queries.get_setup(meeting.id))
        mails.queue_confirmation(
            registration, meeting, sessions, at=at, waits=waits, wishes=wishes, again=True
        )
    else:
        mails.queue_personal_link(registration, registration.meeting, at=at)
    record_event(registration, "confirmation_sent_again", at=at, by=by)


def send_personal_links(*, email: str, at: datetime) -> None:
    """Each coming registration of this address, if any, has its link sent again, at most once in ten minutes."""
    for registration in queries.find_upcoming_of(email, at=at):
        mails.queue_personal_link(registration, registration.meeting, at=at)
