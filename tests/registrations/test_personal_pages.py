"""The pages of whoever holds the signed link, and of nobody else."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tokens import make_token
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.links import registration_token, registration_url
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration

DETAILS = {
    "given_name": "Zoé",
    "family_name": "Nouveau",
    "organisation": "Réseau",
    "job_title": "Élue",
    "participant_kind": "elected",
}
PAGES = ("", "/coordonnees", "/ateliers", "/annulation", "/rencontre.ics")


@pytest.fixture
def mine(app, client):
    """A registration with one workshop of the morning, its link, and the other workshops."""
    with stored(app):
        meeting = make_meeting(capacity=10)
        one, other, full = (make_session(meeting, hour=1, capacity=1) for _time in range(3))
        registration = make_registration(meeting, sessions=[one], email="zoe@exemple.fr", needs="Fauteuil")
        make_registration(meeting, sessions=[full], email="secret@exemple.fr", family_name="Secrète")
        registration.path = f"/mon-inscription/{registration_token(registration)}"
        registration.one, registration.other, registration.full = one, other, full
    registration.of = meeting
    return registration


def again(app, registration):
    with app.app_context():
        return db.session.get_one(Registration, registration.id)


def held(app, registration):
    with app.app_context():
        return [place.session_id for place in db.session.get_one(Registration, registration.id).places]


def test_the_link_in_messages_leads_to_the_page(app, client, mine):
    with app.app_context():
        url = registration_url(mine)
    assert url == app.config["PUBLIC_URL"] + mine.path


def test_the_page_shows_everything_and_only_to_the_holder(client, mine):
    page = client.get(mine.path)
    for text in (mine.reference, "zoe@exemple.fr", "Fauteuil", mine.one.title):
        assert text in page.text
    assert "secret" not in page.text.lower()
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", PAGES)
def test_a_forged_foreign_or_old_link_shows_nothing(app, client, mine, path):
    with stored(app):
        tokens = {
            "forged": registration_token(mine)[:-4] + "AAAA",
            "cut": registration_token(mine)[:-4],
            "of another purpose": make_token("sign_in", mine.id, mine.link_version),
            "of nobody": make_token("registration", 999_999, 1),
            "of a later version": make_token("registration", mine.id, 2),
        }
    statuses = {name: client.get(f"/mon-inscription/{token}{path}") for name, token in tokens.items()}
    assert {name: page.status_code for name, page in statuses.items()} == {
        "forged": 404,
        "cut": 404,
        "of another purpose": 404,
        "of nobody": 404,
        "of a later version": 410,
    }
    assert not any("zoe@" in page.text for page in statuses.values())
    assert all("Retrouver mon inscription" in page.text for page in statuses.values())


def test_details_are_changed_but_the_address_stays(app, client, mine):
    assert client.get(f"{mine.path}/coordonnees").status_code == 200
    answer = client.post(f"{mine.path}/coordonnees", data={**DETAILS, "email": "autre@exemple.fr"})
    assert answer.status_code == 303
    registration = again(app, mine)
    assert (registration.family_name, registration.email) == ("Nouveau", "zoe@exemple.fr")


def test_wrong_details_are_shown_again(client, mine):
    answer = client.post(f"{mine.path}/coordonnees", data={**DETAILS, "given_name": ""})
    assert answer.status_code == 422
    assert "Saisissez votre prénom." in answer.text
    assert "Nouveau" in answer.text


def test_the_workshop_is_changed_and_a_message_confirms(app, client, mine):
    page = client.get(f"{mine.path}/ateliers")
    assert "Votre choix actuel" in page.text
    assert client.post(f"{mine.path}/ateliers", data={"creneau_1": mine.other.id}).status_code == 303
    assert held(app, mine) == [mine.other.id]
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail.calendar_method)).all() == ["REQUEST"]


def test_a_workshop_given_up_leaves_no_choice(app, client, mine):
    client.post(f"{mine.path}/ateliers", data={"creneau_1": "0"})
    assert held(app, mine) == []
    assert "aucun atelier" in client.get(mine.path).text


def test_a_full_workshop_is_refused_by_name_and_nothing_changes(app, client, mine):
    answer = client.post(f"{mine.path}/ateliers", data={"creneau_1": mine.full.id})
    assert answer.status_code == 422
    assert mine.full.title in answer.text
    assert "est complet" in answer.text
    assert held(app, mine) == [mine.one.id]


def test_cancelling_is_asked_then_done(app, client, mine):
    assert "Garder ma place" in client.get(f"{mine.path}/annulation").text
    assert again(app, mine).is_active()
    assert client.post(f"{mine.path}/annulation").status_code == 303
    assert not again(app, mine).is_active()
    page = client.get(mine.path)
    assert "annulée" in page.text
    assert "M’inscrire de nouveau" in page.text
    assert client.post(f"{mine.path}/coordonnees", data=DETAILS).status_code == 409


def test_the_entry_for_the_calendar_lists_the_workshop(client, mine):
    answer = client.get(f"{mine.path}/rencontre.ics")
    assert answer.mimetype == "text/calendar"
    (entry,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert mine.one.title in entry["DESCRIPTION"]


def test_after_the_window_the_page_is_read_only_but_for_cancelling(app, client, mine):
    with stored(app):
        db.session.merge(mine.of).registration_closes_at = now() - timedelta(hours=1)
    page = client.get(mine.path)
    assert "ne peuvent plus être modifiées" in page.text
    assert "/coordonnees" not in page.text
    for path in ("/coordonnees", "/ateliers"):
        assert client.get(mine.path + path).status_code == 409
        assert client.post(mine.path + path, data={**DETAILS, "creneau_1": "0"}).status_code == 409
    assert client.post(f"{mine.path}/annulation").status_code == 303
    assert not again(app, mine).is_active()


def test_once_the_meeting_began_nothing_changes(app, client, mine):
    with stored(app):
        meeting = db.session.merge(mine.of)
        meeting.starts_at, meeting.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=3)
    page = client.get(mine.path)
    assert "a commencé" in page.text
    assert "/annulation" not in page.text
    assert client.post(f"{mine.path}/annulation").status_code == 409
    assert again(app, mine).is_active()


def test_the_answer_to_a_lost_link_is_always_the_same(app, client, mine):
    answers = [
        client.post("/mon-inscription", data={"email": email}, follow_redirects=True)
        for email in ("ZOE@exemple.fr", "inconnue@exemple.fr", "zoe@exemple.fr")
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail)).all()
    assert [(mail.purpose, mail.recipient) for mail in mails] == [("personal_link", "zoe@exemple.fr")]


def test_a_wrong_address_is_said(client, mine):
    answer = client.post("/mon-inscription", data={"email": "zoe"})
    assert answer.status_code == 422
    assert "nom@exemple.fr" in answer.text


@pytest.mark.parametrize("state", ["confirmed", "pending", "waiting", "offered", "unverified"])
def test_only_whoever_may_count_on_a_place_is_told_to_note_the_date(app, client, state):
    deadline = {"held_until": in_days(1)} if state in ("offered", "unverified") else {}
    with stored(app):
        registration = make_registration(make_meeting(), state=state, **deadline)
        token = registration_token(registration)
    page = client.get(f"/mon-inscription/{token}").text
    assert ("Ajouter à mon agenda" in page) == (state in ("confirmed", "pending"))
