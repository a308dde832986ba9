"""One function for each message about a registration; the caller decides whether to send it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsapp.core.i18n import speaking
from eventsapp.mail.outbox import Draft, queue_mails
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.calendar import Method, build_entry
from eventsapp.registrations.links import registration_url
from eventsapp.registrations.models import Registration

LINK_MINUTES = 10  # a personal link goes to one person at most once in that time


def queue_confirmation(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    *,
    at: datetime,
    again: bool = False,
) -> None:
    """Say that the place is held, with the calendar entry; ``again`` when somebody asks for it anew."""
    occasion = f"registration:{registration.id}:{registration.revision}"
    if again:
        occasion += f":{at:%Y%m%d%H%M%S}"
    queue_mails([_draft("confirmation", occasion, registration, meeting, sessions, at, "REQUEST")], at=at)


def queue_change(
    registration: Registration, meeting: Meeting, sessions: Sequence[Session], *, at: datetime
) -> None:
    """Say what the registration holds now; the calendar entry follows."""
    occasion = f"registration:{registration.id}:{registration.revision}"
    draft = _draft(
        "confirmation", occasion, registration, meeting, sessions, at, "REQUEST", template="change"
    )
    queue_mails([draft], at=at)


def queue_cancellation(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Say that the place was given back; the calendar entry goes."""
    occasion = f"registration:{registration.id}"
    queue_mails([_draft("cancellation", occasion, registration, meeting, (), at, "CANCEL")], at=at)


def queue_personal_link(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Send the personal link again, unless it went less than ten minutes ago."""
    period = int(at.timestamp()) // (LINK_MINUTES * 60)
    occasion = f"registration:{registration.id}:{period}"
    queue_mails([_draft("personal_link", occasion, registration, meeting, (), at)], at=at)


def queue_meeting_cancelled(registrations: Sequence[Registration], meeting: Meeting, *, at: datetime) -> None:
    """Tell everybody registered that the meeting will not take place."""
    queue_mails(
        [
            _draft(
                "cancellation",
                f"meeting:{meeting.id}",
                one,
                meeting,
                (),
                at,
                "CANCEL",
                template="meeting_cancelled",
            )
            for one in registrations
        ],
        at=at,
    )


def queue_meeting_rescheduled(
    registrations: Sequence[Registration], meeting: Meeting, *, at: datetime
) -> None:
    """Tell everybody registered the new date, hours or place; the calendar entry follows."""
    occasion = f"meeting:{meeting.id}:{meeting.revision}"
    queue_mails(
        [
            _draft(
                "change",
                occasion,
                one,
                meeting,
                chosen_sessions(one),
                at,
                "REQUEST",
                template="meeting_rescheduled",
            )
            for one in registrations
        ],
        at=at,
    )


def chosen_sessions(registration: Registration) -> list[Session]:
    """Return the sessions of the registration's loaded places, in the order of the day."""
    sessions = [place.session for place in registration.places]
    return sorted(sessions, key=lambda session: (session.starts_at, session.id))


def _draft(
    purpose: str,
    occasion: str,
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    at: datetime,
    method: Method | None = None,
    template: str | None = None,
) -> Draft:
    url = registration_url(registration)
    sessions = sorted(sessions, key=lambda session: (session.starts_at, session.id))
    context = {"registration": registration, "meeting": meeting, "sessions": sessions, "url": url}
    return Draft(
        purpose=purpose,
        recipient=registration.email,
        recipient_name=registration.full_name,
        occasion=occasion,
        template=f"registrations/mail/{template or purpose}",
        context=context,
        locale=registration.locale,
        reply_to=meeting.contact_email,
        about=f"meeting:{meeting.id}",
        territory_code=meeting.region_code,
        **_calendar(registration, meeting, sessions, url, at, method),
    )


def _calendar(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    url: str,
    at: datetime,
    method: Method | None,
) -> dict[str, Any]:
    if method is None:
        return {}
    with speaking(registration.locale):
        entry = build_entry(meeting, registration, method=method, sessions=sessions, url=url, at=at)
    return {"calendar": entry, "calendar_method": method}
