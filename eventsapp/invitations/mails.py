"""The message that invites."""

from __future__ import annotations

from eventsapp.core.links import public_url
from eventsapp.core.tokens import make_token
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.mail.outbox import Draft
from eventsapp.meetings.mails import meeting_facts
from eventsapp.meetings.models import Meeting

PURPOSE = "invitation"
HIDDEN = "votre-lien-personnel"  # in a preview, so that nobody answers in somebody's name by clicking


def invitation_draft(
    invitation: Invitation, campaign: Campaign, meeting: Meeting, *, token: str | None = None
) -> Draft:
    """Return the personal message of one invitation; its occasion makes it unique."""
    token = token or make_token(PURPOSE, invitation.id)
    unsubscribe_url = public_url("invitations.unsubscribe_in_one_click", token=token)
    return Draft(
        purpose=PURPOSE,
        recipient=invitation.email,
        recipient_name=invitation.full_name,
        occasion=occasion_of(campaign.id),
        template="invitations/mail/invitation",
        context={
            "invitation": {"full_name": invitation.full_name},
            "campaign": {"subject": campaign.subject, "message": campaign.message},
            "meeting": meeting_facts(meeting),
            "answer_url": public_url("invitations.show", token=token),
            "unsubscribe_url": unsubscribe_url,
        },
        locale=invitation.locale,
        reply_to=meeting.contact_email,
        unsubscribe_url=unsubscribe_url,
        about=about_of(meeting.id),
        territory_code=meeting.region_code,
        priority=7,  # after what somebody is waiting for
    )


def occasion_of(campaign_id: int) -> str:
    """Return what makes the message unique beside its recipient: a campaign is sent once to each address."""
    return f"campaign:{campaign_id}"


def about_of(meeting_id: int) -> str:
    """Return what the messages of a meeting are about, as the list of messages names it."""
    return f"meeting:{meeting_id}"
