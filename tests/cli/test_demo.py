"""The demonstration: what the sources say, and beside it data that say they are invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsapp.cli.demo.command import load_demo
from eventsapp.core.db import db, unit_of_work
from eventsapp.directory.models import Theme
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.models import Publication
from eventsapp.registrations.models import Registration, SessionPlace

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def demo(app: Flask, empty_database: None) -> Iterator[None]:
    """The demonstration is loaded."""
    with app.app_context():
        with unit_of_work():
            load_demo(at=AT)
        yield


@pytest.mark.usefixtures("demo")
def test_the_facts_are_those_of_the_sources() -> None:
    days = {
        meeting.city: meeting.starts_at.date().isoformat()
        for meeting in db.session.scalars(
            select(Meeting).where(Meeting.title.startswith("Réunion régionale"))
        )
    }
    assert days == {
        "Metz": "2014-11-12",
        "Lille": "2014-11-18",
        "Paris": "2014-11-25",
        "Lyon": "2014-12-02",
        "Rennes": "2014-12-09",
    }
    assert db.session.scalar(select(func.count(Theme.id))) == 5
    review_day = db.session.scalars(select(Meeting).where(Meeting.kind == "review_day")).one()
    assert review_day.starts_at.date().isoformat() == "2015-11-03"
    assert len(review_day.workshops) == 6


@pytest.mark.usefixtures("demo")
def test_everybody_invented_says_so_and_nobody_is_written_to() -> None:
    registrations = db.session.scalars(select(Registration)).all()
    assert len(registrations) == 200 + 5 * 36 + 80 + 7 + 52 + 41 + 23 + 8
    assert all(row.is_demo and "(démonstration)" in row.organisation for row in registrations)
    assert all(row.email.endswith("@demonstration.example") for row in registrations)
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


@pytest.mark.usefixtures("demo")
def test_no_workshop_holds_more_than_its_places() -> None:
    held = select(SessionPlace.session_id).where(SessionPlace.place_number.is_not(None))
    taken = Counter(db.session.scalars(held))
    for meeting in db.session.scalars(select(Meeting)):
        for workshop in meeting.workshops:
            assert workshop.capacity is None or taken[workshop.id] <= workshop.capacity


@pytest.mark.usefixtures("demo")
def test_a_full_meeting_has_an_offer_to_answer_and_people_behind_it() -> None:
    meetings = db.session.scalars(select(Meeting).where(Meeting.state == "published"))
    full = min(meetings, key=lambda meeting: meeting.starts_at)
    states = Counter(db.session.scalars(select(Registration.state).filter_by(meeting_id=full.id)))
    assert states == {"confirmed": 79, "offered": 1, "waiting": 6, "cancelled": 1}
    assert full.capacity == states["confirmed"] + states["offered"]
    waiting = db.session.scalars(select(SessionPlace.queue_rank).filter_by(state="waiting")).all()
    assert sorted(waiting) == [1, 2, 3]


@pytest.mark.usefixtures("demo")
def test_the_six_meetings_held_have_published_minutes() -> None:
    held = db.session.scalar(select(func.count(Meeting.id)).where(Meeting.state == "held"))
    assert held == db.session.scalar(select(func.count(Publication.id))) == 6


def test_the_same_instant_gives_the_same_data(app: Flask, empty_database: None) -> None:
    with app.app_context():
        prints = []
        for _time in range(2):
            with unit_of_work():
                load_demo(at=AT)
                references = db.session.scalars(
                    select(Registration.reference).order_by(Registration.id)
                ).all()
                contents = db.session.scalars(select(Publication.content).order_by(Publication.id)).all()
                # PostgreSQL numbers go on after a rollback, and the reference is made of one.
                frozen = [{**content, "reference": ""} for content in contents]
                prints.append((references, frozen))
                db.session.rollback()
        assert prints[0] == prints[1]


def test_the_command_loads_once(app: Flask, empty_database: None) -> None:
    runner = app.test_cli_runner()
    for _time in range(2):
        assert runner.invoke(args=["demo", "load"]).exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count(Meeting.id))) == 11
    shown = runner.invoke(args=["demo", "accounts"]).output
    assert "organisation@rencontres.example" in shown
