"""The demonstration: what the sources say, and beside it data that say they are invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsapp.accounts.models import Account
from eventsapp.cli.demo.command import load_demo
from eventsapp.core.db import db, unit_of_work
from eventsapp.directory.models import Theme
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting, Session
from eventsapp.minutes.models import Publication
from eventsapp.registrations.models import Batch, Registration, SessionPlace
from eventsapp.registrations.proposals import load_demand, load_proposal
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.queries.batches import Progress, progress_of
from eventsapp.registrations.queries.duplicates import find_pairs
from eventsapp.registrations.queries.requests import page_of_requests
from eventsapp.registrations.services.allocating import prepare_allocation
from eventsapp.registrations.services.deciding import accept_request
from eventsapp.registrations.wishing import WorkshopStep, workshop_step

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def demo(app: Flask, empty_database: None) -> Iterator[None]:
    """The demonstration is loaded."""
    with app.app_context():
        with unit_of_work():
            load_demo(at=AT)
        yield


def coming(city: str) -> Meeting:
    meetings = select(Meeting).where(Meeting.kind == "regional", Meeting.state == "published")
    return db.session.scalars(meetings.where(Meeting.city == city)).one()


def demo_organiser() -> Account:
    return db.session.scalars(select(Account).where(Account.email.startswith("organisation@"))).one()


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
    assert len(registrations) == 200 + 5 * 36 + 80 + 7 + 52 + 1 + 41 + 72 + 15 + 11 + 18
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
    full = coming("Metz")
    states = Counter(db.session.scalars(select(Registration.state).filter_by(meeting_id=full.id)))
    assert states == {"confirmed": 79, "offered": 1, "waiting": 6, "cancelled": 1}
    assert full.capacity == states["confirmed"] + states["offered"]
    waiting = db.session.scalars(select(SessionPlace.queue_rank).filter_by(state="waiting")).all()
    assert sorted(waiting) == [1, 2, 3]


@pytest.mark.usefixtures("demo")
def test_a_meeting_has_registrations_to_validate_and_an_order_carried_out() -> None:
    meeting = coming("Rennes")
    assert get_setup(meeting.id).admission == "approval"
    states = Counter(db.session.scalars(select(Registration.state).filter_by(meeting_id=meeting.id)))
    assert states == {"pending": 5, "confirmed": 9, "cancelled": 1}
    order = db.session.scalars(select(Batch)).one()
    assert (order.kind, order.state) == ("approval", "done")
    assert progress_of(order) == Progress(total=10, done=9, refused=1)


@pytest.mark.usefixtures("demo")
def test_the_wishes_of_a_meeting_are_open_and_can_be_allocated() -> None:
    meeting = coming("Lyon")
    setup = get_setup(meeting.id)
    assert workshop_step(meeting, setup, AT) is WorkshopStep.WISHES
    demand = load_demand(meeting.workshops, setup)
    assert not demand.problems
    assert len(demand.wishes.without_wish) == 6
    with unit_of_work():
        draft = prepare_allocation(meeting=meeting, by=demo_organiser(), at=AT).draft
        proposal = load_proposal(draft, meeting.workshops, setup)
    assert proposal.is_proven
    assert proposal.left_out  # not everybody can have what they ask for: there is something to look at


@pytest.mark.usefixtures("demo")
def test_one_person_is_registered_twice() -> None:
    (pair,) = find_pairs(coming("Lille").id).found
    assert pair.reason == "mailbox"


@pytest.mark.usefixtures("demo")
def test_late_requests_wait_for_an_answer() -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.kind == "committee")).one()
    assert meeting.registration_ends_at() < AT < meeting.starts_at
    asked = page_of_requests(meeting.id, 1).items
    assert [(request.kind, request.state) for request in asked] == [("transfer", "open"), ("change", "open")]
    for request in asked:
        with unit_of_work():
            accept_request(request=request, by=demo_organiser(), at=AT)  # they can be accepted as they are


@pytest.mark.usefixtures("demo")
def test_the_access_code_is_the_one_that_is_printed(app: Flask) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.kind == "training")).one()
    code = get_setup(meeting.id).access_code
    assert code
    assert f"« {code} »" in app.test_cli_runner().invoke(args=["demo", "accounts"]).output


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
                people = db.session.execute(
                    select(Registration.reference, Registration.state).order_by(Registration.id)
                ).all()
                held = db.session.execute(
                    select(SessionPlace.state, SessionPlace.place_number, SessionPlace.rank)
                    .join(Registration)
                    .join(Session)
                    .order_by(Registration.reference, Session.starts_at, Session.title)
                ).all()
                contents = db.session.scalars(select(Publication.content).order_by(Publication.id)).all()
                # PostgreSQL numbers go on after a rollback, and the reference is made of one.
                frozen = [{**content, "reference": ""} for content in contents]
                prints.append((people, held, frozen))
                db.session.rollback()
        assert prints[0] == prints[1]


def test_the_command_loads_once(app: Flask, empty_database: None) -> None:
    runner = app.test_cli_runner()
    for _time in range(2):
        assert runner.invoke(args=["demo", "load"]).exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count(Meeting.id))) == 13
    shown = runner.invoke(args=["demo", "accounts"]).output
    assert "organisation@rencontres.example" in shown
