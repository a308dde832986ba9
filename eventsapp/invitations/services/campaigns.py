"""Writing campaigns, choosing whom they invite, sending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from eventsapp.core.db import db, lock
from eventsapp.core.permissions import Actor
from eventsapp.invitations import queries
from eventsapp.invitations.errors import (
    AlreadyInvited,
    InviteeIsRegistered,
    MeetingTakesNoInvitation,
    NobodyToInvite,
)
from eventsapp.invitations.mails import invitation_draft
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.invitations.rules import Invitee, may_invite
from eventsapp.invitations.services.answers import withdraw_invitation
from eventsapp.mail.outbox import queue_mails
from eventsapp.meetings.models import Meeting

SENT_AT_ONCE = 1000  # a request holds the database that long at most


@dataclass(frozen=True)
class CampaignText:
    """What an organiser writes: the title for the office, the rest for the people invited."""

    title: str
    subject: str
    message: str


def create_campaign(meeting: Meeting, text: CampaignText, *, by: Actor, at: datetime) -> Campaign:
    """Store a campaign that invites nobody yet."""
    campaign = Campaign(
        meeting_id=meeting.id,
        title=text.title,
        subject=text.subject,
        message=text.message,
        created_at=at,
        created_by_id=by.id,
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign


def change_campaign(campaign: Campaign, text: CampaignText) -> None:
    """Change what the messages still to leave will say."""
    campaign.title, campaign.subject, campaign.message = text.title, text.subject, text.message
    db.session.flush()


def add_invitee(campaign: Campaign, invitee: Invitee, *, at: datetime) -> Invitation:
    """Put one person on the campaign's list; refused when the address is there or is registered."""
    lock(Campaign, campaign.id)
    if queries.is_registered(campaign.meeting_id, invitee.key):
        raise InviteeIsRegistered
    if invitee.key in queries.invited_keys(campaign):
        raise AlreadyInvited
    invitation = Invitation(**row_of(campaign, invitee, at))
    db.session.add(invitation)
    db.session.flush()
    return invitation


def row_of(campaign: Campaign, invitee: Invitee, at: datetime) -> dict[str, object]:
    """Return the columns of a new invitation."""
    return {
        "campaign_id": campaign.id,
        "email_key": invitee.key,
        "added_at": at,
        "answer": "none",
        **{name: getattr(invitee, name) for name in invitee.__dataclass_fields__},
    }


def remove_invitee(invitation: Invitation, *, at: datetime) -> None:
    """Take a person off the list; once the message has left, the invitation is withdrawn and stays on it."""
    if invitation.sent_at:
        withdraw_invitation(invitation, at=at)
    else:
        db.session.delete(invitation)
        db.session.flush()


def send_campaign(campaign: Campaign, meeting: Meeting, *, by: Actor, at: datetime) -> int:
    """Queue the message of those who have not had it and still may, at most ``SENT_AT_ONCE`` people.

    Asked twice, or by two people at once, each person gets one message. Returns how many are queued.
    """
    if not may_invite(meeting, at):
        raise MeetingTakesNoInvitation
    campaign = lock(Campaign, campaign.id)
    statement = queries.waiting_to_leave(campaign).order_by(Invitation.id).limit(SENT_AT_ONCE)
    leaving = db.session.scalars(statement).all()
    if not leaving:
        raise NobodyToInvite
    queued = queue_mails([invitation_draft(one, campaign, meeting) for one in leaving], at=at)
    ids = [one.id for one in leaving]
    db.session.execute(update(Invitation).where(Invitation.id.in_(ids)).values(sent_at=at))
    if campaign.sent_at is None:
        campaign.sent_at, campaign.sent_by_id = at, by.id
    db.session.flush()
    return queued
