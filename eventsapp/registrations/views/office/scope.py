"""What every page about a meeting's registrations begins with: the blueprint, and the meeting, within one's scope."""

from __future__ import annotations

from flask import Blueprint, Response

from eventsapp.core.answers import see_other
from eventsapp.core.permissions import Permission, current_scope
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_programme
from eventsapp.registrations.models import Registration
from eventsapp.registrations.queries import listing

bp = Blueprint(
    "office_registrations", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/inscriptions"
)

Answer = str | tuple[str, int] | Response
MANAGE = Permission.MANAGE_REGISTRATIONS


def load_meeting(meeting_id: int) -> Meeting:
    """Return the meeting with its programme; NoResultFound (404) when it is not within one's scope."""
    return get_managed_programme(meeting_id, current_scope(MANAGE))


def load_registration(meeting_id: int, registration_id: int) -> tuple[Meeting, Registration]:
    """Return the meeting and one registration of it; NoResultFound (404) when it is another's."""
    meeting = load_meeting(meeting_id)
    return meeting, listing.get_registration(meeting.id, registration_id)


def to(view: str, **where: object) -> Response:
    """Return the way to another page of this blueprint, after a POST."""
    return see_other(f"office_registrations.{view}", **where)
