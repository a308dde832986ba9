"""A script cannot fill a meeting from one address; what somebody typed is not lost to it."""

import pytest
from sqlalchemy import func, select

from eventsapp.core.db import db
from eventsapp.core.limits import Limit
from eventsapp.registrations.models import Registration
from eventsapp.registrations.views import pacing
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.registrations.pages import DETAILS, Page
from tests.statements import count_statements


@pytest.fixture
def limited(app, monkeypatch):
    monkeypatch.setitem(app.config, "REGISTRATIONS_PER_ADDRESS", 2)
    for name in ("registrations", "links"):
        monkeypatch.setattr(pacing, name, Limit(pacing.TEN_MINUTES))


@pytest.fixture
def send(app, client, limited):
    with stored(app):
        meeting = make_meeting()

    def send(number, address="192.0.2.1"):
        return client.post(
            f"/rencontres/{meeting.slug}/inscription/confirmation",
            data={**DETAILS, "email": f"a{number}@exemple.fr"},
            environ_base={"REMOTE_ADDR": address},
        )

    return send


def test_the_third_of_two_waits_and_keeps_its_answers(app, send):
    assert [send(number).status_code for number in range(3)] == [303, 303, 429]
    page = send(3)
    assert "Attendez quelques minutes" in page.text
    assert Page(page).values["family_name"] == DETAILS["family_name"]
    assert Page(page).values["email"] == "a3@exemple.fr"
    assert send(4, "192.0.2.2").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 3


def test_counting_costs_no_statement(app, send, monkeypatch):
    with count_statements(app) as limited:
        send(1)
    monkeypatch.setitem(app.config, "REGISTRATIONS_PER_ADDRESS", 0)
    with count_statements(app) as free:
        send(2)
    assert len(limited) == len(free)


def test_links_are_asked_for_at_the_same_pace(client, limited):
    answers = [client.post("/mon-inscription", data={"email": "zoe@exemple.fr"}) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 'value="zoe@exemple.fr"' in answers[2].text
    assert "Attendez quelques minutes" in answers[2].text
