"""The personal page of somebody invited."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from eventsapp import create_app
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tokens import make_token
from eventsapp.invitations.models import Invitation
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import in_days, make_meeting


@pytest.fixture
def meeting(app, empty_database):
    with stored(app):
        return make_meeting(visibility="invited")


@pytest.fixture
def invitation(app, meeting):
    with stored(app):
        campaign = make_campaign(meeting)
        return make_invitation(
            campaign, email="aicha@exemple.fr", given_name="Aïcha", family_name="Exemple", sent_at=now()
        )


def link(app, invitation, purpose="invitation"):
    with app.app_context():
        return f"/invitation/{make_token(purpose, invitation.id)}"


@pytest.fixture
def page(app, invitation):
    return link(app, invitation)


def reread(app):
    with app.app_context():
        return db.session.scalars(select(Invitation)).one()


def test_the_page_shows_the_facts_and_two_answers(client, page, meeting):
    shown = client.get(page).text
    for words in (meeting.title, "Hôtel de Région", "M’inscrire", "Je ne pourrai pas venir", "Aïcha Exemple"):
        assert words in shown
    assert 'name="robots" content="noindex"' in shown


@pytest.mark.parametrize("tail", ["", "/desinscription"])
def test_a_forged_link_and_one_made_for_something_else_open_nothing(app, client, page, invitation, tail):
    assert client.get(page[:-3] + "xyz" + tail).status_code == 404
    assert client.get(link(app, invitation, "registration") + tail).status_code == 404


def test_a_link_to_an_invitation_that_was_erased_opens_nothing(app, client, page):
    with stored(app):
        db.session.delete(db.session.scalars(select(Invitation)).one())
    assert client.get(page).status_code == 404


def test_a_withdrawn_invitation_opens_nothing_and_still_stops_messages(app, client, page):
    with stored(app):
        db.session.scalars(select(Invitation)).one().withdrawn_at = now()
    shown = client.get(page)
    assert shown.status_code == 410
    assert "a retiré cette invitation" in shown.text
    for answer in ("/refus", "/refus/retrait"):
        assert client.post(page + answer).status_code == 410
    assert reread(app).answer == "none"
    assert client.post(f"{page}/desinscription").status_code == 200
    assert reread(app).unsubscribed_at


@pytest.mark.parametrize("end", ["withdrawn", "erased"])
def test_what_the_invitation_opened_closes_with_it(app, client, page, meeting, end):
    """The token followed from the page, which opens a meeting reserved to those invited, is one of its links."""
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get(page).text))
    form = f"/rencontres/{meeting.slug}/inscription"
    assert client.post(form, data=fields).status_code == 200
    with stored(app):
        invitation = db.session.scalars(select(Invitation)).one()
        if end == "erased":
            db.session.delete(invitation)
        else:
            invitation.withdrawn_at = now()
    answers = {**fields, "job_title": "Maire", "participant_kind": "elected"}
    for step in ("", "/confirmation"):
        assert client.post(form + step, data=answers).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Registration)).all() == []


def test_declining_is_kept_shown_and_taken_back(app, client, page):
    assert client.post(f"{page}/refus").status_code == 303
    assert reread(app).answer == "declined"
    assert "Revenir sur ma réponse" in client.get(page).text
    assert client.post(f"{page}/refus/retrait").status_code == 303
    assert reread(app).answer == "none"


def test_opening_the_page_changes_nothing(app, client, page):
    client.get(page)
    client.get(f"{page}/desinscription")
    assert (reread(app).answer, reread(app).unsubscribed_at) == ("none", None)


def test_registering_from_the_invitation_is_prefilled_and_answers_it(app, client, page, meeting):
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get(page).text))
    filled = client.post(f"/rencontres/{meeting.slug}/inscription", data=fields).text
    assert 'value="Aïcha"' in filled
    assert 'value="aicha@exemple.fr"' in filled
    answers = {**fields, "job_title": "Maire", "participant_kind": "elected", "accepts_terms": "1"}
    client.post(f"/rencontres/{meeting.slug}/inscription/confirmation", data=answers)
    with app.app_context():
        registration = db.session.scalars(select(Registration)).one()
    assert registration.email == "aicha@exemple.fr"
    assert (reread(app).answer, reread(app).registration_id) == ("registered", registration.id)
    assert "Votre inscription est enregistrée" in client.get(page).text
    assert client.post(f"{page}/refus").status_code == 409


def test_one_click_unsubscribes_without_cookie_nor_token_of_form(app, page, empty_database):
    guarded = create_app(
        {
            **{name: app.config[name] for name in ("DATABASE_URL", "SECRET_KEY", "SERVER_NAME", "LOG_LEVEL")},
            "TESTING": True,
            "WTF_CSRF_ENABLED": True,
        }
    )
    client = guarded.test_client()
    answer = client.post(f"{page}/desinscription", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert reread(app).unsubscribed_at
    assert client.post(f"{page}/refus").status_code == 400
    with guarded.app_context():
        db.session.remove()
        db.engine.dispose()


def test_unsubscribing_by_mistake_is_taken_back(app, client, page):
    client.post(f"{page}/desinscription")
    assert "C’est noté" in client.get(f"{page}/desinscription").text
    assert client.post(f"{page}/desinscription/retrait").status_code == 303
    assert reread(app).unsubscribed_at is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "cancelled", "cancellation_reason": "Tempête annoncée."}, "Tempête annoncée."),
        ({"state": "postponed"}, "reportée"),
        ({"starts_at": in_days(-3)}, "il n’y a plus à répondre"),
    ],
)
def test_the_page_says_what_became_of_the_meeting(app, client, empty_database, values, words):
    with stored(app):
        invitation = make_invitation(make_campaign(make_meeting(**values)))
    page = link(app, invitation)
    shown = client.get(page).text
    assert words in shown
    assert "M’inscrire" not in shown


def test_an_answer_after_the_meeting_is_refused(app, client, empty_database):
    with stored(app):
        invitation = make_invitation(make_campaign(make_meeting(starts_at=in_days(-3))))
    assert client.post(link(app, invitation) + "/refus").status_code == 409
