"""One function for each message about a registration; the caller decides whether to send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from eventsapp.core.i18n import speaking
from eventsapp.mail.calendar import CalendarEntry, Method
from eventsapp.mail.outbox import Draft, hand_in, queue_mails
from eventsapp.meetings.mails import meeting_facts, session_facts
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.rules import slots
from eventsapp.registrations.calendar import registration_entry
from eventsapp.registrations.links import registration_url, verification_url
from eventsapp.registrations.models import Registration, RegistrationSetup
from eventsapp.registrations.queries.queues import Wait
from eventsapp.registrations.wishing import are_wishes_due, wishes_end_at

Facts: TypeAlias = "Mapping[str, Any]"  # plain values, as the row of a message keeps them

LINK_MINUTES = 10  # a personal link goes to one person at most once in that time


def queue_first_message(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    *,
    at: datetime,
    waits: Sequence[Wait] = (),
    position: int | None = None,
    wishes: Facts | None = None,
) -> None:
    """Say how the new registration stands: a place, a rank in the waiting list, or what is still to come."""
    match registration.state:
        case "confirmed":
            queue_confirmation(registration, meeting, sessions, at=at, waits=waits, wishes=wishes)
        case "unverified":
            queue_verification(registration, meeting, at=at)
        case "pending":
            _queue(registration, meeting, "request", "pending", at=at)
        case "waiting":
            _queue(registration, meeting, "waiting", "waiting", at=at, position=position)


def queue_verification(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Ask them to prove their address, and say what is kept for them until when."""
    facts = {
        "url": verification_url(registration),
        "until": registration.held_until,
        "has_place": registration.place_number is not None,
    }
    _queue(registration, meeting, "registration_check", "verification", at=at, **facts)


def _queue(
    registration: Registration, meeting: Meeting, purpose: str, template: str, *, at: datetime, **facts: Any
) -> None:
    occasion = f"registration:{registration.id}:{registration.revision}"
    draft = registration_draft(
        purpose, occasion, registration, meeting, (), at, template=template, facts=facts
    )
    hand_in(draft, at=at)


def queue_confirmation(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    *,
    at: datetime,
    waits: Sequence[Wait] = (),
    wishes: Facts | None = None,
    again: bool = False,
) -> None:
    """Say that the place is held, with the calendar entry; ``again`` when somebody asks for it anew."""
    occasion = f"registration:{registration.id}:{registration.revision}"
    if again:
        occasion += f":{at:%Y%m%d%H%M%S}"
    facts = {"wishes": wishes}
    draft = registration_draft(
        "confirmation", occasion, registration, meeting, sessions, at, "REQUEST", waits=waits, facts=facts
    )
    hand_in(draft, at=at)


def queue_change(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    *,
    at: datetime,
    waits: Sequence[Wait] = (),
    wishes: Facts | None = None,
) -> None:
    """Say what the registration holds and awaits now; the calendar entry follows."""
    occasion = f"registration:{registration.id}:{registration.revision}"
    draft = registration_draft(
        "confirmation",
        occasion,
        registration,
        meeting,
        sessions,
        at,
        "REQUEST",
        template="change",
        waits=waits,
        facts={"wishes": wishes},
    )
    hand_in(draft, at=at)


def queue_cancellation(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Say that the place was given back; the calendar entry goes."""
    occasion = f"registration:{registration.id}"
    queue_mails(
        [registration_draft("cancellation", occasion, registration, meeting, (), at, "CANCEL")], at=at
    )


def queue_refusal(registration: Registration, meeting: Meeting, *, reason: str, at: datetime) -> None:
    """Say that the organiser does not admit them, and why when a reason was given."""
    _queue(registration, meeting, "decision", "refusal", at=at, reason=reason)


def queue_personal_link(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Send the personal link again, unless it went less than ten minutes ago."""
    period = int(at.timestamp()) // (LINK_MINUTES * 60)
    occasion = f"registration:{registration.id}:{period}"
    hand_in(registration_draft("personal_link", occasion, registration, meeting, (), at), at=at)


def queue_meeting_cancelled(registrations: Sequence[Registration], meeting: Meeting, *, at: datetime) -> None:
    """Tell everybody expected, and those who wait, that the meeting will not take place."""
    occasion = f"meeting:{meeting.id}"
    drafts = [
        registration_draft(
            "cancellation",
            occasion,
            one,
            meeting,
            (),
            at,
            "CANCEL" if one.is_confirmed() else None,
            template="meeting_cancelled",
        )
        for one in registrations
    ]
    queue_mails(drafts, at=at)


def queue_meeting_rescheduled(
    registrations: Sequence[Registration], meeting: Meeting, *, at: datetime
) -> None:
    """Tell everybody expected, and those who wait, the new date, hours or place, or that the date is to come.

    The calendar entry of those who have one follows.
    """
    occasion = f"meeting:{meeting.id}:{meeting.revision}"
    template = "meeting_postponed" if meeting.state == "postponed" else "meeting_rescheduled"
    drafts = [
        registration_draft(
            "change",
            occasion,
            one,
            meeting,
            chosen_sessions(one),
            at,
            "REQUEST" if one.is_confirmed() else None,
            template=template,
        )
        for one in registrations
    ]
    queue_mails(drafts, at=at)


def chosen_sessions(registration: Registration) -> list[Session]:
    """Return the sessions in which the registration has a place, in the order of the day; they are loaded."""
    sessions = [place.session for place in registration.places if place.is_held()]
    return sorted(sessions, key=lambda session: (session.starts_at, session.id))


def wish_facts(registration: Registration, meeting: Meeting, setup: RegistrationSetup) -> Facts | None:
    """Return the ranked wishes by slot, and until when they are taken; None without any."""
    ranks = {place.session_id: place.rank or 0 for place in registration.places if place.state == "wished"}
    if not ranks or not are_wishes_due(setup):
        return None
    by_slot = []
    for slot in slots(registration.meeting.workshops):
        wished = sorted((x for x in slot.sessions if x.id in ranks), key=lambda x: ranks[x.id])
        if wished:
            by_slot.append({"starts_at": slot.starts_at, "titles": [session.title for session in wished]})
    return {"slots": by_slot, "until": wishes_end_at(meeting, setup)}


def registration_facts(registration: Registration, meeting: Meeting) -> dict[str, Any]:
    """Return what messages show of a registration; the address to follow the meeting, only if it is from afar."""
    return {
        "full_name": registration.full_name,
        "reference": registration.reference,
        "online_url": meeting.online_url if registration.mode == "remote" else "",
        "state": registration.state,
        "contact_name": registration.contact_name,
    }


def registration_draft(
    purpose: str,
    occasion: str,
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    at: datetime,
    method: Method | None = None,
    template: str | None = None,
    waits: Sequence[Wait] = (),
    facts: Mapping[str, Any] | None = None,
) -> Draft:
    """Return a message about a registration; ``facts`` are what its template shows besides the usual ones."""
    url = registration_url(registration)
    sessions = sorted(sessions, key=lambda session: (session.starts_at, session.id))
    context = {
        "registration": registration_facts(registration, meeting),
        "meeting": meeting_facts(meeting),
        "sessions": [session_facts(session) for session in sessions],
        "waits": [{**session_facts(wait.session), "position": wait.position} for wait in waits],
        "url": url,
        **(facts or {}),
    }
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
        calendar=_entry(registration, meeting, sessions, url, at, method),
    )


def _entry(
    registration: Registration,
    meeting: Meeting,
    sessions: Sequence[Session],
    url: str,
    at: datetime,
    method: Method | None,
) -> CalendarEntry | None:
    if method is None:
        return None
    with speaking(registration.locale):
        return registration_entry(meeting, registration, method=method, sessions=sessions, url=url, at=at)
