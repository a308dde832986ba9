"""The page that proves an address, and the organiser's decision on a registration."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services.registering import TIME_TO_VERIFY
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration, make_setup


def a_registration(app, *, setup=(), **values):
    with stored(app):
        meeting = make_meeting(capacity=10, region_code="53")
        make_setup(meeting, **dict(setup))
        registration = make_registration(meeting, email="zoe@exemple.fr", **values)
        registration.path = f"/mon-inscription/{registration_token(registration)}"
        registration.office = f"/gestion/rencontres/{meeting.id}/inscriptions/{registration.id}"
        registration.of = meeting
    return registration


def again(app, registration):
    with app.app_context():
        return db.session.get_one(Registration, registration.id)


@pytest.fixture
def unverified(app):
    until = now() + TIME_TO_VERIFY
    return a_registration(app, setup={"checks_email": True}, state="unverified", held_until=until)


@pytest.fixture
def pending(app):
    return a_registration(app, setup={"admission": "approval"}, state="pending")


@pytest.fixture
def organiser(app, client, sign_in, pending):
    with stored(app):
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    return client


def test_opening_the_link_verifies_nothing(app, client, unverified):
    page = client.get(f"{unverified.path}/verification")
    assert page.status_code == 200
    assert "Confirmer mon adresse" in page.text
    assert "Une place vous est gardée" in page.text
    assert client.head(f"{unverified.path}/verification").status_code == 200
    assert again(app, unverified).state == "unverified"


def test_the_button_verifies_and_the_page_says_what_follows(app, client, unverified):
    assert "Il reste à vérifier" in client.get(unverified.path).text
    page = client.post(f"{unverified.path}/verification", follow_redirects=True)
    assert "Votre adresse est vérifiée" in page.text
    assert "Votre place est réservée" in page.text
    assert again(app, unverified).is_confirmed()
    page = client.post(f"{unverified.path}/verification", follow_redirects=True)
    assert page.status_code == 200
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail.purpose)).all() == ["confirmation"]


def test_a_verified_address_has_no_button_any_more(client, pending):
    assert client.get(f"{pending.path}/verification").status_code == 303
    assert "attend une validation" in client.get(pending.path).text


def test_a_bad_link_verifies_nothing(app, client, unverified):
    for method in (client.get, client.post):
        answer = method(f"{unverified.path}x/verification")
        assert answer.status_code == 404
        assert "Retrouver mon inscription" in answer.text
    assert again(app, unverified).state == "unverified"


def test_a_registration_that_ended_says_so(app, client, unverified):
    with stored(app):
        ended = db.session.merge(unverified)
        ended.state, ended.held_until, ended.place_number, ended.cancelled_at = "cancelled", None, None, now()
    answer = client.post(f"{unverified.path}/verification")
    assert answer.status_code == 409
    assert "inscrivez-vous de nouveau" in answer.text


def test_the_organiser_validates(app, organiser, pending):
    page = organiser.get(pending.office)
    assert "Valider" in page.text
    assert "/refus" in page.text
    answer = organiser.post(f"{pending.office}/validation", follow_redirects=True)
    assert "a une place" in answer.text
    assert "Valider" not in answer.text
    assert again(app, pending).is_confirmed()
    assert organiser.post(f"{pending.office}/validation").status_code == 409


def test_the_organiser_refuses_and_says_why(app, client, organiser, pending):
    assert organiser.get(f"{pending.office}/refus").status_code == 200
    answer = organiser.post(f"{pending.office}/refus", data={"reason": "x" * 2001})
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert again(app, pending).state == "pending"
    answer = organiser.post(f"{pending.office}/refus", data={"reason": "Complet."}, follow_redirects=True)
    assert "est refusée" in answer.text
    assert again(app, pending).state == "refused"
    assert "n’a pas été acceptée" in client.get(pending.path).text
    assert organiser.post(f"{pending.office}/refus").status_code == 409


def test_another_region_s_registration_is_not_found(app, organiser):
    with stored(app):
        other = make_meeting(region_code="32")
        theirs = make_registration(other, state="pending")
    path = f"/gestion/rencontres/{other.id}/inscriptions/{theirs.id}"
    assert organiser.get(f"{path}/refus").status_code == 404
    assert organiser.post(f"{path}/refus").status_code == 404
    assert organiser.post(f"{path}/validation").status_code == 404
    assert again(app, theirs).state == "pending"


def test_only_the_link_is_sent_again_before_a_place_is_given(app, organiser, pending):
    assert organiser.post(f"{pending.office}/confirmation").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail.purpose)).all() == ["personal_link"]
