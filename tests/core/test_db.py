"""One transaction a request, ended in one place; locks that hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Blueprint, Flask, Response, abort
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError

from eventsapp import create_app
from eventsapp.core import connections
from eventsapp.core.answers import attempt, see_other
from eventsapp.core.clock import now
from eventsapp.core.db import Base, UtcDateTime, db, keep_changes_of_this_refusal, lock, unit_of_work
from eventsapp.core.permissions import public
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import RegistrationIsClosed
from tests.factories.database import stored
from tests.factories.meetings import make_meeting

bp = Blueprint("trial", __name__)


@bp.post("/essai/<outcome>")
@public
def trial(outcome: str) -> tuple[str, int]:
    db.session.add(Theme(name=outcome))
    db.session.flush()
    if outcome == "crash":
        raise RuntimeError(outcome)
    if outcome == "abort":
        abort(404)
    if outcome == "away":
        raise OperationalError("SELECT 1", None, Exception("database is locked"))
    if outcome == "kept":
        keep_changes_of_this_refusal()
    return outcome, {"refused": 422, "kept": 422}.get(outcome, 200)


@bp.get("/essai/lecture")
@public
def trial_that_reads() -> str:
    db.session.add(Theme(name="written by a page that only reads"))
    return str(db.session.scalar(select(func.count()).select_from(Theme)))


@bp.post("/essai/refus")
@public
def trial_of_a_service() -> Response:
    attempt(_write_and_refuse)
    return see_other("trial.trial_of_a_service")


def _write_and_refuse() -> None:
    db.session.add(Theme(name="half done"))
    db.session.flush()
    raise RegistrationIsClosed


@pytest.fixture
def trial_app(app: Flask, empty_database: None) -> Iterator[Flask]:
    """The application with a view that writes, then ends in several ways, on the same database."""
    overrides = {key: app.config[key] for key in ("DATABASE_URL", "SECRET_KEY", "LOG_LEVEL")}
    other = create_app({**overrides, "WTF_CSRF_ENABLED": False})
    other.register_blueprint(bp)
    yield other
    with other.app_context():
        db.engine.dispose()


def test_a_refusal_told_by_the_next_page_leaves_nothing_half_done(trial_app: Flask) -> None:
    client = trial_app.test_client()
    assert client.post("/essai/refus").status_code == 303
    with client.session_transaction() as session:
        assert [tuple(one) for one in session["_flashes"]] == [("danger", str(RegistrationIsClosed.message))]
    with trial_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Theme)) == 0


def test_a_request_that_only_reads_changes_nothing(trial_app: Flask) -> None:
    assert trial_app.test_client().get("/essai/lecture").status_code == 500
    with trial_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Theme)) == 0


@pytest.mark.parametrize(
    ("outcome", "kept"),
    [("done", True), ("refused", False), ("abort", False), ("crash", False), ("away", False), ("kept", True)],
)
def test_a_request_is_committed_when_it_succeeds_and_only_then(
    trial_app: Flask, outcome: str, kept: bool
) -> None:
    trial_app.test_client().post(f"/essai/{outcome}")
    with trial_app.app_context():
        assert db.session.scalar(select(func.count(Theme.id))) == int(kept)


def test_a_crash_answers_with_a_page_that_tells_nothing_of_the_inside(trial_app: Flask) -> None:
    page = trial_app.test_client().post("/essai/crash")
    assert page.status_code == 500
    assert "Une erreur s’est produite" in page.text
    assert "RuntimeError" not in page.text


def test_a_database_that_is_away_asks_to_try_again(trial_app: Flask) -> None:
    page = trial_app.test_client().post("/essai/away")
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "momentanément indisponible" in page.text


@pytest.mark.usefixtures("context")
def test_a_unit_of_work_is_all_or_nothing() -> None:
    def write_then_fail() -> None:
        with unit_of_work():
            db.session.add(Theme(name="perdu"))
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_then_fail()
    assert db.session.scalar(select(func.count(Theme.id))) == 0


def test_a_lock_reads_the_row_afresh(app: Flask, empty_database: None) -> None:
    with stored(app):
        meeting = make_meeting(capacity=10)
    with app.app_context():
        with unit_of_work():
            assert lock(Meeting, meeting.id).capacity == 10
        with unit_of_work():
            db.session.get_one(Meeting, meeting.id).capacity = 20
        with unit_of_work():
            assert lock(Meeting, meeting.id).capacity == 20


def test_a_lock_outside_a_writing_transaction_is_a_mistake(app: Flask, empty_database: None) -> None:
    with stored(app):
        meeting = make_meeting()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL takes row locks in any transaction")
        with pytest.raises(RuntimeError):
            lock(Meeting, meeting.id)


@pytest.mark.usefixtures("context")
def test_instants_come_back_aware_and_the_same() -> None:
    paris = timezone(timedelta(hours=2))
    with unit_of_work():
        meeting = make_meeting(starts_at=datetime(2027, 7, 1, 9, 30, tzinfo=paris))
    db.session.expire_all()
    assert meeting.starts_at == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)
    assert meeting.starts_at.tzinfo is UTC


@pytest.mark.usefixtures("context")
def test_an_instant_without_a_zone_is_refused() -> None:
    column = UtcDateTime()
    with pytest.raises(ValueError, match="time zone"):
        column.process_bind_param(datetime(2027, 1, 1), db.engine.dialect)  # noqa: DTZ001
    assert column.process_bind_param(now(), db.engine.dialect) is not None


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_a_connection_that_died_while_idle_is_replaced_and_one_just_used_is_trusted(app, monkeypatch):
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            pytest.skip("a file does not go away")
        monkeypatch.setattr(connections, "SECONDS_TRUSTED", 0)
        _kill_idle_connections(db.engine)
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.remove()
        monkeypatch.setattr(connections, "SECONDS_TRUSTED", 60)
        _kill_idle_connections(db.engine)
        with pytest.raises(OperationalError):
            db.session.scalar(text("SELECT 1"))
        db.session.remove()
        assert db.session.scalar(text("SELECT 1")) == 1


def _kill_idle_connections(engine):
    """Leave the pool with one connection, whose server process is gone."""
    engine.dispose()
    with engine.connect() as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    other.dispose()
