"""Rows made into objects once: never out of date, never written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import object_session
from sqlalchemy.orm.exc import DetachedInstanceError

from eventsapp.core.db import db, run, unit_of_work
from eventsapp.core.readings import object_of, raw_columns
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import RegistrationSetup
from eventsapp.registrations.queries import get_announced_places
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_setup

pytestmark = pytest.mark.usefixtures("context")


def test_an_object_has_every_value_that_was_stored_in_its_type() -> None:
    with unit_of_work():
        meeting = make_meeting(latitude=50.63, longitude=3.06, is_demo=True)
        make_setup(meeting, quotas=[{"key": "a", "group": "members", "places": 3}])
    for entity in (Meeting, RegistrationSetup):
        stored = db.session.scalars(select(entity)).one()
        made = object_of(entity, run(select(*raw_columns(entity))).one())
        for name in (attribute.key for attribute in entity.__mapper__.column_attrs):
            values = getattr(made, name), getattr(stored, name)
            assert (values[0], type(values[0])) == (values[1], type(values[1])), name
    assert object_of(Meeting, run(select(*raw_columns(Meeting))).one()).starts_at.tzinfo is UTC


def test_the_rows_can_be_looked_up_whatever_they_hold() -> None:
    with unit_of_work():
        make_setup(make_meeting(), quotas=[{"key": "a", "group": "members", "places": 3}])
    assert hash(tuple(run(select(*raw_columns(RegistrationSetup))).one()))


def test_what_was_not_read_with_it_is_not_there() -> None:
    with unit_of_work():
        make_meeting()
    made = object_of(Meeting, run(select(*raw_columns(Meeting))).one())
    with pytest.raises(DetachedInstanceError):
        _ = made.themes


def test_no_session_takes_it() -> None:
    with unit_of_work():
        make_meeting()
    made = object_of(Meeting, run(select(*raw_columns(Meeting))).one())
    with pytest.raises(RuntimeError, match="read only"):
        db.session.add(made)
    assert object_session(made) is None


def test_a_programme_is_made_once_and_anew_when_any_of_it_changes() -> None:
    with unit_of_work():
        meeting = make_meeting(capacity=10)
        workshop = make_session(meeting, title="Mobilités")
        slug = meeting.slug
    first = get_announced_places(slug)[0]
    assert get_announced_places(slug)[0] is first
    with unit_of_work():
        workshop.title = "Énergie"
    assert [one.title for one in get_announced_places(slug)[0].workshops] == ["Énergie"]
    with unit_of_work():
        setup = make_setup(meeting, offer_hours=5)
    assert get_announced_places(slug)[1].offer_hours == 5
    with unit_of_work():
        setup.offer_hours, meeting.starts_at = 6, datetime(2030, 1, 1, tzinfo=UTC)
        meeting.ends_at = datetime(2030, 1, 2, tzinfo=UTC)
    found, rules, _seats = get_announced_places(slug)
    assert (found.starts_at, rules.offer_hours) == (datetime(2030, 1, 1, tzinfo=UTC), 6)
    assert [one.title for one in first.workshops] == ["Mobilités"]  # who began to read it reads it to the end
