"""The page «Envois»: what each person may see, and what they may decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.outbox import Draft, queue_mails
from eventsapp.mail.views import without_personal_links
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.mail.conftest import AT, draft


def store_mail(app, state="queued", number=1, **changes):
    with app.app_context():
        with unit_of_work():
            queue_mails(
                [Draft(**draft(occasion=f"o:{i}", **changes)) for i in range(number)],
                at=changes.pop("at", AT),
            )
            for mail in db.session.scalars(select(OutgoingMail)):
                mail.state = state
                mail.sent_at = AT if state == "sent" else None
        return list(db.session.scalars(select(OutgoingMail.id)))


@pytest.fixture
def office(app, client, sign_in):
    def enter(**grant):
        with stored(app):
            account = make_account(**grant)
        sign_in(client, account)
        return client

    return enter


def state_of(app, mail_id):
    with app.app_context():
        return db.session.get(OutgoingMail, mail_id).state


def test_a_visitor_and_a_secretary_see_no_message(app, client, office):
    assert client.get("/gestion/envois").status_code == 303
    assert office(role="secretary").get("/gestion/envois").status_code == 403


def test_an_organiser_sees_what_waits_and_since_when(app, office):
    store_mail(app)
    page = office().get("/gestion/envois")
    assert page.status_code == 200
    assert "Bonjour Camille" in page.text
    assert "Des messages attendent" in page.text


def test_the_list_can_be_narrowed(app, office):
    store_mail(app, state="failed")
    browser = office()
    assert "Bonjour Camille" in browser.get("/gestion/envois?etat=failed&type=reminder").text
    assert "Bonjour Camille" not in browser.get("/gestion/envois?etat=sent").text
    assert "Bonjour Camille" not in browser.get("/gestion/envois?type=invitation").text
    assert "Bonjour Camille" in browser.get("/gestion/envois?adresse=CAMILLE@exemple.example").text
    assert browser.get("/gestion/envois?etat=nonsense&type=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        ({"territory_code": "84"}, True),
        ({"territory_code": "11"}, False),
        ({}, True),
    ],
)
def test_a_regional_organiser_sees_the_messages_of_the_region(app, office, grant, seen):
    (mail_id,) = store_mail(app, territory_code="84", about="meeting:12")
    browser = office(**grant)
    assert ("Bonjour Camille" in browser.get("/gestion/envois").text) is seen
    assert browser.get(f"/gestion/envois/{mail_id}").status_code == (200 if seen else 404)
    answer = browser.post(f"/gestion/envois/{mail_id}/retrait")
    assert answer.status_code == (303 if seen else 404)


def test_a_doubtful_message_says_what_is_known_and_can_go_again(app, office):
    (mail_id,) = store_mail(app, state="doubtful")
    browser = office()
    assert "peut-être parti" in browser.get(f"/gestion/envois/{mail_id}").text
    assert browser.post(f"/gestion/envois/{mail_id}/renvois").status_code == 303
    assert state_of(app, mail_id) == "queued"


@pytest.mark.parametrize("state", ["sent", "queued", "cancelled"])
def test_only_a_message_that_stopped_can_go_again(app, office, state):
    (mail_id,) = store_mail(app, state=state)
    assert office().post(f"/gestion/envois/{mail_id}/renvois").status_code == 409
    assert state_of(app, mail_id) == state


def test_a_message_that_waits_can_be_withdrawn_and_one_that_left_cannot(app, office):
    (mail_id,) = store_mail(app)
    browser = office()
    assert browser.post(f"/gestion/envois/{mail_id}/retrait").status_code == 303
    assert state_of(app, mail_id) == "cancelled"
    assert browser.post(f"/gestion/envois/{mail_id}/retrait").status_code == 409


def test_reading_a_message_does_not_open_what_it_opens():
    text = "Voir https://exemple.example/mon-inscription/WzEsMV0.x2-abcdefghijklmnopqrstuvw et https://exemple.example/rencontres"
    assert (
        without_personal_links(text)
        == "Voir https://exemple.example/mon-inscription/… et https://exemple.example/rencontres"
    )


def test_a_message_that_waits_shows_the_text_it_will_have(app, office):
    (mail_id,) = store_mail(app)
    page = office().get(f"/gestion/envois/{mail_id}").text
    assert "Bonjour Camille, rendez-vous mardi 1er septembre 2026." in page


def test_a_message_that_cannot_be_composed_has_its_page_and_can_be_tried_again(app, office):
    (mail_id,) = store_mail(app, state="failed", template="essai/mail/broken")
    browser = office()
    page = browser.get(f"/gestion/envois/{mail_id}")
    assert page.status_code == 200
    assert "n’a pas pu être composé" in page.text
    assert browser.post(f"/gestion/envois/{mail_id}/renvois").status_code == 303


def test_a_long_list_is_paged_with_a_constant_number_of_statements(app, office):
    store_mail(app, number=60)
    browser = office()
    with app.app_context():
        engine = db.engine
    statements = []

    def count(*details):
        statements.append(details[2])

    event.listen(engine, "before_cursor_execute", count)
    page = browser.get("/gestion/envois?page=2")
    event.remove(engine, "before_cursor_execute", count)
    assert page.text.count('<th scope="row">') == 10
    assert len(statements) <= 9


def test_a_message_due_soon_is_no_alarm(app, office):
    store_mail(app, due_at=now() + timedelta(hours=1))
    assert "Des messages attendent" not in office().get("/gestion/envois").text
