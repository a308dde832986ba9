"""What invitations do when something happens below them. ``create_app`` connects these to the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eventsapp.invitations import queries
from eventsapp.invitations.services import answers
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import InvitationIsWithdrawn
from eventsapp.registrations.models import Registration


def on_invitation_followed(meeting_id: int, *, invitation_id: int, **_more: Any) -> None:
    """Nobody comes by an invitation that is gone or withdrawn."""
    if not queries.is_standing(meeting_id, invitation_id):
        raise InvitationIsWithdrawn


def on_person_registered(
    registration: Registration, *, invitation_id: int | None = None, at: datetime, **_more: Any
) -> None:
    """Registering answers the invitation, whether or not its link was followed."""
    answers.note_registration(registration, invitation_id, at=at)


def on_registration_cancelled(registration: Registration, *, at: datetime, **_more: Any) -> None:
    """Somebody who gives the place back will not come."""
    answers.note_cancellation(registration, at=at)


def on_registrations_merged(kept: Registration, *, other: Registration, **_more: Any) -> None:
    """Whoever answered twice has answered once."""
    answers.follow_merge(kept, other)


def on_meeting_cancelled(meeting: Meeting, **_more: Any) -> None:
    """Nobody is invited any more."""
    answers.withdraw_invitations(meeting)
