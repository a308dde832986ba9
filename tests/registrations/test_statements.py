"""The final POST of a registration costs the same for ten people or ten thousand."""

from __future__ import annotations

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations import queries
from eventsapp.registrations.queries.scene import read_scene
from eventsapp.registrations.services import changing
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.registrations.pages import DETAILS as ANSWERS
from tests.statements import count_statements

MOST = 6  # hold the meeting, read what decides, three rows, the invitations


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting(capacity=500)
        meeting.workshop = make_session(meeting, capacity=500)
    return meeting


def statements_of_a_post(app, client, meeting, email):
    values = {**ANSWERS, "email": email, "creneau_1": str(meeting.workshop.id)}
    with count_statements(app) as statements:
        answer = client.post(f"/rencontres/{meeting.slug}/inscription/confirmation", data=values)
    assert answer.status_code == 303
    return statements


def test_the_final_post_takes_as_many_statements_however_many_are_registered(app, client, meeting):
    first = statements_of_a_post(app, client, meeting, "premiere@exemple.fr")
    with stored(app):
        for _number in range(40):
            make_registration(meeting, sessions=[meeting.workshop])
    after_forty = statements_of_a_post(app, client, meeting, "derniere@exemple.fr")
    assert after_forty == first
    assert len(first) <= MOST


def test_nobody_is_counted_while_places_are_left(app, client, meeting):
    statements = statements_of_a_post(app, client, meeting, "zoe@exemple.fr")
    assert not [one for one in statements if "count(" in one.lower()]


def test_an_address_is_found_in_an_index_whatever_became_of_its_registrations(app, context):
    """Under the lock of the meeting: reading everybody there would make each registration slower than the last."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole")
    meeting = make_meeting()
    db.session.flush()
    with count_statements(app) as statements:
        read_scene(meeting.id, (1,), "zoe@exemple.fr", "REFERENCE")
        queries.find_active_of(meeting.id, "zoe@exemple.fr")
    for statement in statements:
        values = ("x",) * statement.count("?")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ways = [row.detail for row in plan]
        assert any("ix_registration_mailbox (meeting_id=? AND mailbox_key=?)" in way for way in ways)
        assert not [way for way in ways if way.startswith("SCAN")]
    assert len(statements) == 2


@pytest.mark.parametrize(("capacity", "left"), [(10, 8), (10_000, 9_997), (None, None)])
def test_places_given_back_are_counted_where_few_are_left(context, writing, capacity, left):
    meeting = make_meeting(capacity=capacity)
    workshop = make_session(meeting, capacity=capacity)
    people = [make_registration(meeting, sessions=[workshop]) for _number in range(3)]
    changing.cancel_registration(registration=people[0], at=now())
    _meeting, _setup, seats = queries.load_places(meeting)
    assert (seats.meeting, seats.sessions) == (left, {workshop.id: left})
