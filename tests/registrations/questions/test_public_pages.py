"""The questions of a meeting, as a visitor meets them."""

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tokens import make_token
from eventsapp.directory.models import Organisation
from eventsapp.geography.services import load_territories
from eventsapp.registrations.models import Answer, AnswerFile, Registration
from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.forms.asked import KINDS
from eventsapp.registrations.questions.services import files
from tests.factories.database import store, stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_question
from tests.registrations.pages import DETAILS, Page
from tests.statements import count_statements

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting()
        ask = {
            "diner": make_question(meeting, kind="yes_no", label="Dînez-vous ?", is_required=True),
        }
        ask["menu"] = make_question(
            meeting,
            kind="choice",
            label="Quel menu ?",
            is_required=True,
            shown_if_id=ask["diner"].id,
            shown_if_value="yes",
        )
        ask["remarque"] = make_question(
            meeting, kind="long_text", label="Une remarque ?", section="Pour finir"
        )
        meeting.ask = ask
    return meeting


def name(meeting, label):
    return f"question_{meeting.ask[label].id}"


def typed(meeting, **values):
    return {name(meeting, label): value for label, value in values.items()}


def post(client, meeting, step, values, **options):
    return client.post(f"/rencontres/{meeting.slug}/inscription{step}", data=values, **options)


def answers(app):
    with app.app_context():
        return {one.question_id: one.value for one in db.session.scalars(select(Answer))}


def confirm(client, meeting, values):
    """Go from the questions to the end; return the last page."""
    check = post(client, meeting, "/verification", {**DETAILS, **values})
    assert check.status_code == 200, check.text
    return post(client, meeting, "/confirmation", Page(check).lists)


# --- The way through -------------------------------------------------------------------------------


def test_the_whole_way_with_a_question_that_an_answer_calls_for(app, client, meeting):
    first = client.get(f"/rencontres/{meeting.slug}/inscription")
    assert "Étape 1 sur 3" in first.text
    assert "/inscription/questions" in first.text
    second = Page(post(client, meeting, "/questions", DETAILS))
    assert "Étape 2 sur 3" in second.text
    assert "Pour finir" in second.text
    again = post(client, meeting, "/verification", {**second.lists, **typed(meeting, diner="yes")})
    assert again.status_code == 200
    assert "D’après votre réponse, une question s’ajoute" in again.text
    assert re.search(r'tabindex="-1" autofocus', again.text)
    third = post(client, meeting, "/verification", {**Page(again).lists, **typed(meeting, menu="oui")})
    assert "Étape 3 sur 3" in third.text
    for said in ("Dînez-vous", "Oui", "Quel menu", "Volontiers", "Une remarque", "Non renseigné"):
        assert said in third.text
    done = post(client, meeting, "/confirmation", Page(third).values)
    assert done.status_code == 303
    assert answers(app) == {meeting.ask["diner"].id: True, meeting.ask["menu"].id: "oui"}


def test_a_question_that_no_answer_calls_for_is_hidden_and_not_marked_as_asked(client, meeting):
    page = post(client, meeting, "/questions", DETAILS).text
    menu = meeting.ask["menu"].id
    assert f'data-shown-if="{name(meeting, "diner")}" data-shown-value="yes" hidden' in page
    assert f'name="question_{menu}_asked" value="1" disabled' in page
    shown = post(client, meeting, "/questions", {**DETAILS, **typed(meeting, diner="yes")}).text
    assert f'name="question_{menu}_asked" value="1">' in shown


def test_answers_to_questions_not_asked_are_dropped_and_need_not_be_right(app, client, meeting):
    values = typed(meeting, diner="no", menu="forged")
    assert confirm(client, meeting, values).status_code == 303
    assert answers(app) == {meeting.ask["diner"].id: False}


def test_a_required_answer_is_asked_for_at_every_step(app, client, meeting):
    for step in ("/ateliers", "/verification", "/confirmation"):
        page = post(
            client, meeting, step, {**DETAILS, **typed(meeting, remarque="Merci"), "form_version": "3"}
        )
        assert page.status_code == 422
        assert "Répondez à «\xa0Dînez-vous ?\xa0»." in page.text
        assert f'href="#{name(meeting, "diner")}-0"' in page.text
        assert Page(page).values[name(meeting, "remarque")] == "Merci"
        assert "<title>Erreur" in page.text
    assert answers(app) == {}


def test_every_page_carries_the_answers_back_and_forth(app, client, meeting):
    with stored(app):
        make_session(db.session.merge(meeting), title="Atelier")
        choices = make_question(db.session.merge(meeting), kind="choices")
    given = {
        **DETAILS,
        **typed(meeting, diner="yes", menu="non", remarque="Deux\r\nlignes"),
        "creneau_1": "0",
    }
    given[f"question_{choices.id}"] = ["oui", "non"]
    for step in ("/questions", "/ateliers", "/verification", "", "/questions", "/verification"):
        page = Page(post(client, meeting, step, given))
        for label in ("diner", "menu"):
            assert page.values[name(meeting, label)] == {"diner": "yes", "menu": "non"}[label], step
        assert page.lists[f"question_{choices.id}"] == ["oui", "non"], step
        assert page.answers[name(meeting, "remarque")].replace("\r", "") == "Deux\nlignes"
        given = {**page.lists, **({"creneau_1": "0"} if "creneau_1" not in page.lists else {})}


def test_a_form_that_changes_meanwhile_is_said_and_keeps_everything(app, client, meeting):
    check = Page(post(client, meeting, "/verification", {**DETAILS, **typed(meeting, diner="no")}))
    with stored(app):
        make_question(db.session.merge(meeting), label="Nouvelle question", is_required=True)
    page = post(client, meeting, "/confirmation", check.values)
    assert page.status_code == 422
    assert "Le formulaire a changé" in page.text
    assert "Répondez à «\xa0Nouvelle question\xa0»" in page.text
    assert Page(page).values[name(meeting, "diner")] == "no"
    assert Page(page).values["given_name"] == DETAILS["given_name"]
    assert answers(app) == {}


def test_a_form_that_lost_its_questions_goes_on(app, client, meeting):
    check = Page(post(client, meeting, "/verification", {**DETAILS, **typed(meeting, diner="no")}))
    with stored(app):
        for question in db.session.scalars(select(type(meeting.ask["diner"]))):
            question.retired_at = now()
    with stored(app):
        make_question(db.session.merge(meeting), retired_at=now())  # a new version
    page = post(client, meeting, "/confirmation", check.values)
    assert "Le formulaire a changé" in page.text
    assert post(client, meeting, "/confirmation", Page(page).values).status_code == 303


def test_the_page_of_a_step_opened_directly_begins_again(client, meeting):
    assert client.get(f"/rencontres/{meeting.slug}/inscription/questions").status_code == 303


# --- Each kind -------------------------------------------------------------------------------------


@pytest.fixture
def territories(app, client):
    with stored(app):
        load_territories(at=now())


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("text", " Bonjour ", "Bonjour"),
        ("long_text", "Deux\nlignes", "Deux\nlignes"),
        ("choice", "oui", "oui"),
        ("choices", ["non", "oui"], ["non", "oui"]),
        ("yes_no", "no", False),
        ("number", "1 250,5", 1250.5),
        ("number", "-3", -3),
        ("date", "14/06/2027", "2027-06-14"),
        ("email", "zoe@exemple.fr", "zoe@exemple.fr"),
        ("phone", "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("organisation", "Ville inconnue", {"id": None, "name": "Ville inconnue"}),
    ],
)
def test_each_kind_keeps_what_was_answered(app, client, kind, sent, kept):
    with stored(app):
        meeting = make_meeting()
        question = make_question(meeting, kind=kind, is_required=True)
    check = post(client, meeting, "/verification", {**DETAILS, f"question_{question.id}": sent})
    assert check.status_code == 200, check.text
    assert post(client, meeting, "/confirmation", Page(check).lists).status_code == 303
    assert answers(app) == {question.id: kept}


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        ("text", "x" * 10_000, "au plus 500 caractères"),
        ("long_text", "x" * 10_000, "au plus 5000 caractères"),
        ("choice", "forged", "dans la liste"),
        ("choices", ["oui", "forged"], "dans la liste"),
        ("yes_no", "maybe", "dans la liste"),
        ("number", "douze", "Saisissez un nombre"),
        ("number", "1e999", "Saisissez un nombre"),
        ("number", "9" * 40, "Saisissez un nombre"),
        ("date", "31/02/2027", "Saisissez une date"),
        ("email", "zoe@", "adresse électronique"),
        ("phone", "à midi", "téléphone"),
        ("organisation", "x" * 10_000, "au plus 200 caractères"),
        ("commune", "Nulle-Part", "Aucune commune"),
        ("consent", "another text", "Ce texte a changé"),
    ],
)
@pytest.mark.parametrize("is_required", [True, False])
def test_what_cannot_be_an_answer_is_refused_and_not_lost(app, client, kind, sent, said, is_required):
    with stored(app):
        meeting = make_meeting()
        question = make_question(meeting, kind=kind, is_required=is_required)
    page = post(client, meeting, "/verification", {**DETAILS, f"question_{question.id}": sent})
    assert page.status_code == 422
    assert said in page.text
    if kind in ("text", "long_text", "number", "email", "phone", "organisation", "commune"):
        assert Page(page).values[f"question_{question.id}"] == sent


@pytest.mark.parametrize(
    "kind", ["text", "choice", "yes_no", "number", "date", "file", "organisation", "consent"]
)
def test_fields_repeated_or_of_another_kind_are_no_accident(app, client, kind):
    with stored(app):
        meeting = make_meeting()
        question = make_question(meeting, kind=kind)
    field = f"question_{question.id}"
    for sent in ([field, field], ["", "²"], ["-1"] * 50):
        for step in ("/questions", "/ateliers", "/verification", "", "/confirmation"):
            answer = post(
                client, meeting, step, {**DETAILS, field: sent, "form_version": "1", f"{field}_asked": "x"}
            )
            assert answer.status_code < 500


def test_a_question_of_another_meeting_is_not_answered(app, client, meeting):
    with stored(app):
        other = make_question(make_meeting(), label="Ailleurs")
    values = {**typed(meeting, diner="no"), f"question_{other.id}": "Bonjour"}
    assert confirm(client, meeting, values).status_code == 303
    assert other.id not in answers(app)


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "2", "99999999999", "²"])
def test_another_version_of_the_form_is_not_believed(app, client, meeting, version):
    check = Page(post(client, meeting, "/verification", {**DETAILS, **typed(meeting, diner="no")}))
    page = post(client, meeting, "/confirmation", {**check.values, "form_version": version})
    assert page.status_code == 422
    assert "Le formulaire a changé" in page.text
    assert answers(app) == {}


# --- Communes, organisations, consents -------------------------------------------------------------


@pytest.fixture
def commune(app, client, territories):
    with stored(app):
        meeting = make_meeting()
        meeting.ask = {"commune": make_question(meeting, kind="commune", is_required=True)}
    return meeting


def test_a_commune_is_found_by_its_name_and_by_what_the_list_shows(app, client, commune):
    for sent in ("lille", "Lille (59000)"):
        assert (
            "Lille (59350)"
            in post(client, commune, "/verification", {**DETAILS, **typed(commune, commune=sent)}).text
        )
    confirm(client, commune, typed(commune, commune="lille"))
    assert answers(app) == {commune.ask["commune"].id: {"code": "59350", "name": "Lille"}}


def test_a_commune_with_namesakes_asks_which(app, client, commune):
    page = post(client, commune, "/verification", {**DETAILS, **typed(commune, commune="Saint-Denis")})
    assert page.status_code == 422
    assert "Plusieurs communes" in page.text
    which = f"{name(commune, 'commune')}_which"
    assert f'name="{which}"' in page.text
    assert (
        confirm(client, commune, {**typed(commune, commune="Saint-Denis"), which: "97411"}).status_code == 303
    )
    assert answers(app) == {commune.ask["commune"].id: {"code": "97411", "name": "Saint-Denis"}}


def test_a_place_abroad_is_kept_on_purpose(app, client, commune):
    page = post(client, commune, "/verification", {**DETAILS, **typed(commune, commune="Bruxelles-Ville")})
    assert "Garder «\xa0Bruxelles-Ville\xa0» : hors de France".replace(" :", "\xa0:") in page.text
    which = f"{name(commune, 'commune')}_which"
    confirm(client, commune, {**typed(commune, commune="Bruxelles-Ville"), which: "-"})
    assert answers(app) == {commune.ask["commune"].id: {"code": "", "name": "Bruxelles-Ville"}}


def test_an_organisation_of_the_directory_is_recognised(app, client):
    with stored(app):
        meeting = make_meeting()
        question = make_question(meeting, kind="organisation")
        known = store(Organisation(name="Métropole d’Essai", name_key="metropole d essai"))
    assert client.get("/organismes.json?q=metro essai").json == {
        "organisations": [{"label": "Métropole d’Essai"}]
    }
    assert client.get("/organismes.json?q=m").json == {"organisations": []}
    confirm(client, meeting, {f"question_{question.id}": "metropole d'essai"})
    assert answers(app) == {question.id: {"id": known.id, "name": "metropole d'essai"}}


def test_a_consent_keeps_the_exact_text_and_its_version(app, client):
    with stored(app):
        meeting = make_meeting()
        question = make_question(
            meeting, kind="consent", label="J’accepte", help="Pendant deux ans.", is_required=True
        )
    text = "J’accepte\nPendant deux ans."
    refused = post(client, meeting, "/verification", DETAILS)
    assert "Cochez «\xa0J’accepte\xa0» pour continuer." in refused.text
    page = post(client, meeting, "/questions", DETAILS)
    assert f'value="{rules.consent_version(text)}"' in page.text
    confirm(client, meeting, {f"question_{question.id}": rules.consent_version(text)})
    assert answers(app) == {question.id: {"version": rules.consent_version(text), "text": text}}


# --- Files -----------------------------------------------------------------------------------------


@pytest.fixture
def with_file(app, client):
    with stored(app):
        meeting = make_meeting()
        meeting.ask = {
            "devis": make_question(meeting, kind="file", label="Devis", is_required=True),
            "nom": make_question(meeting, label="Nom du projet", is_required=True),
        }
    return meeting


def send_file(client, meeting, content=PDF, filename="devis.pdf", step="/verification", **values):
    data = {**DETAILS, **values, name(meeting, "devis"): (io.BytesIO(content), filename)}
    return post(client, meeting, step, data, content_type="multipart/form-data")


def test_a_file_is_kept_while_another_answer_is_corrected(app, client, with_file):
    page = send_file(client, with_file)
    assert page.status_code == 422
    assert "Fichier reçu : devis.pdf".replace(" :", "\xa0:") in page.text
    check = post(client, with_file, "/verification", {**Page(page).lists, **typed(with_file, nom="Halle")})
    assert check.status_code == 200
    assert "devis.pdf" in check.text
    assert post(client, with_file, "/confirmation", Page(check).values).status_code == 303
    with app.app_context():
        file = db.session.scalars(select(AnswerFile)).one()
        registration = db.session.scalars(select(Registration)).one()
        assert file.registration_id == registration.id
        assert file.content == PDF
        assert answers(app)[with_file.ask["devis"].id] == {"id": file.id, "name": "devis.pdf"}


def test_a_refused_file_says_why_and_keeps_the_rest(app, client, with_file, monkeypatch):
    page = send_file(client, with_file, content=b"MZ", filename="devis.exe", **typed(with_file, nom="Halle"))
    assert page.status_code == 422
    assert "Choisissez un fichier PDF" in page.text
    assert Page(page).values[name(with_file, "nom")] == "Halle"
    monkeypatch.setattr(files, "MOST_BYTES", len(PDF))
    large = send_file(client, with_file, content=PDF + b"x")
    assert "5 Mo au plus" in large.text
    with app.app_context():
        assert db.session.scalars(select(AnswerFile.id)).all() == []


def test_one_connection_s_files_are_bounded_and_others_send_theirs(app, client, with_file, monkeypatch):
    monkeypatch.setitem(app.config, "WAITING_FILES_MEGABYTES", 1)  # a tenth: one small file
    home, other = ({"REMOTE_ADDR": address} for address in ("192.0.2.1", "192.0.2.2"))
    sent = {**DETAILS, **typed(with_file, nom="Halle")}

    def send(connection):
        file = (io.BytesIO(PDF), "devis.pdf")
        data = {**sent, name(with_file, "devis"): file}
        path = f"/rencontres/{with_file.slug}/inscription/verification"
        return client.post(path, data=data, environ_base=connection)

    kept = Page(send(home))
    refused = send(home)
    assert refused.status_code == 422
    assert "depuis votre connexion attendent" in refused.text
    assert f'id="{name(with_file, "devis")}-erreur"' in refused.text
    assert Page(refused).values[name(with_file, "nom")] == "Halle"
    assert send(other).status_code == 200
    assert post(client, with_file, "/confirmation", kept.values).status_code == 303
    assert send(home).status_code == 200
    with app.app_context():
        marks = db.session.scalars(select(AnswerFile.sender_key).order_by(AnswerFile.id)).all()
    assert marks[0] == ""
    assert len(set(marks)) == 3
    assert not any("192.0.2" in mark for mark in marks)


def test_a_received_file_can_be_taken_back(client, with_file):
    page = Page(send_file(client, with_file))
    field = name(with_file, "devis")
    again = post(client, with_file, "/verification", {**page.lists, f"{field}_removal": "y"})
    assert "Répondez à «\xa0Devis\xa0»" in again.text


def test_the_largest_files_that_a_form_may_ask_for_are_received_together(app, client, monkeypatch):
    with stored(app):
        meeting = make_meeting()
        labels = [f"Pièce {number}" for number in range(rules.MOST_FILES)]
        asked = [make_question(meeting, kind="file", label=label, is_required=True) for label in labels]
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2**20)  # whatever the site allows elsewhere
    largest = PDF.ljust(files.MOST_BYTES)
    sent = {f"question_{one.id}": FileStorage(io.BytesIO(largest), "devis.pdf") for one in asked}
    boundary, body = encode_multipart({**DETAILS, **sent})
    content_type = f"multipart/form-data; boundary={boundary}"
    page = post(client, meeting, "/verification", body, content_type=content_type)
    assert page.status_code == 200
    assert post(client, meeting, "/confirmation", Page(page).values).status_code == 303
    with app.app_context():
        received = [len(file.content) for file in db.session.scalars(select(AnswerFile))]
    assert received == [files.MOST_BYTES] * rules.MOST_FILES


def test_the_file_of_somebody_else_is_not_mine(app, client, with_file):
    page = Page(send_file(client, with_file, **typed(with_file, nom="Halle")))
    assert post(client, with_file, "/confirmation", page.values).status_code == 303
    field = f"{name(with_file, 'devis')}_file"
    with app.app_context():
        other = make_token("answer-file", 1, with_file.ask["nom"].id)
    for token in (page.values[field], "forged", other):
        again = post(
            client,
            with_file,
            "/confirmation",
            {**page.values, "email": "autre@exemple.fr", "reference": "", field: token},
        )
        assert again.status_code == 422
        assert "Répondez à «\xa0Devis\xa0»" in again.text


@pytest.mark.parametrize("kind", ["details", *KINDS])
def test_a_file_sent_for_a_text_is_no_accident(app, client, kind):
    with stored(app):
        meeting = make_meeting()
        question = make_question(meeting, kind="text" if kind == "details" else kind)
    field = "given_name" if kind == "details" else f"question_{question.id}"
    for step in ("/questions", "/verification", "/confirmation", ""):
        data = {**DETAILS, "form_version": "1", field: (io.BytesIO(PDF), "devis.pdf")}
        assert post(client, meeting, step, data, content_type="multipart/form-data").status_code < 500


def test_a_file_sent_to_a_closed_meeting_is_not_kept(app, client, with_file):
    with stored(app):
        db.session.merge(with_file).state = "held"
    assert send_file(client, with_file).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(AnswerFile.id)).all() == []


# --- Cost ------------------------------------------------------------------------------------------


def test_the_statements_of_a_step_do_not_grow_with_questions_or_answers(app, client, meeting):
    counts = []
    for number in range(2):
        with count_statements(app) as seen:
            done = confirm(client, meeting, {**typed(meeting, diner="no"), "email": f"p{number}@exemple.fr"})
        assert done.status_code == 303
        counts.append(len(seen))
        with stored(app):
            for _n in range(20):
                make_question(db.session.merge(meeting))
    assert counts[0] == counts[1]
