"""Many people at once for a few places: real commits, one connection each."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.core.prepared import Prepared
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places
from eventsapp.registrations.choices import NO_CHOICE, Choices
from eventsapp.registrations.models import (
    Allocation,
    Registration,
    RegistrationEvent,
    SessionPlace,
)
from eventsapp.registrations.services import allocating, answering, changing, registering
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup
from tests.factories.wishes import make_wished_meeting, make_wisher

PEOPLE, PLACES, AT_ONCE = 40, 5, 8


def all_at_once(app, attempt, numbers=range(PEOPLE)):
    """Run the attempts on threads that start together; return how each ended, counted."""
    barrier = Barrier(AT_ONCE)

    def run(number):
        with app.app_context():
            if number < AT_ONCE:
                barrier.wait()
            try:
                with unit_of_work():
                    attempt(number)
            except (DomainError, DBAPIError) as refusal:
                return type(refusal).__name__
            return "registered"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, numbers))


def register(meeting_id, *session_ids, **details):
    meeting = db.session.get_one(Meeting, meeting_id)
    register_person(
        meeting=meeting, details=make_details(**details), choices=Choices(session_ids=session_ids), at=now()
    )


def numbers_of(app, column, condition):
    with app.app_context():
        return sorted(db.session.scalars(select(column).where(condition)).all())


@pytest.fixture
def room(app, empty_database):
    with stored(app):
        meeting = make_meeting(capacity=PLACES)
        make_setup(meeting, has_waiting_list=False)
        meeting.morning = make_session(meeting, hour=1, capacity=PLACES)
        meeting.noon = make_session(meeting, hour=4, capacity=PLACES - 2)
    return meeting


def mails(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(OutgoingMail))


def test_forty_people_get_the_five_places_of_a_meeting(app, room):
    ends = all_at_once(app, lambda _number: register(room.id))
    assert ends == {"registered": PLACES, "MeetingIsFull": PEOPLE - PLACES}
    assert numbers_of(app, Registration.place_number, Registration.meeting_id == room.id) == [1, 2, 3, 4, 5]
    assert mails(app) == PLACES


def test_forty_people_get_the_places_of_two_workshops(app, room):
    with stored(app):
        db.session.merge(room).capacity = None
    ends = all_at_once(app, lambda number: register(room.id, (room.morning if number % 2 else room.noon).id))
    assert ends["registered"] == PLACES + PLACES - 2
    for session, number in ((room.morning, PLACES), (room.noon, PLACES - 2)):
        taken = numbers_of(app, SessionPlace.place_number, SessionPlace.session_id == session.id)
        assert taken == list(range(1, number + 1))
    assert mails(app) == PLACES + PLACES - 2


def test_one_address_sent_forty_times_is_one_registration(app, room):
    ends = all_at_once(app, lambda _number: register(room.id, email="La.Meme@exemple.fr"))
    assert ends == {"registered": 1, "AlreadyRegistered": PEOPLE - 1}
    assert mails(app) == 1


def test_places_given_back_meanwhile_are_given_again_once(app, room):
    for _number in range(PLACES):
        with app.app_context(), unit_of_work():
            register(room.id, room.morning.id)

    def come_or_go(number):
        if number % 2:
            return register(room.id, room.morning.id)
        statement = select(Registration).where(Registration.state == "confirmed").order_by(Registration.id)
        leaving = db.session.scalars(statement.limit(1)).one_or_none()
        return leaving and changing.cancel_registration(registration=leaving, at=now())

    ends = all_at_once(app, come_or_go)
    assert set(ends) <= {"registered", "MeetingIsFull", "WorkshopIsFull"}
    taken = numbers_of(app, Registration.place_number, Registration.state == "confirmed")
    assert len(set(taken)) == len(taken) <= PLACES
    assert set(taken) <= set(range(1, PLACES + 1))
    seats = numbers_of(app, SessionPlace.place_number, SessionPlace.session_id == room.morning.id)
    assert len(seats) == len(taken)


def test_one_place_answered_for_many_times_at_once_has_one_holder(app, room):
    """Everybody who is offered a place accepts, declines and leaves at the same time, while the sweep passes."""
    with stored(app):
        meeting = db.session.merge(room)
        holders = [make_registration(meeting) for _number in range(PLACES)]
        line = [make_registration(meeting, state="waiting") for _number in range(PLACES * 2)]
    with app.app_context(), unit_of_work():
        for holder in holders:
            changing.cancel_registration(registration=db.session.merge(holder), at=now())

    def answer(number):
        one = db.session.get_one(Registration, line[number // 4].id)
        match number % 4:
            case 0:
                return answering.accept_place(registration=one, at=now())
            case 1:
                return answering.decline_place(registration=one, at=now())
            case 2:
                return changing.cancel_registration(registration=one, at=now())
        return answering.expire_due_offers(at=now() + timedelta(hours=47))

    ends = all_at_once(app, answer)
    assert set(ends) <= {"registered", "NothingIsOffered"}
    taken = numbers_of(app, Registration.place_number, Registration.place_number.is_not(None))
    assert len(set(taken)) == len(taken) <= PLACES
    with app.app_context():
        states = Counter(db.session.scalars(select(Registration.state)))
        offers = Counter(
            db.session.scalars(
                select(RegistrationEvent.registration_id).where(RegistrationEvent.kind == "place_offered")
            )
        )
    assert states["confirmed"] + states["offered"] == len(taken)
    assert not states["waiting"] or len(taken) == PLACES
    assert max(offers.values()) == 1


def test_organisers_who_commit_at_once_while_others_place_people_by_hand_never_oversell(app, empty_database):
    with stored(app):
        meeting, (workshop,) = make_wished_meeting(PLACES)
        account = make_account()
        for _number in range(PLACES + 2):
            make_wisher(meeting, workshop)
    with app.app_context(), unit_of_work():
        whole = db.session.get_one(Meeting, meeting.id)
        draft = allocating.prepare_allocation(meeting=whole, by=db.session.merge(account), at=now()).draft.id

    def commit_or_place(number):
        by = db.session.merge(account)
        if number % 4:
            return allocating.commit_allocation(draft=db.session.get_one(Allocation, draft), by=by, at=now())
        choices = Choices(session_ids=(workshop.id,))
        one = db.session.get_one(Meeting, meeting.id)
        return registering.register_by_hand(
            meeting=one, details=make_details(), choices=choices, by=by, at=now()
        )

    ends = all_at_once(app, commit_or_place, range(16))
    assert set(ends) <= {"registered", "AllocationHasChanged", "WorkshopIsFull"}
    taken = numbers_of(app, SessionPlace.place_number, SessionPlace.place_number.is_not(None))
    assert taken == list(range(1, len(taken) + 1))
    assert len(taken) <= PLACES
    with app.app_context():
        told = db.session.scalars(
            select(OutgoingMail.recipient).where(OutgoingMail.purpose == "decision")
        ).all()
    assert len(told) == len(set(told)) in (0, PLACES + 2)


def test_without_the_lock_the_same_attempts_collide(app, room, monkeypatch):
    """The control: what the race above proves is the lock's doing, and the constraints stand behind it."""
    if db_is_sqlite(app):
        pytest.skip("a writing transaction of SQLite is alone by nature")
    monkeypatch.setattr(places, "_BY_ID", without_lock(Meeting.id == bindparam("key")))
    ends = all_at_once(app, lambda _number: register(room.id))
    assert ends["IntegrityError"] > 0
    assert len(numbers_of(app, Registration.place_number, Registration.meeting_id == room.id)) <= PLACES


def test_forty_people_at_the_address_of_the_meeting_get_its_five_places(app, room):
    """The way of the public form: the meeting is found and held in one statement."""
    ends = all_at_once(app, lambda _number: register_at_address(room))
    assert ends == {"registered": PLACES, "MeetingIsFull": PEOPLE - PLACES}
    assert numbers_of(app, Registration.place_number, Registration.meeting_id == room.id) == [1, 2, 3, 4, 5]
    assert mails(app) == PLACES


def test_without_the_lock_at_the_address_the_same_attempts_collide(app, room, monkeypatch):
    if db_is_sqlite(app):
        pytest.skip("a writing transaction of SQLite is alone by nature")
    unlocked = without_lock(Meeting.slug == bindparam("slug"))
    monkeypatch.setattr(places, "_by_address", lambda _is_everything: unlocked)
    ends = all_at_once(app, lambda _number: register_at_address(room))
    assert ends["IntegrityError"] > 0
    assert len(numbers_of(app, Registration.place_number, Registration.meeting_id == room.id)) <= PLACES


def register_at_address(room):
    details = make_details()
    held = places.hold_announced(room.slug, newcomer=registering.newcomer(details))
    registering.register_person(held, registering.Entry(details=details, choices=NO_CHOICE, at=now()))


def without_lock(condition):
    """The statement that holds the meeting, without FOR UPDATE."""
    return Prepared(select(Meeting.id).where(condition))


def db_is_sqlite(app):
    with app.app_context():
        return db.engine.dialect.name == "sqlite"
