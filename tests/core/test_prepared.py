"""Statements handed to the driver as they are say and store what SQLAlchemy would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db, lock, table_of, unit_of_work
from eventsapp.core.prepared import Prepared, among, numbered
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import RegistrationSetup
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.usefixtures("context")

NEW_THEME = Prepared(insert(table_of(Theme)).returning(Theme.id))
NEW_SETUP = Prepared(insert(table_of(RegistrationSetup)))


def test_values_are_stored_in_their_types_with_the_defaults_of_their_columns() -> None:
    at = datetime(2026, 11, 28, 12, tzinfo=timezone(timedelta(hours=1)))
    quotas = [{"key": "a", "group": "members", "places": 3}]
    with unit_of_work():
        key = make_meeting().id
        NEW_SETUP.ahead({"meeting_id": key, "quotas": quotas, "changes_close_at": at, "checks_email": True})
    setup = db.session.get_one(RegistrationSetup, key)
    assert (setup.quotas, setup.checks_email, setup.takes_late_requests) == (quotas, True, True)
    assert (setup.changes_close_at, setup.changes_close_at.tzinfo) == (
        datetime(2026, 11, 28, 11, tzinfo=UTC),
        UTC,
    )


def test_other_columns_are_another_statement() -> None:
    with unit_of_work():
        for values in (
            {"name": "Habitat"},
            {"name": "Santé", "position": 5},
            {"position": 6, "name": "Énergie"},
        ):
            NEW_THEME.rows(values)
    stored = db.session.execute(select(Theme.name, Theme.position).order_by(Theme.name))
    assert {tuple(row) for row in stored} >= {("Santé", 5), ("Énergie", 6)}


def test_what_the_statement_says_itself_is_said() -> None:
    renamed = Prepared(
        update(table_of(Theme))
        .where(Theme.name == "Habitat", Theme.position == bindparam("at"))
        .values(name="Logement")
    )
    with unit_of_work():
        NEW_THEME.rows({"name": "Habitat", "position": 3})
        renamed.ahead({"at": 3})
    assert db.session.scalars(select(Theme.name)).all() == ["Logement"]


def test_what_the_session_has_not_written_yet_is_written_first() -> None:
    found = Prepared(select(Theme.name))
    with unit_of_work():
        db.session.add(Theme(name="Habitat"))
        assert found.rows({}) == [("Habitat",)]


def test_a_broken_constraint_is_raised_as_ever_without_the_values() -> None:
    with unit_of_work():
        NEW_THEME.rows({"name": "Habitat"})
        with pytest.raises(IntegrityError) as broken:
            NEW_THEME.rows({"name": "Habitat"})
        db.session.rollback()
    assert "INSERT INTO theme" in str(broken.value)
    assert "parameters:" not in str(broken.value)


def test_numbers_are_found_among_a_few() -> None:
    found = Prepared(select(Theme.name).where(Theme.id.in_(among("theme", 3))))
    with unit_of_work():
        keys = [NEW_THEME.rows({"name": name})[0][0] for name in ("Habitat", "Santé", "Énergie")]
    assert {name for (name,) in found.rows(numbered("theme", 3, keys[:2]))} == {"Habitat", "Santé"}
    assert found.rows(numbered("theme", 3, ())) == []
    with pytest.raises(ValueError, match="4 numbers for 3 places"):
        numbered("theme", 3, [1, 2, 3, 4])


def test_a_lock_outside_a_writing_transaction_is_a_mistake() -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes row locks in any transaction")
    with pytest.raises(RuntimeError):
        Prepared(select(Meeting.id).with_for_update()).hold({})
    with pytest.raises(RuntimeError):
        lock(Meeting, 1)
