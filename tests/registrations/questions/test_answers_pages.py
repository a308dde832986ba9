"""Answers on the personal page, the office's pages, the list, its files and the desk."""

import csv
import io

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import Answer, AnswerFile
from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.services.files import receive_file
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration
from tests.registrations.pages import Page
from tests.statements import count_statements

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def asked(app, client):
    """A meeting with questions of every visibility, and one registration that answered them."""
    with stored(app):
        meeting = make_meeting(region_code="53")
        meals = make_question(meeting, kind="yes_no", label="Déjeunez-vous ?", is_required=True)
        meeting.ask = {
            "meals": meals,
            "diet": make_question(
                meeting,
                kind="choices",
                label="Régime",
                visibility="desk",
                shown_if_id=meals.id,
                shown_if_value="yes",
            ),
            "project": make_question(meeting, kind="long_text", label="Projet"),
            "photo": make_question(meeting, kind="consent", label="J’accepte les photos", help="Deux ans."),
            "quote": make_question(meeting, kind="file", label="Devis"),
            "past": make_question(meeting, label="Ancienne question", retired_at=now()),
        }
        meeting.mine = make_registration(meeting)
        text = rules.consent_text("J’accepte les photos", "Deux ans.")
        meeting.consent = {"version": rules.consent_version(text), "text": text}
        given = {"filename": "devis.pdf", "content": PDF, "sender_key": "", "room": 10_000_000, "at": now()}
        file = receive_file(question_id=meeting.ask["quote"].id, **given)
        file.registration_id = meeting.mine.id
        meeting.file = file
        given = {
            "meals": True,
            "diet": ["oui"],
            "project": "Une halle\nun toit",
            "photo": meeting.consent,
            "quote": {"id": file.id, "name": "devis.pdf"},
            "past": "Réponse ancienne",
        }
        for name, value in given.items():
            make_answer(meeting.mine, meeting.ask[name], value)
        meeting.token = registration_token(meeting.mine)
    return meeting


@pytest.fixture
def office(app, client, sign_in, asked):
    with stored(app):
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    asked.path = f"/gestion/rencontres/{asked.id}/inscriptions"
    asked.answers_path = f"{asked.path}/{asked.mine.id}/reponses"
    return asked


def name(meeting, label):
    return f"question_{meeting.ask[label].id}"


def answers(app, meeting):
    by_id = {question.id: label for label, question in meeting.ask.items()}
    with app.app_context():
        return {by_id[one.question_id]: one.value for one in db.session.scalars(select(Answer))}


def mine(meeting, page="/reponses"):
    return f"/mon-inscription/{meeting.token}{page}"


# --- The personal page -----------------------------------------------------------------------------


def test_the_personal_page_shows_every_answer(client, asked):
    page = client.get(mine(asked, "")).text
    for said in (
        "Déjeunez-vous",
        "Régime",
        "Volontiers",
        "Une halle\nun toit",
        "devis.pdf",
        "Réponse ancienne",
    ):
        assert said in page
    assert "question retirée" in page
    assert asked.consent["version"] in page


def test_a_person_changes_their_answers_and_keeps_the_others(app, client, asked):
    page = Page(client.get(mine(asked)))
    assert page.values[name(asked, "meals")] == "yes"
    assert page.values[name(asked, "photo")] == asked.consent["version"]
    before = answers(app, asked)
    done = client.post(
        mine(asked), data={**page.lists, name(asked, "project"): "Un marché"}, follow_redirects=True
    )
    assert "Vos réponses sont enregistrées." in done.text
    assert answers(app, asked) == {**before, "project": "Un marché"}


def test_an_answer_no_longer_called_for_is_dropped(app, client, asked):
    page = Page(client.get(mine(asked)))
    client.post(mine(asked), data={**page.lists, name(asked, "meals"): "no"})
    assert "diet" not in answers(app, asked)
    assert answers(app, asked)["meals"] is False


def test_a_consent_is_withdrawn_by_unticking_it(app, client, asked):
    page = Page(client.get(mine(asked)))
    client.post(
        mine(asked), data={key: value for key, value in page.lists.items() if key != name(asked, "photo")}
    )
    assert "photo" not in answers(app, asked)


def test_a_consent_to_another_text_is_not_a_consent_to_this_one(app, client, asked):
    with stored(app):
        db.session.merge(asked.ask["photo"]).help = "Trois ans."
    page = client.get(mine(asked))
    assert name(asked, "photo") not in Page(page).values
    assert "Ce texte a changé depuis votre accord." in page.text


def test_wrong_answers_come_back_with_their_errors(app, client, asked):
    page = Page(client.get(mine(asked)))
    wrong = {key: value for key, value in page.lists.items() if key != name(asked, "meals")}
    answer = client.post(mine(asked), data={**wrong, name(asked, "project"): "x" * 5001})
    assert answer.status_code == 422
    assert "au plus 5000 caractères" in answer.text
    assert answers(app, asked)["project"] == "Une halle\nun toit"


def test_answers_to_a_form_that_changed_are_shown_again(app, client, asked):
    page = Page(client.get(mine(asked)))
    with stored(app):
        make_question(db.session.merge(asked), label="Nouvelle")
    answer = client.post(mine(asked), data=page.lists)
    assert answer.status_code == 422
    assert "Le formulaire a changé" in answer.text
    assert client.post(mine(asked), data=Page(answer).lists).status_code == 303


def test_a_file_is_replaced_taken_back_and_downloaded(app, client, asked):
    file = client.get(mine(asked, f"/reponses/fichiers/{asked.file.id}"))
    assert file.data == PDF
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    page = Page(client.get(mine(asked)))
    new = {**page.lists, name(asked, "quote"): (io.BytesIO(PDF), "second.pdf")}
    assert client.post(mine(asked), data=new, content_type="multipart/form-data").status_code == 303
    assert answers(app, asked)["quote"]["name"] == "second.pdf"
    page = Page(client.get(mine(asked)))
    client.post(mine(asked), data={**page.lists, f"{name(asked, 'quote')}_removal": "y"})
    assert "quote" not in answers(app, asked)
    with app.app_context():
        assert db.session.scalars(select(AnswerFile.id)).all() == []


def test_the_file_of_somebody_else_is_not_found(app, client, asked):
    with stored(app):
        other = registration_token(make_registration(asked))
    assert client.get(f"/mon-inscription/{other}/reponses/fichiers/{asked.file.id}").status_code == 404


def test_after_the_deadline_answers_are_only_read(app, client, asked):
    with stored(app):
        db.session.merge(asked).registration_closes_at = in_days(-1)
    assert "Modifier mes réponses" not in client.get(mine(asked, "")).text
    assert client.get(mine(asked)).status_code == 409
    assert client.post(mine(asked), data={}).status_code == 409


def test_a_meeting_without_questions_says_nothing_of_them(app, client):
    with stored(app):
        token = registration_token(make_registration(make_meeting()))
    assert "Vos réponses" not in client.get(f"/mon-inscription/{token}").text
    assert client.get(f"/mon-inscription/{token}/reponses").status_code == 200


# --- The office ------------------------------------------------------------------------------------


def test_the_office_reads_all_but_what_is_for_the_desk(client, office):
    page = client.get(f"{office.path}/{office.mine.id}").text
    for said in ("Une halle\nun toit", "devis.pdf", "Réponse ancienne", "question retirée", "Accepté"):
        assert said in page
    assert "Régime" not in page
    assert client.get(f"{office.answers_path}/fichiers/{office.file.id}").data == PDF


def test_the_office_changes_answers_and_leaves_those_it_does_not_read(app, client, office):
    page = Page(client.get(office.answers_path))
    assert name(office, "diet") not in page.values
    assert name(office, "photo") not in page.values
    before = answers(app, office)
    forged = {name(office, "diet"): "non", name(office, "photo"): ""}
    done = client.post(office.answers_path, data={**page.lists, **forged, name(office, "project"): "Corrigé"})
    assert done.status_code == 303
    assert answers(app, office) == {**before, "project": "Corrigé"}


def test_an_organiser_need_not_answer_everything(app, client, office):
    page = Page(client.get(office.answers_path))
    left = {key: value for key, value in page.lists.items() if key != name(office, "meals")}
    assert client.post(office.answers_path, data=left).status_code == 303
    assert set(answers(app, office)) == {"project", "photo", "quote", "past"}


def test_another_region_s_answers_are_not_found(app, client, office):
    with stored(app):
        other = make_registration(make_meeting(region_code="32"))
    path = f"/gestion/rencontres/{other.meeting_id}/inscriptions/{other.id}/reponses"
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert client.get(f"{office.path}/{other.id}/reponses").status_code == 404
    assert client.get(f"{path}/fichiers/{office.file.id}").status_code == 404


def test_files_have_a_column_a_question_and_none_for_the_desk(client, office):
    answer = client.get(f"{office.path}/liste.csv")
    heading, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    cells = dict(zip(heading, row, strict=True))
    assert cells["Déjeunez-vous ?"] == "oui"
    assert cells["Projet"] == "Une halle\nun toit"
    assert cells["Ancienne question (question retirée)"] == "Réponse ancienne"
    assert cells["Devis"] == "devis.pdf"
    assert "Régime" not in cells
    assert "Volontiers" not in answer.text


def test_the_list_shows_the_questions_one_chooses(client, office):
    shown = client.get(f"{office.path}?colonne=question:{office.ask['project'].id}").text
    assert "Une halle" in shown
    assert "Une halle" not in client.get(office.path).text
    hidden = client.get(f"{office.path}?colonne=question:{office.ask['diet'].id}").text
    assert "Volontiers" not in hidden


def test_the_list_with_answers_costs_one_statement_more_whatever_their_number(app, client, office):
    path = f"{office.path}?colonne=question:{office.ask['project'].id}"
    counts = []
    for _round in range(2):
        with stored(app):
            for _number in range(5):
                make_answer(make_registration(office), office.ask["project"], "x")
        with count_statements(app) as seen:
            client.get(path)
        counts.append(len(seen))
    with count_statements(app) as without:
        client.get(f"{office.path}?colonne=email")
    assert counts == [len(without) + 1] * 2


# --- The desk --------------------------------------------------------------------------------------


def test_the_desk_reads_what_is_for_it(client, office):
    page = client.get(f"/gestion/rencontres/{office.id}/accueil").text
    assert "Régime" in page
    assert "Volontiers" in page
    assert "Une halle" not in page


def test_the_desk_costs_the_same_however_many_answered(app, client, office):
    counts = []
    for _round in range(2):
        with count_statements(app) as seen:
            client.get(f"/gestion/rencontres/{office.id}/accueil")
        counts.append(len(seen))
        with stored(app):
            for _number in range(5):
                make_answer(make_registration(office), office.ask["diet"], ["non"])
    assert counts[0] == counts[1]


def test_a_visitor_s_answers_are_nobody_else_s(client, asked):
    assert client.get(f"/mon-inscription/faux/reponses/fichiers/{asked.file.id}").status_code == 404
