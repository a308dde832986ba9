"""A meeting of the demonstration whose registrations are validated: some wait, others had one order for all."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import NotForThisState
from eventsapp.registrations.models import Batch, BatchItem, Registration, RegistrationSetup
from eventsapp.registrations.services.bulk import KEPT
from eventsapp.registrations.services.history import record_events

PENDING = 5  # the latest to register
VALIDATED_AGO = timedelta(days=1)


def validate_registrations(
    meeting: Meeting, registered: list[Registration], *, by: Account, at: datetime
) -> None:
    """The latest wait for an answer. The others had theirs at once, but one who had left meanwhile."""
    db.session.add(RegistrationSetup(meeting_id=meeting.id, admission="approval"))
    for pending in registered[:PENDING]:
        pending.state = "pending"
    earlier = registered[PENDING:]
    for one in earlier:
        one.registered_at -= 2 * VALIDATED_AGO
    *validated, left = earlier
    left.state, left.place_number, left.cancelled_at = "cancelled", None, at - VALIDATED_AGO
    left.places.clear()
    _note_order(meeting, validated, left, by=by, at=at - VALIDATED_AGO)
    db.session.flush()


def _note_order(
    meeting: Meeting, validated: list[Registration], left: Registration, *, by: Account, at: datetime
) -> None:
    order = Batch(
        meeting_id=meeting.id,
        kind="approval",
        state="done",
        made_at=at,
        made_by_id=by.id,
        ended_at=at,
        expires_at=at + KEPT,
    )
    db.session.add(order)
    db.session.flush()
    outcomes = dict.fromkeys(validated, ("done", "")) | {left: ("refused", str(NotForThisState.message))}
    db.session.add_all(
        BatchItem(batch_id=order.id, number=number, registration_id=one.id, outcome=outcome, reason=reason)
        for number, (one, (outcome, reason)) in enumerate(outcomes.items(), 1)
    )
    record_events(dict.fromkeys(validated, ""), "approved", at=at, by=by)
