"""Whatever people do, in whatever order, the promises on places hold."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import services
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.rules import first_overlap
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session

EMAILS = st.sampled_from(["a@exemple.fr", "A@exemple.fr", "b@exemple.fr", "c@exemple.fr", "d@exemple.fr"])
CHOICES = st.sets(st.integers(0, 3), max_size=3)
# (hour, hours, capacity): the second and third overlap the first, the fourth is apart.
PROGRAMME = [(1, 2, 2), (1, 1, 1), (2, 2, 2), (5, 1, None)]


class Desk(RuleBasedStateMachine):
    app = None

    def __init__(self):
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        with unit_of_work():
            for table in reversed(db.metadata.sorted_tables):
                db.session.execute(table.delete())
            meeting = make_meeting(capacity=3)
            sessions = [make_session(meeting, hour=h, hours=n, capacity=c) for h, n, c in PROGRAMME]
            self.meeting_id, self.session_ids = meeting.id, [session.id for session in sessions]
        self.refused = 0

    def teardown(self):
        db.session.remove()
        self.context.pop()

    def attempt(self, work):
        try:
            with unit_of_work():
                work()
        except DomainError:
            self.refused += 1

    def registration(self, rank):
        found = db.session.scalars(select(Registration).order_by(Registration.id)).all()
        return found[rank % len(found)] if found else None

    @rule(email=EMAILS, chosen=CHOICES)
    def register(self, email, chosen):
        meeting = db.session.get_one(Meeting, self.meeting_id)
        ids = [self.session_ids[n] for n in chosen]
        self.attempt(
            lambda: services.register_or_remind(
                meeting=meeting, details=make_details(email=email), session_ids=ids, at=now()
            )
        )

    @rule(rank=st.integers(0, 9), chosen=CHOICES)
    def change(self, rank, chosen):
        if one := self.registration(rank):
            ids = [self.session_ids[n] for n in chosen]
            self.attempt(lambda: services.change_registration(registration=one, session_ids=ids, at=now()))

    @rule(rank=st.integers(0, 9))
    def cancel(self, rank):
        if one := self.registration(rank):
            self.attempt(lambda: services.cancel_registration(registration=one, at=now()))

    @invariant()
    def every_promise_holds(self):
        db.session.rollback()
        registrations = db.session.scalars(select(Registration)).all()
        active = [one for one in registrations if one.is_active()]
        assert len(active) <= 3
        assert {one.place_number for one in active} <= {1, 2, 3}
        assert len({one.place_number for one in active}) == len(active)
        assert len({one.email_key for one in active}) == len(active)
        places = db.session.scalars(select(SessionPlace)).all()
        assert {place.registration_id for place in places} <= {one.id for one in active}
        for session in db.session.scalars(select(Session)):
            numbers = [place.place_number for place in places if place.session_id == session.id]
            assert len(set(numbers)) == len(numbers)
            assert session.capacity is None or max(numbers, default=0) <= session.capacity
        for one in active:
            assert first_overlap([place.session for place in one.places]) is None


@pytest.mark.slow
def test_places_stay_unique_and_within_capacity(app, empty_database):
    Desk.app = app
    Desk.TestCase.settings = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Desk.TestCase("runTest").runTest()
