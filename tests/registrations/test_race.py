"""Many people at once for a few places: real commits, one connection each."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places, services
from eventsapp.registrations.models import Registration, SessionPlace
from tests.factories.database import stored
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session

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
    services.register_person(
        meeting=meeting, details=make_details(**details), session_ids=session_ids, at=now()
    )


def numbers_of(app, column, condition):
    with app.app_context():
        return sorted(db.session.scalars(select(column).where(condition)).all())


@pytest.fixture
def room(app, empty_database):
    with stored(app):
        meeting = make_meeting(capacity=PLACES)
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
        return leaving and services.cancel_registration(registration=leaving, at=now())

    ends = all_at_once(app, come_or_go)
    assert set(ends) <= {"registered", "MeetingIsFull", "WorkshopIsFull"}
    taken = numbers_of(app, Registration.place_number, Registration.state == "confirmed")
    assert len(set(taken)) == len(taken) <= PLACES
    assert set(taken) <= set(range(1, PLACES + 1))
    seats = numbers_of(app, SessionPlace.place_number, SessionPlace.session_id == room.morning.id)
    assert len(seats) == len(taken)


def test_without_the_lock_the_same_attempts_collide(app, room, monkeypatch):
    """The control: what the race above proves is the lock's doing, and the constraints stand behind it."""
    if db_is_sqlite(app):
        pytest.skip("a writing transaction of SQLite is alone by nature")
    monkeypatch.setattr(places, "lock", lambda entity, key: db.session.get_one(entity, key))
    ends = all_at_once(app, lambda _number: register(room.id))
    assert ends["IntegrityError"] > 0
    assert len(numbers_of(app, Registration.place_number, Registration.meeting_id == room.id)) <= PLACES


def db_is_sqlite(app):
    with app.app_context():
        return db.engine.dialect.name == "sqlite"
