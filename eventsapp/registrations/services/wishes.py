"""Workshops asked for without a place in them: ranked wishes, or a wish kept until the meeting has a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from eventsapp.core.db import db
from eventsapp.meetings.models import Session
from eventsapp.meetings.rules import overlap
from eventsapp.registrations import mails, places
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import (
    ChoiceHasChanged,
    RegistrationIsCancelled,
    ThereIsNoWaitingList,
    WishesAreClosed,
    WishesAreUnsound,
    WorkshopsAreOnSite,
)
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.places import Held
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.waiting_list import offer_free_places
from eventsapp.registrations.wishing import WorkshopStep, are_sound, are_wishes_due, workshop_step


def check_choices(held: Held, choices: Choices, *, at: datetime) -> None:
    """Raise ChoiceHasChanged unless workshops are asked for as the meeting asks now.

    And ThereIsNoWaitingList, WishesAreUnsound.
    """
    step = workshop_step(held.meeting, held.setup, at)
    takes_places = bool(choices.session_ids or choices.waiting_ids)
    if (takes_places and step is not WorkshopStep.DIRECT) or (
        choices.wishes and step is not WorkshopStep.WISHES
    ):
        raise ChoiceHasChanged
    if choices.waiting_ids and not held.setup.has_waiting_list:
        raise ThereIsNoWaitingList
    if not are_sound(choices.wishes, held.setup.wishes_per_slot):
        raise WishesAreUnsound


def change_wishes(*, registration: Registration, wishes: Sequence[Sequence[int]], at: datetime) -> None:
    """The registration wishes for exactly these workshops, by slot, the best first; the person is told.

    The same wishes change nothing. Raises WorkshopIsUnknown, RegistrationIsCancelled, ChoiceHasChanged,
    WishesAreClosed, WishesAreUnsound.
    """
    choices = Choices(wishes=tuple(map(tuple, wishes)))
    held = places.hold(registration.meeting_id, (), choices.other_ids)
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    places.check_goes_on(held.meeting)
    if registration.mode == "remote" and choices.wishes:
        raise WorkshopsAreOnSite
    if workshop_step(held.meeting, held.setup, at) is WorkshopStep.CLOSED:
        raise WishesAreClosed
    check_choices(held, choices, at=at)
    ranks = {id_: rank for slot in wishes for rank, id_ in enumerate(slot, 1)}
    if not _rank_wishes(registration, ranks, at):
        return
    registration.revision += 1
    registration.changed_at = at
    db.session.flush()
    record_event(registration, "wishes_changed", at=at)
    if registration.is_confirmed():
        facts = mails.wish_facts(registration, held.meeting, held.setup)
        mails.queue_change(
            registration, held.meeting, mails.chosen_sessions(registration), at=at, wishes=facts
        )


def _rank_wishes(registration: Registration, ranks: Mapping[int, int], at: datetime) -> bool:
    """Make the wishes those of these ids and ranks; tell whether they were others."""
    before = {place.session_id: place.rank for place in registration.places if place.state == "wished"}
    for place in [x for x in registration.places if x.state == "wished" and x.session_id not in ranks]:
        registration.places.remove(place)
    db.session.flush()
    for session_id, rank in ranks.items():
        place = places.place_in(registration, db.session.get_one(Session, session_id))
        if place.state in (None, "wished"):
            place.state, place.rank, place.taken_at = "wished", rank, at
    return before != ranks


def grant_wishes(held: Held, registration: Registration, *, at: datetime) -> None:
    """A registration that has just become certain has a place in each workshop it asked for, or waits for it.

    The best wish first. A first wish at the same time as a place held is waited for, a later one is forgotten.
    Ranked wishes that an allocation will settle stay as they are. Under the lock of ``places.hold_whole``.
    """
    if are_wishes_due(held.setup):
        return
    wishes = [place for place in registration.places if place.state == "wished"]
    for wish in sorted(wishes, key=lambda x: (x.rank or 0, x.session.starts_at, x.session_id)):
        _grant(held, registration, wish, at)
        db.session.flush()
    offer_free_places(held, at=at)


def _grant(held: Held, registration: Registration, wish: SessionPlace, at: datetime) -> None:
    others = [place.session for place in registration.places if place.is_held()]
    clashes = any(overlap(wish.session, other) for other in others)
    number = None if clashes else places.next_session_number(wish.session)
    if number is not None:
        wish.state, wish.place_number, wish.taken_at = "confirmed", number, at
    elif held.setup.has_waiting_list and not (clashes and wish.rank != 1):
        rank = places.next_session_ranks([wish.session_id])[wish.session_id]
        wish.state, wish.queue_rank, wish.taken_at = "waiting", rank, at
    else:
        registration.places.remove(wish)
