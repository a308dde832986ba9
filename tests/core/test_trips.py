"""To PostgreSQL, statements whose answer nobody needs leave with the next one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import bindparam, create_engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError, InternalError, NoResultFound
from sqlalchemy.pool import NullPool

from eventsapp.core.db import db, run, savepoint, table_of, unit_of_work
from eventsapp.core.prepared import Prepared
from eventsapp.core.trips import TripConnection, TripCursor
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import RegistrationIsClosed
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.registrations.pages import DETAILS

NEW = Prepared(insert(table_of(Theme)))
LOCK = Prepared(select(Meeting.id).where(Meeting.id == bindparam("key")).with_for_update())


@pytest.fixture(autouse=True)
def on_postgresql(context: None) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is in the process: there is no trip to spare")


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What ended a trip to the server, in order."""
    made: list[str] = []
    arrive = TripConnection.arrive

    def counted(connection: TripConnection) -> None:
        if connection._trip is not None:
            made.append("trip")
        arrive(connection)

    monkeypatch.setattr(TripConnection, "arrive", counted)
    return made


def add(name: str) -> None:
    NEW.ahead({"id": len(name), "name": name, "position": 0})


def write(*names: str) -> None:
    with unit_of_work():
        for name in names:
            add(name)


def names() -> set[str]:
    return set(db.session.scalars(select(Theme.name)))


def test_what_leaves_ahead_is_done_in_order_and_committed(trips: list[str]) -> None:
    with unit_of_work():
        add("a")
        add("ab")
        assert run(select(func.count()).select_from(Theme)).scalar_one() == 2
        add("abc")
    assert trips == ["trip"] * 2  # with the count, with COMMIT
    assert names() == {"a", "ab", "abc"}


def test_what_is_wrong_with_it_is_raised_by_the_commit_and_undoes_everything() -> None:
    with pytest.raises(IntegrityError):
        write("a", "b", "abc")  # the second has the number of the first
    assert names() == set()
    with unit_of_work():
        add("a")
    assert names() == {"a"}


def test_what_is_wrong_with_it_is_raised_by_the_next_statement() -> None:
    with unit_of_work():
        add("a")
    with unit_of_work():
        add("b")
        with pytest.raises(IntegrityError):
            run(select(func.count()).select_from(Theme))
        db.session.rollback()
    assert names() == {"a"}


def test_what_left_ahead_is_undone_with_the_rest() -> None:
    with unit_of_work():
        add("a")
        db.session.rollback()
    assert names() == set()


def test_what_is_read_after_a_lock_is_read_once_it_is_held(app: Flask) -> None:
    """In one trip too: the lock is a statement of its own, so the next one sees what was committed meanwhile."""
    with unit_of_work():
        meeting_id = make_meeting(capacity=5).id
    held, seen = threading.Event(), []

    def look() -> None:
        with app.app_context(), unit_of_work():
            held.wait(10)
            LOCK.hold({"key": meeting_id})
            seen.append(db.session.scalar(select(func.count()).select_from(Theme)))

    looking = threading.Thread(target=look)
    looking.start()
    with unit_of_work():
        LOCK.hold({"key": meeting_id})
        run(select(Meeting.id))
        held.set()
        while looking.is_alive() and not is_somebody_waiting():
            looking.join(0.01)
        add("a")
    looking.join(10)
    assert seen == [1]


def is_somebody_waiting() -> bool:
    run(text("SELECT pg_stat_clear_snapshot()"))
    here = "datname = current_database() AND wait_event_type = 'Lock'"
    return bool(run(text(f"SELECT count(*) FROM pg_stat_activity WHERE {here}")).scalar_one())  # noqa: S608


def test_a_page_makes_as_many_trips_as_it_has_statements(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither BEGIN nor ROLLBACK: there is nothing to undo."""
    client.get(path)
    waits: list[str] = []
    for name in ("execute", "executemany"):
        whole = getattr(TripCursor, name)
        monkeypatch.setattr(
            TripCursor, name, lambda *given, _do=whole, **how: waits.append("") or _do(*given, **how)
        )
    ended = TripConnection.rollback
    monkeypatch.setattr(
        TripConnection,
        "rollback",
        lambda driver: waits.extend([""] * (driver.info.transaction_status != 0)) or ended(driver),
    )
    assert client.get(path).status_code == 200
    assert len(waits) == 1


def test_a_final_post_makes_three_trips(client: FlaskClient, path: str, trips: list[str]) -> None:
    for number in range(2):  # the first one connects and prepares
        trips.clear()
        values = {**DETAILS, "email": f"personne{number}@exemple.fr"}
        answer = client.post(f"{path}/confirmation", data=values)
        assert answer.status_code == 303
    assert len(trips) == 3  # lock and scene; rows and invitations; message and COMMIT


def test_what_is_wrong_in_a_savepoint_is_raised_there_and_undoes_no_more() -> None:
    with unit_of_work():
        add("a")
        for names_of_one in (["ab"], ["b", "abc"], ["abcd"]):  # the second begins with a number already taken
            with suppress(IntegrityError), savepoint():
                for name in names_of_one:
                    add(name)
    assert names() == {"a", "ab", "abcd"}


def test_a_refusal_in_a_savepoint_undoes_what_had_left() -> None:
    with unit_of_work():
        add("a")
        with suppress(RegistrationIsClosed), savepoint():
            add("b")
            raise RegistrationIsClosed
        add("abc")
    assert names() == {"a", "abc"}


def test_a_transaction_in_which_a_statement_failed_is_not_said_to_be_committed() -> None:
    with unit_of_work():
        add("a")
    with pytest.raises(InternalError):
        commit_in_spite_of_an_error()
    db.session.rollback()
    assert names() == {"a"}


def commit_in_spite_of_an_error() -> None:
    with unit_of_work(), suppress(IntegrityError):
        NEW.rows({"id": 1, "name": "b", "position": 0})


@pytest.fixture
def path(app: Flask) -> str:
    """The address of the first page of a form."""
    with stored(app):
        return f"/rencontres/{make_meeting(capacity=5).slug}/inscription"


def say_elsewhere(statement: str) -> None:
    """Carry out a statement on a connection that is not the application's."""
    with create_engine(db.engine.url, poolclass=NullPool).begin() as other:
        other.execute(text(statement))


def test_a_connection_that_was_cut_is_a_database_away_and_the_next_one_works(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code == 200
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    say_elsewhere(f"{cut} AND datname = current_database()")
    away = client.get(path)
    assert away.status_code == 503
    assert away.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(path).status_code == 200


def test_a_table_altered_meanwhile_costs_a_connection_one_page_at_most(
    client: FlaskClient, path: str
) -> None:
    for _time in range(8):  # until the driver has prepared the statement
        assert client.get(path).status_code == 200
    say_elsewhere("ALTER TABLE meeting ALTER title TYPE varchar(210)")
    try:
        client.get(path)
        assert client.get(path).status_code == 200
    finally:
        say_elsewhere("ALTER TABLE meeting ALTER title TYPE varchar(200)")
        db.engine.dispose()


def test_a_meeting_that_was_not_held_is_not_found() -> None:
    with unit_of_work():
        meeting_id = make_meeting().id
        check_held = LOCK.hold({"key": meeting_id + 1})
        assert run(select(Meeting.id)).scalar_one() == meeting_id
        with pytest.raises(NoResultFound):
            check_held()
        check_held = LOCK.hold({"key": meeting_id})
        run(select(Meeting.id))
        check_held()
