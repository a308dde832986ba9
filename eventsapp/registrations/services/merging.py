"""Two registrations that are one person's become one; or two people who look alike are told apart for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, insert_new
from eventsapp.meetings.rules import overlap
from eventsapp.registrations import places
from eventsapp.registrations.errors import NotTwoRegistrations
from eventsapp.registrations.facts import registrations_merged
from eventsapp.registrations.mails import office as office_mails
from eventsapp.registrations.models import (
    Answer,
    AnswerFile,
    DistinctPair,
    Registration,
    SessionPlace,
)
from eventsapp.registrations.places import Held
from eventsapp.registrations.services.ending import end_registrations
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.wishes import grant_wishes

# What the other registration fills in where the kept one says nothing.
FILLED = (
    "civility",
    "phone",
    "organisation",
    "job_title",
    "region_code",
    "needs",
    "contact_name",
    "contact_email",
)
# Where somebody stands, the best first: the one that is kept stands as well as the better of the two.
_STANDINGS = ("confirmed", "offered", "pending", "unverified", "waiting")
_STANDING = (
    "state",
    "mode",
    "place_number",
    "quota_key",
    "queue_rank",
    "offered_at",
    "held_until",
    "verified_at",
)


def merge_registrations(
    *, kept: Registration, other: Registration, tells: bool, by: Account, at: datetime
) -> Registration:
    """One registration is left, with the better place of the two and what the other said where it was silent.

    Workshops, answers and presences of the other follow, unless the kept one has its own at that time. What is
    left of the other is free and offered to those who wait; its history says where it went. ``tells`` the
    person, at both addresses. Raises NotTwoRegistrations.
    """
    held = places.hold_whole(kept.meeting_id)
    db.session.refresh(kept)
    db.session.refresh(other)
    if kept.id == other.id or kept.meeting_id != other.meeting_id:
        raise NotTwoRegistrations
    if not (kept.is_active() and other.is_active()):
        raise NotTwoRegistrations
    _fill_details(kept, other)
    _take_better_standing(kept, other)
    _take_workshops(kept, other)
    _take_answers(kept, other)
    kept.revision += 1
    kept.changed_at = at
    db.session.flush()
    registrations_merged.send(kept, other=other, at=at)
    other.merged_into_id = kept.id
    end_registrations(held, [other], "merged", at=at, by=by, text=kept.reference)
    _grant_wishes(held, kept, at)
    record_event(kept, "merged", at=at, by=by, text=other.reference)
    if tells:
        office_mails.queue_merged(kept, other, held.meeting, at=at)
    return kept


def _grant_wishes(held: Held, kept: Registration, at: datetime) -> None:
    """Nothing stays asked for that nobody would ever answer: the person has a place in it now, or awaits it."""
    if kept.is_confirmed() and kept.place_number is not None:
        grant_wishes(held, kept, at=at)


def tell_apart(*, one: Registration, other: Registration, by: Account, at: datetime) -> None:
    """These are two people: they are not shown as duplicates again. Raises NotTwoRegistrations."""
    if one.id == other.id or one.meeting_id != other.meeting_id:
        raise NotTwoRegistrations
    first_id, second_id = sorted((one.id, other.id))
    row = {"first_id": first_id, "second_id": second_id, "noted_at": at, "noted_by_id": by.id}
    insert_new(DistinctPair, [row], unique=["first_id", "second_id"], returning=["first_id"])


def _fill_details(kept: Registration, other: Registration) -> None:
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    if kept.participant_kind == "other":
        kept.participant_kind = other.participant_kind
    kept.set_keys()


def _take_better_standing(kept: Registration, other: Registration) -> None:
    if _standing(other) >= _standing(kept):
        return
    taken = {name: getattr(other, name) for name in _STANDING}
    # Nobody stands there while it changes hands: place numbers are unique.
    other.state, other.place_number, other.queue_rank, other.held_until = "pending", None, None, None
    db.session.flush()
    for name, value in taken.items():
        setattr(kept, name, value)
    db.session.flush()


def _standing(registration: Registration) -> tuple[int, int]:
    return _STANDINGS.index(registration.state), registration.queue_rank or 0


def _take_workshops(kept: Registration, other: Registration) -> None:
    for place in list(other.places):
        if _fits(kept, place):
            kept.places.append(place)
    db.session.flush()


def _fits(kept: Registration, place: SessionPlace) -> bool:
    """A place goes to somebody expected on site who has nothing there nor then; a wish to whoever holds nothing then."""
    if any(own.session_id == place.session_id for own in kept.places):
        return False
    is_free = not any(overlap(own.session, place.session) for own in kept.places if own.is_held())
    if place.state == "wished":
        return is_free
    return kept.is_confirmed() and kept.place_number is not None and is_free


def _take_answers(kept: Registration, other: Registration) -> None:
    answered = select(Answer.question_id).where(Answer.registration_id == kept.id)
    for kind in (AnswerFile, Answer):  # files first: which are missing is read in the answers
        moved = update(kind).where(kind.registration_id == other.id, kind.question_id.not_in(answered))
        db.session.execute(
            moved.values(registration_id=kept.id), execution_options={"synchronize_session": False}
        )
    for kind in (AnswerFile, Answer):
        db.session.execute(delete(kind).where(kind.registration_id == other.id))
