"""What waits for an answer is on the dashboard, of those who may answer and of their meetings only."""

from datetime import timedelta

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.models import ChangeRequest
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.statements import count_statements


@pytest.fixture
def dashboard(app, client, sign_in):
    with stored(app):
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    return lambda: client.get("/gestion").text.replace("\u00a0", " ")


def wait_for_an_answer(meeting, pending=0, requests=0):
    for _number in range(pending):
        make_registration(meeting, state="pending")
    for _number in range(requests):
        registration = make_registration(meeting)
        db.session.add(ChangeRequest(registration_id=registration.id, kind="change", asked_at=now()))
    db.session.flush()


def test_what_waits_is_counted_by_meeting(app, dashboard):
    assert "attendent votre réponse" not in dashboard()
    with stored(app):
        wait_for_an_answer(make_meeting(title="Mobilités", region_code="53"), pending=2, requests=1)
    page = dashboard()
    for text in ("Mobilités", "2 inscriptions à valider", "1 demande<"):
        assert text in page


def test_other_regions_and_past_meetings_are_left_out(app, dashboard):
    with stored(app):
        wait_for_an_answer(make_meeting(title="Ailleurs", region_code="32"), pending=1)
        before = now() - timedelta(days=3)
        wait_for_an_answer(make_meeting(region_code="53", starts_at=before), pending=1)
    assert "attendent votre réponse" not in dashboard()


def test_full_workshops_are_counted_and_lead_to_the_places_of_each(app, dashboard):
    with stored(app):
        meeting = make_meeting(region_code="53")
        full, _free, _unlimited = (make_session(meeting, capacity=capacity) for capacity in (1, 1, None))
        make_registration(meeting, sessions=[full])
        make_meeting(title="Sans atelier", region_code="53")
    page = dashboard()
    assert "1 complet sur 3<" in page
    assert page.count("complet sur") == 1
    assert f"/gestion/rencontres/{meeting.id}/inscriptions/statistiques#ateliers" in page


def test_the_dashboard_costs_the_same_whatever_waits(app, dashboard):
    counts = []
    for number in (1, 5):
        with stored(app):
            for _meeting in range(number):
                wait_for_an_answer(make_meeting(region_code="53"), pending=number, requests=number)
        with count_statements(app) as statements:
            dashboard()
        counts.append(len(statements))
    assert counts[0] == counts[1]
