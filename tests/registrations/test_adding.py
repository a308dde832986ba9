"""Somebody registered by the office: asked what the public form asks, told or not, never past capacity."""

import io

import pytest
from sqlalchemy import func, select

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Answer, AnswerFile, Registration, RegistrationSetup
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_question
from tests.factories.registrations import make_registration, make_setup

PERSON = {"given_name": "Zoé", "family_name": "d’Été", "email": "zoe@exemple.fr", "may_wait": "y"}


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53", capacity=2)
        make_setup(meeting)
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    return meeting


def ask(app, office, **values):
    with stored(app):
        return make_question(office, **values)


def version(app, office):
    with app.app_context():
        return db.session.get_one(RegistrationSetup, office.id).form_version


def post(app, client, office, **values):
    return client.post(office.path, data={**PERSON, "form_version": version(app, office), **values})


def fill(app, office):
    with stored(app):
        for _time in range(2):
            make_registration(office)


def one(app):
    with app.app_context():
        return db.session.scalars(
            select(Registration).where(Registration.email_key == "zoe@exemple.fr")
        ).one()


def count(app, entity):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(entity))


def test_the_meetings_own_questions_are_asked_and_may_wait(app, client, office):
    ask(app, office, label="Trajet", is_required=True)
    ask(app, office, label="Régime", visibility="desk")
    ask(app, office, label="Droit à l’image", kind="consent", is_required=True)
    page = client.get(f"{office.path}/nouvelle").text
    assert "Trajet" in page
    assert "À demander" in page
    assert "Trajet</label>" in page.replace(" <", "<")
    assert "Régime" in page
    assert "Droit à l’image" not in page
    answer = post(app, client, office)
    assert answer.status_code == 303
    assert "à demander" in client.get(answer.location).text


def test_answers_are_kept_with_the_registration(app, client, office):
    train, desk = ask(app, office, label="Trajet"), ask(app, office, label="Régime", visibility="desk")
    assert (
        post(
            app, client, office, **{f"question_{train.id}": "En train", f"question_{desk.id}": "Sans porc"}
        ).status_code
        == 303
    )
    with app.app_context():
        rows = db.session.execute(select(Answer.question_id, Answer.value)).all()
    assert dict(rows) == {train.id: "En train", desk.id: "Sans porc"}


def test_a_file_is_kept_with_the_registration(app, client, office):
    question = ask(app, office, kind="file")
    sent = (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "plan.pdf")
    assert post(app, client, office, **{f"question_{question.id}": sent}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(AnswerFile)).one().registration_id == one(app).id


def test_an_answer_that_cannot_be_keeps_everything_typed(app, client, office):
    question = ask(app, office, kind="number", label="Places de voiture")
    answer = post(
        app, client, office, **{f"question_{question.id}": "beaucoup", "organisation": "Ville gardée"}
    )
    assert answer.status_code == 422
    assert "Saisissez un nombre" in answer.text
    assert "beaucoup" in answer.text
    assert "Ville gardée" in answer.text
    assert count(app, Registration) == 0


def test_every_error_of_the_page_is_in_one_summary(app, client, office):
    question = ask(app, office, kind="number")
    answer = post(app, client, office, given_name="", **{f"question_{question.id}": "x"})
    assert answer.text.count('id="erreurs"') == 1
    assert "2 réponses sont à corriger" in answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_form_changed_meanwhile_is_shown_again(app, client, office):
    before = version(app, office)
    ask(app, office, label="Nouvelle question")
    answer = client.post(office.path, data={**PERSON, "form_version": before})
    assert answer.status_code == 422
    assert "Le formulaire a changé" in answer.text
    assert "Nouvelle question" in answer.text


def test_the_person_is_told_or_not(app, client, office):
    post(app, client, office, email="a@exemple.fr")
    assert count(app, OutgoingMail) == 0
    answer = post(app, client, office, is_told="y", locale="en")
    assert "Le message de l’inscription part." in client.get(answer.location).text
    with app.app_context():
        mail = db.session.scalars(select(OutgoingMail)).one()
        assert (mail.recipient, mail.locale) == ("zoe@exemple.fr", "en")


def test_places_left_are_said_before_anything_is_typed(app, client, office):
    with stored(app):
        make_session(office, title="Habitat", capacity=3)
    page = client.get(f"{office.path}/nouvelle").text
    assert "2 places restantes." in page
    assert "Habitat (3 places restantes)" in page


def test_a_full_meeting_is_said_first_and_the_person_waits(app, client, office):
    fill(app, office)
    page = client.get(f"{office.path}/nouvelle").text
    assert "La rencontre est complète" in page
    assert "liste d’attente" in page
    answer = post(app, client, office)
    assert "est en liste d’attente, au rang 1." in client.get(answer.location).text
    assert one(app).state == "waiting"


def test_without_the_waiting_list_nobody_is_added_past_capacity(app, client, office):
    fill(app, office)
    answer = post(app, client, office, may_wait="")
    assert answer.status_code == 422
    assert "plus de place" in answer.text
    assert count(app, Registration) == 2


def test_a_full_workshop_is_refused_beside_its_slot(app, client, office):
    with stored(app):
        full = make_session(office, title="Habitat", capacity=0)
    page = client.get(f"{office.path}/nouvelle").text
    assert "Habitat (complet)" in page
    answer = post(app, client, office, creneau_1=full.id)
    assert answer.status_code == 422
    assert 'id="creneau_1-erreur"' in answer.text
    assert count(app, Registration) == 0


def test_the_way_of_attending_is_asked_where_there_is_a_choice(app, client, office):
    fill(app, office)
    with stored(app):
        db.session.merge(db.session.get_one(RegistrationSetup, office.id)).attendance = "both"
    assert "À distance" in client.get(f"{office.path}/nouvelle").text
    post(app, client, office, mode="remote")
    assert (one(app).mode, one(app).state) == ("remote", "confirmed")
