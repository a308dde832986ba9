"""Giving one's place and asking after the deadline, on the personal pages and the office's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import ChangeRequest, Registration
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup
from tests.statements import count_statements

SUBSTITUTE = {
    "given_name": "Yves",
    "family_name": "Remplaçant",
    "email": "yves@exemple.fr",
    "organisation": "Ville neuve",
    "job_title": "Élu",
    "participant_kind": "elected",
}


@pytest.fixture
def mine(app, client):
    with stored(app):
        meeting = make_meeting(capacity=10, region_code="53")
        one, other = (
            make_session(meeting, title="Le sien"),
            make_session(meeting, title="L’autre", capacity=1),
        )
        registration = make_registration(meeting, sessions=[one], email="zoe@exemple.fr", given_name="Zoé")
        registration.path = f"/mon-inscription/{registration_token(registration)}"
        registration.office = f"/gestion/rencontres/{meeting.id}/inscriptions/demandes"
        registration.one, registration.other = one, other
    registration.of = meeting
    return registration


@pytest.fixture
def late(app, mine):
    with stored(app):
        make_setup(mine.of, changes_close_at=now() - timedelta(hours=1))
    return mine


@pytest.fixture
def organiser(app, sign_in, mine):
    with stored(app):
        account = make_account(role="secretary", territory_code="53")
    browser = app.test_client()
    sign_in(browser, account)
    return browser


def again(app, registration):
    with app.app_context():
        return db.session.get_one(Registration, registration.id)


def requests(app):
    with app.app_context():
        return db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)).all()


# -- giving one's place --------------------------------------------------------------------------


def test_a_place_is_given_and_the_former_link_ends(app, client, mine):
    assert "Donner ma place" in client.get(mine.path).text
    assert client.get(f"{mine.path}/remplacement").status_code == 200
    done = client.post(f"{mine.path}/remplacement", data=SUBSTITUTE, follow_redirects=True)
    assert "Votre place est transmise" in done.text
    assert again(app, mine).email == "yves@exemple.fr"
    assert client.get(mine.path).status_code == 410
    with app.app_context():
        recipients = db.session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)).all()
    assert recipients == ["zoe@exemple.fr", "yves@exemple.fr"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"given_name": " "}, "Saisissez le prénom."),
        ({"email": "yves"}, "nom@exemple.fr"),
        ({"organisation": ""}, "Saisissez son organisme."),
        ({"email": "ZOE@exemple.fr"}, "votre propre adresse"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(app, client, mine, typed, message):
    answer = client.post(f"{mine.path}/remplacement", data={**SUBSTITUTE, "phone": "06 01 02 03 04", **typed})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="06 01 02 03 04"' in answer.text
    assert 'value="Remplaçant"' in answer.text
    assert again(app, mine).email == "zoe@exemple.fr"


def test_whether_the_substitute_is_registered_is_not_told(app, client, mine):
    """The page, the link that ends and the message are those of a place that passes to a newcomer."""
    with stored(app):
        other = make_registration(mine.of, email="autre@exemple.fr", given_name="Ana")
        other.path = f"/mon-inscription/{registration_token(other)}"
        make_registration(mine.of, email="yves@exemple.fr")
    answers = []
    for path, email in ((mine.path, "yves@exemple.fr"), (other.path, "neuf@exemple.fr")):
        done = client.post(f"{path}/remplacement", data={**SUBSTITUTE, "email": email}, follow_redirects=True)
        answers.append((done.status_code, done.request.path, done.text, client.get(path).status_code))
    assert answers[0] == answers[1]
    assert requests(app) == []


def test_after_the_deadline_a_substitute_is_asked_for(app, client, late):
    page = client.get(late.path)
    assert "Demander un remplacement" in page.text
    assert "la place reste la vôtre" in client.get(f"{late.path}/remplacement").text
    client.post(f"{late.path}/remplacement", data={**SUBSTITUTE, "message": "Malade"})
    assert again(app, late).email == "zoe@exemple.fr"
    page = client.get(late.path).text
    assert "attend une réponse" in page
    assert "Demander un remplacement" not in page
    twice = client.post(f"{late.path}/remplacement", data=SUBSTITUTE)
    assert twice.status_code == 422
    assert "attend déjà une réponse" in twice.text


# -- asking for workshops ------------------------------------------------------------------------


def test_other_workshops_are_asked_for_then_withdrawn(app, client, late):
    assert "Demander un autre atelier" in client.get(late.path).text
    page = client.get(f"{late.path}/demande")
    assert "Votre choix actuel" in page.text
    data = {"creneau_1": late.other.id, "message": "Je parle à 15 h."}
    done = client.post(f"{late.path}/demande", data=data, follow_redirects=True)
    assert "transmise à l’organisation" in done.text
    assert requests(app)[0].message == "Je parle à 15 h."
    assert client.post(f"{late.path}/demande/retrait").status_code == 303
    assert requests(app)[0].state == "withdrawn"
    assert "Demander un autre atelier" in client.get(late.path).text


def test_a_wrong_request_keeps_what_was_typed(client, late):
    for data, message in (
        ({"creneau_1": late.one.id}, "déjà les vôtres"),
        ({}, "Je ne participe pas à ce créneau"),
        ({"creneau_1": late.other.id, "message": "x" * 1001}, "au plus 1000 caractères"),
    ):
        answer = client.post(f"{late.path}/demande", data={"message": "Gardé", **data})
        assert answer.status_code == 422
        assert message in answer.text.replace("\u00a0", " ")
        assert data.get("message", "Gardé") in answer.text


def test_before_the_deadline_one_changes_by_oneself(client, mine):
    assert "Demander un autre atelier" not in client.get(mine.path).text
    answer = client.post(f"{mine.path}/demande", data={"creneau_1": mine.other.id})
    assert answer.status_code == 422
    assert "Écrivez à l’organisation" in answer.text


def test_where_requests_are_not_taken_the_page_offers_none(app, client, mine):
    with stored(app):
        make_setup(mine.of, changes_close_at=now() - timedelta(hours=1), takes_late_requests=False)
    page = client.get(mine.path).text
    assert "/demande" not in page
    assert "/remplacement" not in page
    for path in ("/demande", "/remplacement"):
        assert client.get(mine.path + path).status_code == 409
        assert client.post(mine.path + path, data={**SUBSTITUTE, "creneau_1": "0"}).status_code == 409
    assert requests(app) == []


@pytest.mark.parametrize("path", ["/demande", "/remplacement", "/demande/retrait"])
def test_a_bad_link_asks_for_nothing(app, client, late, path):
    assert client.post(f"{late.path[:-3]}AAA{path}", data=SUBSTITUTE).status_code == 404
    assert requests(app) == []


# -- the organiser -------------------------------------------------------------------------------


def ask(client, late):
    client.post(f"{late.path}/demande", data={"creneau_1": late.other.id, "message": "Je parle à 15 h."})


def test_the_organiser_reads_and_accepts(app, client, organiser, late):
    ask(client, late)
    page = organiser.get(late.office)
    for text in ("Zoé", "Le sien", "L’autre", "Je parle à 15"):
        assert text in page.text
    (request,) = requests(app)
    done = organiser.post(f"{late.office}/{request.id}/acceptation", follow_redirects=True)
    assert "La demande est acceptée" in done.text
    assert "Acceptée" in done.text
    with app.app_context():
        places = db.session.get_one(Registration, late.id).places
        assert [place.session_id for place in places] == [late.other.id]
    assert organiser.post(f"{late.office}/{request.id}/acceptation").status_code == 409


def test_what_prevents_accepting_is_said_beside_the_request(app, client, organiser, late):
    ask(client, late)
    with stored(app):
        make_registration(late.of, sessions=[late.other])
    (request,) = requests(app)
    answer = organiser.post(f"{late.office}/{request.id}/acceptation")
    assert answer.status_code == 409
    assert "est complet" in answer.text
    assert "Accepter" in answer.text
    assert requests(app)[0].state == "open"


def test_the_organiser_sees_why_a_substitute_was_not_taken(app, client, organiser, mine):
    with stored(app):
        make_setup(mine.of, admission="approval")
        make_registration(mine.of, email="yves@exemple.fr")
    client.post(f"{mine.path}/remplacement", data=SUBSTITUTE)
    page = organiser.get(mine.office)
    assert "yves@exemple.fr" in page.text
    assert "déjà inscrite à la rencontre" in page.text


def test_the_organiser_refuses_with_a_word(app, client, organiser, late):
    ask(client, late)
    (request,) = requests(app)
    assert organiser.get(f"{late.office}/{request.id}/refus").status_code == 200
    wrong = organiser.post(f"{late.office}/{request.id}/refus", data={"reason": "x" * 2001})
    assert wrong.status_code == 422
    done = organiser.post(
        f"{late.office}/{request.id}/refus", data={"reason": "Complet."}, follow_redirects=True
    )
    assert "Complet." in done.text
    assert requests(app)[0].state == "refused"
    assert "attend une réponse" not in client.get(late.path).text


def test_another_region_s_requests_are_not_found(app, organiser):
    with stored(app):
        other = make_meeting(region_code="32")
        theirs = make_registration(other)
        request = ChangeRequest(registration_id=theirs.id, kind="change", asked_at=now())
        db.session.add(request)
        db.session.flush()
    path = f"/gestion/rencontres/{other.id}/inscriptions/demandes"
    assert organiser.get(path).status_code == 404
    for action in ("acceptation", "refus"):
        assert organiser.post(f"{path}/{request.id}/{action}").status_code == 404
    assert requests(app)[0].state == "open"


def test_the_list_of_requests_costs_the_same_for_two_or_twenty(app, organiser, mine):
    counts = []
    for number in (2, 18):
        with stored(app):
            for _time in range(number):
                one = make_registration(mine.of, sessions=[mine.one])
                db.session.add(
                    ChangeRequest(
                        registration_id=one.id, kind="change", payload={"session_ids": []}, asked_at=now()
                    )
                )
        with count_statements(app) as statements:
            assert organiser.get(mine.office).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
