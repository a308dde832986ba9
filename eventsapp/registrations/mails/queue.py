"""Messages about waiting lists, offers and moved workshops; the caller decides whether to send them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from eventsapp.core.links import public_url
from eventsapp.mail.outbox import queue_mails
from eventsapp.meetings.mails import session_facts
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.rules import overlap
from eventsapp.registrations.mails import chosen_sessions, registration_draft
from eventsapp.registrations.models import Registration, SessionPlace


def queue_offer(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Say that a place at the meeting is theirs if they accept it in time."""
    facts = {"until": registration.held_until}
    _queue(
        "place_offered",
        f"registration:{registration.id}:{_stamp(at)}",
        registration,
        meeting,
        at,
        facts=facts,
    )


def queue_session_offer(place: SessionPlace, meeting: Meeting, *, at: datetime) -> None:
    """Say that a place in the workshop is theirs if they accept it in time, and what they would leave for it."""
    registration, occasion = place.registration, f"place:{place.id}:{_stamp(at)}"
    facts = {
        "until": place.held_until,
        "workshop": workshop_facts(place.session),
        "leaving": [session.title for session in left_for(place)],
    }
    template = "workshop_offered"
    _queue("place_offered", occasion, registration, meeting, at, template=template, facts=facts)


def queue_offer_ended(
    registration: Registration, meeting: Meeting, how: Literal["declined", "expired"], *, at: datetime
) -> None:
    """Say that the place offered has gone to the next, and where to register again."""
    facts = {"again_url": public_url("registering.show_details", slug=meeting.slug)}
    occasion = f"registration:{registration.id}"
    template = f"offer_{how}"
    _queue("cancellation", occasion, registration, meeting, at, template=template, facts=facts)


def queue_session_offer_expired(place: SessionPlace, meeting: Meeting, *, at: datetime) -> None:
    """Say that the place offered in the workshop has gone to the next; the registration stands."""
    facts = {"workshop": workshop_facts(place.session)}
    occasion, template = f"expired:{place.id}:{_stamp(at)}", "workshop_offer_expired"
    _queue("waiting", occasion, place.registration, meeting, at, template=template, facts=facts)


def queue_left_list(registration: Registration, meeting: Meeting, *, at: datetime) -> None:
    """Say that they are no longer on the waiting list."""
    occasion = f"registration:{registration.id}"
    _queue("cancellation", occasion, registration, meeting, at, template="list_left")


def queue_workshop_moved(place: SessionPlace, meeting: Meeting, *, at: datetime) -> None:
    """Say the new hours or room of a workshop they hold, await or are offered; the calendar entry follows."""
    registration = place.registration
    facts = {"workshop": workshop_facts(place.session), "state": place.state}
    draft = registration_draft(
        "change",
        f"session:{place.session_id}:{_stamp(at)}",
        registration,
        meeting,
        chosen_sessions(registration),
        at,
        "REQUEST" if registration.is_confirmed() else None,
        template="workshop_moved",
        facts=facts,
    )
    queue_mails([draft], at=at)


def queue_workshop_clash(place: SessionPlace, meeting: Meeting, *, at: datetime) -> None:
    """Say that the workshop is now at the same time as another of theirs, and that they choose until when."""
    registration = place.registration
    facts = {
        "until": place.held_until,
        "workshop": workshop_facts(place.session),
        "keeping": [session.title for session in left_for(place)],
    }
    draft = registration_draft(
        "place_offered",
        f"clash:{place.id}:{_stamp(at)}",
        registration,
        meeting,
        chosen_sessions(registration),
        at,
        "REQUEST",
        template="workshop_clash",
        facts=facts,
    )
    queue_mails([draft], at=at)


def queue_workshop_removed(place: SessionPlace, meeting: Meeting, *, at: datetime) -> None:
    """Say that a workshop they wished for, awaited or were offered is out of the programme."""
    facts = {"workshop": workshop_facts(place.session), "state": place.state}
    occasion, template = f"removed:{place.session_id}", "workshop_removed"
    _queue("change", occasion, place.registration, meeting, at, template=template, facts=facts)


def workshop_facts(session: Session) -> dict[str, Any]:
    """Return what these messages show of a workshop."""
    return {**session_facts(session), "ends_at": session.ends_at}


def left_for(place: SessionPlace) -> list[Session]:
    """Return the workshops held at the same time as that place: accepting it leaves them."""
    return [
        session
        for session in chosen_sessions(place.registration)
        if session.id != place.session_id and overlap(session, place.session)
    ]


def _queue(
    purpose: str,
    occasion: str,
    registration: Registration,
    meeting: Meeting,
    at: datetime,
    *,
    template: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    draft = registration_draft(
        purpose, occasion, registration, meeting, (), at, template=template, facts=facts
    )
    queue_mails([draft], at=at)


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S%f}"
