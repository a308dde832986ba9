"""The message that reminds."""

from __future__ import annotations

from datetime import datetime

from eventsapp.mail.outbox import Draft
from eventsapp.meetings.mails import meeting_facts, session_facts
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.links import registration_url
from eventsapp.registrations.mails import chosen_sessions, registration_facts
from eventsapp.registrations.models import Registration
from eventsapp.reminders.models import ReminderRule

PURPOSE = "reminder"


def reminder_draft(
    rule: ReminderRule, registration: Registration, meeting: Meeting, *, due: datetime
) -> Draft:
    """Return the reminder of one person; ``registration.places`` and their sessions are loaded."""
    return Draft(
        purpose=PURPOSE,
        recipient=registration.email,
        recipient_name=registration.full_name,
        occasion=f"{occasion_of(registration.id)}rule:{rule.id}:{due:%Y%m%dT%H%M}",
        template="reminders/mail/reminder",
        context={
            "rule": {"subject": rule.subject, "message": rule.message},
            "registration": registration_facts(registration, meeting),
            "meeting": meeting_facts(meeting),
            "sessions": [session_facts(session) for session in chosen_sessions(registration)],
            "url": registration_url(registration),
        },
        locale=registration.locale,
        reply_to=meeting.contact_email,
        about=about_of(meeting.id),
        territory_code=meeting.region_code,
        priority=6,
    )


def occasion_of(registration_id: int) -> str:
    """Return how the occasions of a registration's reminders begin."""
    return f"registration:{registration_id}:"


def about_of(meeting_id: int) -> str:
    """Return what the messages of a meeting are about, as the list of messages names it."""
    return f"meeting:{meeting_id}"
