"""Messages that come of what organisers do: those they write, those that say what they decided."""

from __future__ import annotations

from datetime import datetime

from eventsapp.core.links import public_url
from eventsapp.mail.calendar import Method
from eventsapp.mail.outbox import Draft, queue_mails
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.mails import chosen_sessions, registration_draft
from eventsapp.registrations.models import Registration

HIDDEN = "votre-lien-personnel"  # in a preview, so that nobody acts in somebody's name by clicking


def office_message_draft(
    registration: Registration,
    meeting: Meeting,
    *,
    subject: str,
    message: str,
    occasion: str,
    at: datetime,
    is_preview: bool = False,
) -> Draft:
    """Return what an organiser writes, in Markdown, to one person, with their personal link below."""
    facts = {"subject": subject, "message": message}
    if is_preview:
        facts["url"] = public_url("my_registration.show", token=HIDDEN)
    occasion = f"registration:{registration.id}:{occasion}"
    return registration_draft("office_message", occasion, registration, meeting, (), at, facts=facts)


def queue_merged(kept: Registration, other: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Say at both addresses which registration is left; the calendar entry of the other goes.

    Neither message says the other's address: it may be somebody else's after all.
    """
    sessions = chosen_sessions(kept)
    method: Method | None = "REQUEST" if kept.is_confirmed() else None
    facts = {"other_reference": other.reference, "kept_reference": kept.reference}
    drafts = [
        registration_draft(
            "change", _merged(kept), kept, meeting, sessions, at, method, template="merged", facts=facts
        ),
        registration_draft(
            "cancellation",
            _merged(other),
            other,
            meeting,
            (),
            at,
            "CANCEL",
            template="merged_away",
            facts=facts,
        ),
    ]
    queue_mails(drafts, at=at)


def _merged(registration: Registration) -> str:
    return f"registration:{registration.id}:{registration.revision}:merged"
