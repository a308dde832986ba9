"""Where somebody stands in waiting lists, as their personal page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsapp.registrations import rules
from eventsapp.registrations.mails.queue import left_for
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace
from eventsapp.registrations.queries import queues


@dataclass(frozen=True)
class Proposal:
    """A workshop offered: the place, the workshops that accepting it leaves, whether it may still be answered."""

    place: SessionPlace
    leaving: Sequence[str]
    is_open: bool


@dataclass(frozen=True)
class InLine:
    """The position in the meeting's list, the workshops waited for, the workshops offered.

    ``is_open``: the place offered at the meeting may still be accepted. ``offers_stop_at``: free places are no
    longer offered by themselves from then on; None when they are not now.
    """

    position: int | None
    waits: Sequence[queues.Wait]
    proposals: Sequence[Proposal]
    is_open: bool
    offers_stop_at: datetime | None
    offer_hours: int


def standing_in_line(registration: Registration, setup: RegistrationSetup, at: datetime) -> InLine:
    """Return where the registration stands, its places and their sessions loaded: two statements at most."""
    meeting = registration.meeting
    states = {place.state for place in registration.places}
    runs = rules.offers_by_itself(meeting, setup, at)
    return InLine(
        position=queues.position_of(registration) if registration.state == "waiting" else None,
        waits=queues.waits_of(registration) if "waiting" in states else (),
        proposals=[_proposal(place, at) for place in registration.places if place.state == "offered"],
        is_open=rules.answers_in_time(registration.held_until, at),
        offers_stop_at=rules.offers_stop_at(meeting, setup) if runs else None,
        offer_hours=setup.offer_hours,
    )


def _proposal(place: SessionPlace, at: datetime) -> Proposal:
    return Proposal(
        place, [session.title for session in left_for(place)], rules.answers_in_time(place.held_until, at)
    )
