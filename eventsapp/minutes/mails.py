"""One function a message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from eventsapp.core.links import public_url
from eventsapp.mail.outbox import Draft, queue_mails
from eventsapp.meetings.mails import meeting_facts
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.models import Publication
from eventsapp.registrations.models import Registration


def queue_minutes_published(
    meeting: Meeting, publication: Publication, people: Iterable[Registration], *, at: datetime
) -> int:
    """Tell each of these people that the version can be read; one message a person and version."""
    shown = {
        "meeting": meeting_facts(meeting),
        "publication": _publication_facts(publication),
        "href": public_url("publications.show", reference=publication.reference),
    }
    return queue_mails(
        [
            Draft(
                purpose="minutes",
                recipient=person.email,
                recipient_name=person.full_name,
                occasion=publication.reference,
                template="minutes/mail/published",
                context={**shown, "person": {"full_name": person.full_name}},
                locale=person.locale,
                reply_to=meeting.contact_email,
                about=f"meeting:{meeting.id}",
                territory_code=meeting.region_code,
            )
            for person in people
        ],
        at=at,
    )


def _publication_facts(publication: Publication) -> dict[str, Any]:
    return {
        "number": publication.number,
        "reason": publication.reason,
        "reference": publication.reference,
    }
