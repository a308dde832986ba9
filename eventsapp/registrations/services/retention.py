"""What is erased once it is of no more use."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, select, update

from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import ChangeRequest, Registration, RegistrationEvent

NEEDS_KEPT = timedelta(days=30)  # after the meeting; the form says so
UNDECIDED_KEPT = timedelta(days=30)  # after the meeting: who was to come instead of somebody
UNPROVED_KEPT = timedelta(days=30)  # after the place was given back; these two the privacy page says
PEOPLE_KEPT = timedelta(days=3 * 365)  # after the meeting; the privacy page says three years at most


def erase_old_needs(*, at: datetime) -> int:
    """What people said of their access and diet is gone a month after each meeting; return how many."""
    over = select(Meeting.id).where(Meeting.ends_at < at - NEEDS_KEPT)
    statement = update(Registration).where(Registration.needs != "", Registration.meeting_id.in_(over))
    result = db.session.execute(statement.values(needs=""), execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))


def erase_undecided_requests(*, at: datetime) -> None:
    """What nobody answered a month after the meeting is closed, and says nothing of a substitute any more."""
    over = select(Meeting.id).where(Meeting.ends_at < at - UNDECIDED_KEPT)
    concerned = select(Registration.id).where(Registration.meeting_id.in_(over))
    statement = (
        update(ChangeRequest)
        .where(ChangeRequest.state == "open", ChangeRequest.registration_id.in_(concerned))
        .values(state="withdrawn", decided_at=at, payload={})
    )
    db.session.execute(statement, execution_options={"synchronize_session": False})


def erase_unproved_registrations(*, at: datetime) -> None:
    """Registrations whose address was not proved in time, which anybody may have typed, are gone a month later,
    with those that became one with them."""
    never_verified = exists().where(
        RegistrationEvent.registration_id == Registration.id, RegistrationEvent.kind == "never_verified"
    )
    gone = (
        select(Registration.id)
        .where(never_verified, Registration.state == "cancelled", Registration.is_demo.is_(False))
        .where(Registration.cancelled_at < at - UNPROVED_KEPT)
        .cte("gone", recursive=True)
    )
    gone = gone.union(select(Registration.id).where(Registration.merged_into_id == gone.c.id))
    statement = delete(Registration).where(Registration.id.in_(select(gone.c.id)))
    db.session.execute(statement, execution_options={"synchronize_session": False})


def erase_old_registrations(*, at: datetime) -> None:
    """Registrations are gone three years after their meeting, with all that hangs on them: places, answers,
    attendance, history, requests. Published minutes stay; so do the invented people of the demonstration."""
    statement = delete(Registration).where(
        Registration.meeting_id.in_(meetings_long_over(at=at)), Registration.is_demo.is_(False)
    )
    db.session.execute(statement, execution_options={"synchronize_session": False})


def meetings_long_over(*, at: datetime) -> Select[int]:
    """The ids of the meetings whose people are no longer kept."""
    return select(Meeting.id).where(Meeting.ends_at < at - PEOPLE_KEPT)
