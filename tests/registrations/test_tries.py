"""An access code cannot be found by trying; whoever typed one wrong loses nothing, and other meetings go on."""

import pytest
from sqlalchemy import func, select

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.core.limits import Limit
from eventsapp.registrations import tries
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_setup
from tests.registrations.pages import DETAILS, Page

CODE = "Sésame 26"
HOME, OTHER = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def meeting(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WRONG_CODES_PER_ADDRESS", 2)
    monkeypatch.setattr(tries, "wrong_codes", Limit(tries.wrong_codes.lasts))
    with stored(app):
        meeting = make_meeting(capacity=10)
        make_setup(meeting, access_code=CODE, allows_groups=True)
    return meeting


@pytest.fixture
def send(client):
    def send(meeting, code, step="/verification", address=HOME, **values):
        data = {**DETAILS, "access_code": code, **values}
        path = f"/rencontres/{meeting.slug}/inscription{step}"
        return client.post(path, data=data, environ_base={"REMOTE_ADDR": address})

    return send


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Registration))


@pytest.mark.parametrize("step", ["/verification", "/questions", "/confirmation"])
def test_after_too_many_wrong_codes_even_the_right_one_waits_and_nothing_typed_is_lost(
    app, meeting, send, step
):
    assert [send(meeting, "faux", step).status_code for _time in range(2)] == [422, 422]
    refused = send(meeting, CODE, step)
    assert refused.status_code == 429
    assert "Trop de codes ont été essayés" in refused.text
    assert 'id="access_code-erreur"' in refused.text
    assert Page(refused).values["family_name"] == DETAILS["family_name"]
    assert Page(refused).values["access_code"] == CODE
    assert count(app) == 0


def test_another_connection_and_another_meeting_are_not_kept_waiting(app, meeting, send):
    with stored(app):
        other = make_meeting(capacity=10)
        make_setup(other, access_code=CODE)
    for _time in range(3):
        send(meeting, "faux")
    assert send(meeting, CODE, address=OTHER).status_code == 200
    assert send(other, CODE).status_code == 200


def test_many_connections_have_no_more_tries_together(meeting, send):
    for number in range(1, 11):
        for _time in range(2):
            assert send(meeting, "faux", address=f"198.51.100.{number}").status_code == 422
    assert send(meeting, CODE).status_code == 429


def test_right_codes_are_not_counted(app, meeting, send):
    assert [send(meeting, CODE).status_code for _time in range(4)] == [200] * 4
    assert send(meeting, CODE, "/confirmation").status_code == 303
    assert count(app) == 1


def test_ten_minutes_later_one_tries_again(meeting, send, monkeypatch):
    for _time in range(3):
        send(meeting, "faux")
    later = clock.now() + tries.wrong_codes.lasts
    monkeypatch.setattr(tries, "now", lambda: later)
    assert send(meeting, CODE).status_code == 200


def test_the_page_of_colleagues_counts_the_same_tries(app, meeting, send):
    group = {
        "contact_name": "Carla Contact",
        "contact_email": "carla@exemple.fr",
        "colleagues-0-given_name": "Ada",
        "colleagues-0-family_name": "Essai",
        "colleagues-0-email": "ada@exemple.fr",
        "colleagues-0-job_title": "Agente",
    }
    assert send(meeting, "faux").status_code == 422
    assert send(meeting, "faux", "/groupe", **group).status_code == 422
    refused = send(meeting, CODE, "/groupe", **group)
    assert refused.status_code == 429
    assert Page(refused).values["colleagues-0-given_name"] == "Ada"
    assert count(app) == 0
