"""The message to whoever registered colleagues."""

from __future__ import annotations

from datetime import datetime

from eventsapp.mail.outbox import queue_mail
from eventsapp.meetings.mails import meeting_facts
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.colleagues import Group


def queue_summary(group: Group, meeting: Meeting, *, at: datetime) -> None:
    """Give the contact the names and the group's reference: no link, and nothing of who was registered already."""
    names = [f"{one.details.given_name} {one.details.family_name}" for one in group.colleagues]
    queue_mail(
        at=at,
        purpose="request",
        recipient=group.contact_email,
        recipient_name=group.contact_name,
        occasion=f"group:{meeting.id}:{group.key}",
        template="registrations/mail/group",
        context={
            "contact_name": group.contact_name,
            "names": names,
            "reference": group.key,
            "meeting": meeting_facts(meeting),
        },
        locale=group.locale,
        reply_to=meeting.contact_email,
        about=f"meeting:{meeting.id}",
        territory_code=meeting.region_code,
    )
