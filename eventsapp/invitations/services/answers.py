"""What invited people answer, and what registrations answer for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from eventsapp.core.db import db, lock, table_of
from eventsapp.core.prepared import Prepared
from eventsapp.invitations.errors import AnswerIsClosed, InviteeIsRegistered, RegistrationStands
from eventsapp.invitations.mails import PURPOSE, about_of, occasion_of
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.invitations.rules import may_answer
from eventsapp.mail.outbox import cancel_mail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import InvitationIsWithdrawn
from eventsapp.registrations.models import Registration


def decline_invitation(invitation: Invitation, meeting: Meeting, *, at: datetime) -> None:
    """Note that the person will not come; asked twice, the first answer stands."""
    if not may_answer(meeting, at):
        raise AnswerIsClosed
    invitation = _hold_standing(invitation)
    if invitation.answer == "registered":
        raise RegistrationStands
    if invitation.answer == "none":
        invitation.answer, invitation.answered_at = "declined", at
        _hold_back(invitation)
    db.session.flush()


def take_back_refusal(invitation: Invitation, meeting: Meeting, *, at: datetime) -> None:
    """Forget that the person will not come: the invitation waits for an answer again."""
    if not may_answer(meeting, at):
        raise AnswerIsClosed
    invitation = _hold_standing(invitation)
    if invitation.answer == "declined":
        invitation.answer, invitation.answered_at = "none", None
    db.session.flush()


def withdraw_invitation(invitation: Invitation, *, at: datetime) -> None:
    """The links of the message, and those followed from it, open nothing any more; asked twice, nothing changes.

    Raises InviteeIsRegistered: a registration is cancelled, not the invitation that it answered.
    """
    invitation = lock(Invitation, invitation.id)
    if invitation.answer == "registered":
        raise InviteeIsRegistered
    invitation.withdrawn_at = invitation.withdrawn_at or at
    _hold_back(invitation)
    db.session.flush()


def check_standing(invitation: Invitation) -> None:
    """Raise InvitationIsWithdrawn when an organiser took it back."""
    if invitation.withdrawn_at is not None:
        raise InvitationIsWithdrawn


def _hold_standing(invitation: Invitation) -> Invitation:
    held = lock(Invitation, invitation.id)
    check_standing(held)
    return held


def unsubscribe(invitation: Invitation, *, at: datetime) -> None:
    """Send this person no more messages of the meeting's campaigns; asked twice, nothing changes."""
    invitation.unsubscribed_at = invitation.unsubscribed_at or at
    _hold_back(invitation)
    db.session.flush()


def subscribe_again(invitation: Invitation) -> None:
    """Let the meeting's campaigns write to this person again."""
    invitation.unsubscribed_at = None
    db.session.flush()


def note_registration(registration: Registration, invitation_id: int | None, *, at: datetime) -> None:
    """Mark as answered the invitations to that meeting of this address, and the one that was followed."""
    values = {
        "meeting_id": registration.meeting_id,
        "address": registration.email_key,
        "followed": invitation_id,
        "at": at,
        "registration": registration.id,
    }
    for campaign_id, email in _ANSWERED.rows(values):
        cancel_mail(purpose=PURPOSE, recipient=email, occasion=occasion_of(campaign_id))


# Built once: it runs at each registration, while others wait for the meeting's lock.
_INVITATIONS = table_of(Invitation).c
_ANSWERED = Prepared(
    update(table_of(Invitation))  # the table, not the class: no copy of the rows is kept here
    .where(
        _INVITATIONS.campaign_id.in_(
            select(Campaign.id).where(Campaign.meeting_id == bindparam("meeting_id"))
        ),
        or_(_INVITATIONS.email_key == bindparam("address"), _INVITATIONS.id == bindparam("followed")),
    )
    .values(answer="registered", answered_at=bindparam("at"), registration_id=bindparam("registration"))
    .returning(_INVITATIONS.campaign_id, _INVITATIONS.email)
)


def note_cancellation(registration: Registration, *, at: datetime) -> None:
    """Mark the invitations answered by that registration as declined."""
    followed = update(Invitation).where(Invitation.registration_id == registration.id)
    db.session.execute(followed.values(answer="declined", answered_at=at))


def follow_merge(kept: Registration, other: Registration) -> None:
    """The invitations answered by the other registration are answered by the kept one."""
    followed = update(Invitation).where(Invitation.registration_id == other.id)
    db.session.execute(followed.values(registration_id=kept.id))


def withdraw_invitations(meeting: Meeting) -> int:
    """Hold back the invitations to the meeting that have not left; return how many."""
    return cancel_mail(purpose=PURPOSE, about=about_of(meeting.id))


def _hold_back(invitation: Invitation) -> None:
    occasion = occasion_of(invitation.campaign_id)
    cancel_mail(purpose=PURPOSE, recipient=invitation.email, occasion=occasion)
