"""The meeting's own questions about each colleague: one page a person, nothing lost, nobody consents for another."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.links import registration_url
from eventsapp.registrations.models import Answer, Question, Registration
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import Page
from tests.registrations.test_group_pages import rows
from tests.statements import count_statements


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting(capacity=9)
        make_setup(meeting, allows_groups=True)
        diner = make_question(meeting, kind="yes_no", label="Dînez-vous ?", is_required=True)
        ask = {
            "diner": diner,
            "menu": make_question(
                meeting, label="Quel menu ?", is_required=True, shown_if_id=diner.id, shown_if_value="yes"
            ),
            "regime": make_question(meeting, label="Un régime ?", visibility="desk"),
            "image": make_question(meeting, kind="consent", label="Droit à l’image", is_required=True),
            "photo": make_question(meeting, kind="file", label="Une photo", is_required=True),
        }
    meeting.ask, meeting.path = ask, f"/rencontres/{meeting.slug}/inscription/groupe"
    return meeting


def name(meeting, label):
    return f"question_{meeting.ask[label].id}"


def typed(meeting, **values):
    return {name(meeting, label): value for label, value in values.items()}


def about(client, meeting, number, values):
    """Ask for the page of this person; return it as it was answered."""
    return client.post(f"{meeting.path}/personnes/{number}", data=values)


def fill(page, meeting, **values):
    return {**Page(page).lists, **typed(meeting, **values)}


def answers(app):
    """What everybody answered, by given name and question."""
    with app.app_context():
        found = select(Registration.given_name, Question.label, Answer.value).join_from(Answer, Question)
        found = found.join(Registration, Registration.id == Answer.registration_id)
        return {(who, label): value for who, label, value in db.session.execute(found)}


def registered(app):
    with app.app_context():
        return db.session.scalars(select(Registration.given_name).order_by(Registration.id)).all()


def test_each_person_has_a_page_and_the_last_one_registers_everybody(app, client, meeting):
    form = Page(client.get(meeting.path))
    first = about(client, meeting, 1, {**form.lists, **rows("Ada", "Bob")})
    assert first.status_code == 200
    assert "Étape 2 sur 3" in first.text
    assert "Ada Essai" in first.text
    second = about(client, meeting, 2, fill(first, meeting, diner="no", regime="Sans porc"))
    assert "Étape 3 sur 3" in second.text
    assert "Bob Essai" in second.text
    assert "Inscrire ces personnes" in second.text
    called = client.post(meeting.path, data=fill(second, meeting, diner="yes"))
    assert "D’après votre réponse, une question s’ajoute" in called.text
    assert registered(app) == []
    assert client.post(meeting.path, data=fill(called, meeting, menu="Le second")).status_code == 303
    assert answers(app) == {
        ("Ada", "Dînez-vous ?"): False,
        ("Ada", "Un régime ?"): "Sans porc",
        ("Bob", "Dînez-vous ?"): True,
        ("Bob", "Quel menu ?"): "Le second",
    }


def test_consents_and_files_are_not_asked_and_cannot_be_given(app, client, meeting):
    page = about(client, meeting, 1, rows("Ada"))
    assert "elle seule peut les donner" in page.text
    assert "Les fichiers non plus" in page.text
    for label in ("image", "photo"):
        assert name(meeting, label) not in page.text
    sent = fill(page, meeting, diner="no", image="1", photo="x.pdf")
    assert client.post(meeting.path, data=sent).status_code == 303
    assert answers(app) == {("Ada", "Dînez-vous ?"): False}


def test_a_required_answer_is_asked_for_and_nothing_typed_is_lost(app, client, meeting):
    first = about(client, meeting, 1, rows("Ada", "Bob", more=""))
    page = about(client, meeting, 2, fill(first, meeting, regime="Sans porc"))
    assert page.status_code == 422
    assert "Répondez à «\xa0Dînez-vous ?\xa0»." in page.text
    assert f'href="#{name(meeting, "diner")}-0"' in page.text
    assert Page(page).values[name(meeting, "regime")] == "Sans porc"
    assert Page(page).values["colleagues-1-given_name"] == "Bob"
    assert registered(app) == []


def test_what_is_required_may_be_left_to_the_person(app, client, meeting):
    page = about(client, meeting, 1, rows("Ada"))
    assert client.post(meeting.path, data=fill(page, meeting)).status_code == 422
    later = {**fill(page, meeting, regime="Sans porc"), "completes_later": "y"}
    assert client.post(meeting.path, data=later).status_code == 303
    assert answers(app) == {("Ada", "Un régime ?"): "Sans porc"}


def test_nobody_is_registered_without_the_questions(app, client, meeting):
    page = client.post(meeting.path, data=rows("Ada"))
    assert "Dînez-vous" in page.text
    assert registered(app) == []


def test_going_back_and_forth_loses_nothing(client, meeting):
    first = about(client, meeting, 1, rows("Ada", "Bob"))
    called = about(client, meeting, 2, fill(first, meeting, diner="yes"))
    second = about(client, meeting, 2, fill(called, meeting, menu="Le premier"))
    sent = {**fill(second, meeting, regime="Sans sel"), "completes_later": "y"}
    back = about(client, meeting, 1, sent)
    assert Page(back).values[name(meeting, "menu")] == "Le premier"
    assert "completes_later" not in Page(back).values
    home = client.post(f"{meeting.path}/collegues", data=Page(back).lists)
    assert home.status_code == 200
    assert Page(home).values["colleagues-1-email"] == "bob@exemple.fr"
    again = about(client, meeting, 1, Page(home).lists)
    assert Page(again).values[name(meeting, "diner")] == "yes"
    last = about(client, meeting, 2, Page(again).lists)
    assert Page(last).values[name(meeting, "regime")] == "Sans sel"
    assert Page(last).values["completes_later"] == "y"


def test_who_cannot_come_is_told_before_any_question(app, client, meeting):
    with stored(app):
        found = db.session.merge(meeting)
        found.capacity = 1
        full = make_registration(found)
    page = about(client, meeting, 1, rows("Ada"))
    assert page.status_code == 422
    assert 'href="#accepts_waiting"' in page.text
    assert Page(page).values["colleagues-0-given_name"] == "Ada"
    assert "Dînez-vous" not in page.text
    assert registered(app) == [full.given_name]


def test_a_refusal_at_the_end_keeps_the_answers(app, client, meeting):
    page = about(client, meeting, 1, rows("Ada"))
    with stored(app):
        found = db.session.merge(meeting)
        found.capacity = 1
        make_registration(found)
    refused = client.post(meeting.path, data=fill(page, meeting, diner="no", regime="Sans sel"))
    assert refused.status_code == 422
    again = about(client, meeting, 1, {**Page(refused).lists, "accepts_waiting": "y"})
    assert Page(again).values[name(meeting, "regime")] == "Sans sel"
    assert client.post(meeting.path, data=Page(again).lists).status_code == 303
    assert answers(app)["Ada", "Un régime ?"] == "Sans sel"


def test_a_form_that_changes_meanwhile_is_said_and_asked_again(app, client, meeting):
    first = about(client, meeting, 1, rows("Ada", "Bob"))
    second = about(client, meeting, 2, fill(first, meeting, diner="no"))
    with stored(app):
        make_question(db.session.merge(meeting), label="Nouvelle question", is_required=True)
    page = client.post(meeting.path, data=fill(second, meeting, diner="no"))
    assert page.status_code == 422
    assert "Le formulaire a changé" in page.text
    assert "Ada Essai" in page.text
    assert "Nouvelle question" in page.text
    assert Page(page).values[name(meeting, "diner")] == "no"
    assert registered(app) == []


def test_an_answer_that_is_no_longer_called_for_is_dropped(app, client, meeting):
    page = about(client, meeting, 1, rows("Ada"))
    sent = fill(page, meeting, diner="no", menu="Le premier")
    assert client.post(meeting.path, data=sent).status_code == 303
    assert answers(app) == {("Ada", "Dînez-vous ?"): False}


def test_somebody_registered_already_keeps_their_own_answers(app, client, meeting):
    with stored(app):
        known = make_registration(db.session.merge(meeting), email="ada@exemple.fr", given_name="Vraie")
        make_answer(known, meeting.ask["diner"], value=True)
    page = about(client, meeting, 1, rows("Ada"))
    assert client.post(meeting.path, data=fill(page, meeting, diner="no")).status_code == 303
    assert answers(app) == {("Vraie", "Dînez-vous ?"): True}


def test_the_message_and_the_page_ask_for_what_only_the_person_can_say(app, client, meeting):
    page = about(client, meeting, 1, rows("Ada"))
    client.post(meeting.path, data=fill(page, meeting, diner="no"))
    with app.app_context():
        mail = db.session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == "ada@exemple.fr")
        ).one()
        said, registration = compose(mail), db.session.scalars(select(Registration)).one()
        link = registration_url(registration)
    for text in (said.body_text, said.body_html):
        assert "compléter ce que vous seule ou seul pouvez dire" in text
    mine = client.get(link).text
    assert "Il vous reste 2 réponses à donner" in mine.replace("\xa0", " ")
    assert mine.index("<li>Droit à l’image</li>") < mine.index("Vos réponses</h2>")
    with stored(app):
        for label in ("image", "photo"):
            make_answer(registration, meeting.ask[label], value={"version": "1", "name": "x", "id": 1})
    assert "Il vous reste" not in client.get(link).text


def test_a_colleague_who_waits_is_invited_to_complete_too(app, client, meeting):
    with stored(app):
        found = db.session.merge(meeting)
        found.capacity = 1
        make_registration(found)
    page = about(client, meeting, 1, rows("Ada", accepts_waiting="y"))
    client.post(meeting.path, data=fill(page, meeting, diner="no"))
    with app.app_context():
        mail = db.session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == "ada@exemple.fr")
        ).one()
        said = compose(mail)
    assert mail.purpose == "waiting"
    for text in (said.body_text, said.body_html):
        assert "Carla Contact vous a inscrite" in text


def test_a_meeting_that_asks_only_for_consents_has_no_page_a_person(app, client, meeting):
    with stored(app):
        for label in ("diner", "menu", "regime"):
            db.session.merge(meeting.ask[label]).retired_at = now()
    assert "/personnes/" not in client.get(meeting.path).text
    assert client.post(meeting.path, data=rows("Ada")).status_code == 303
    assert registered(app) == ["Ada"]


def test_the_page_of_a_person_opened_directly_begins_again(client, meeting):
    for path in ("personnes/1", "collegues"):
        assert client.get(f"{meeting.path}/{path}").location.endswith("/inscription/groupe")


def test_a_person_who_is_not_there_is_the_last_one(client, meeting):
    page = about(client, meeting, 9, rows("Ada"))
    assert "Dînez-vous" in page.text
    assert Page(page).values["personne"] == "1"


def test_as_many_statements_for_one_colleague_as_for_five(app, client, meeting):
    counts = []
    for people in (rows("Ada"), rows("Ada", "Bob", "Cleo", "Dora", "Eve")):
        with count_statements(app) as statements:
            assert about(client, meeting, 1, people).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
