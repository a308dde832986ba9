"""The organisers' editor of a form, as a browser without JavaScript sees it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.models import FormTemplate, Question, RegistrationSetup
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.services.templates import save_template
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration
from tests.registrations.pages import Page
from tests.statements import count_statements

QUESTION = {"kind": "text", "label": "Votre projet ?", "visibility": "office"}


@pytest.fixture
def meeting(app, client, sign_in):
    """A meeting in Brittany, and an organiser for Brittany signed in."""
    with stored(app):
        meeting = make_meeting(region_code="53")
        account = make_account(role="organiser", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/formulaire"
    return meeting


def add(app, meeting, **values):
    with stored(app):
        return make_question(meeting, **values)


def questions(app, meeting):
    with app.app_context():
        return list(queries.live_questions(meeting.id))


def labels(app, meeting):
    return [one.label for one in questions(app, meeting)]


def test_an_empty_form_says_what_to_do_and_proposes_what_is_often_asked(client, meeting):
    page = client.get(meeting.path).text
    assert "Ce formulaire n’a pas de question." in page
    ready = Page(client.get(f"{meeting.path}/questions/nouvelle?modele=repas"))
    assert ready.values["kind"] == "choices"
    assert ready.values["visibility"] == "desk"
    assert ready.values["keep_days"] == "30"
    assert "is_required" not in ready.values
    assert "Végétarien" in ready.values["new_options"]
    assert client.get(f"{meeting.path}/questions/nouvelle?modele=inconnu").status_code == 200


@pytest.mark.parametrize("name", ["repas", "accessibilite", "image"])
def test_a_ready_made_question_can_be_added_as_it_is(app, client, meeting, name):
    ready = Page(client.get(f"{meeting.path}/questions/nouvelle?modele={name}"))
    assert client.post(f"{meeting.path}/questions", data=ready.values).status_code == 303
    (question,) = questions(app, meeting)
    assert not question.is_required
    assert (question.visibility == "desk") == (question.keep_days == 30) == (name != "image")


def test_a_question_is_added_shown_and_changed(app, client, meeting):
    data = {**QUESTION, "kind": "choice", "new_options": "Train\r\n\r\n Voiture ", "section": "Venue"}
    assert client.post(f"{meeting.path}/questions", data=data).status_code == 303
    (question,) = questions(app, meeting)
    assert [option["label"] for option in question.options] == ["Train", "Voiture"]
    page = Page(client.get(f"{meeting.path}/questions/{question.id}"))
    assert page.values["options-0-key"] == "train"
    changed = {**page.values, "options-0-label": "En train", "options-0-rank": "2", "options-1-rank": "1"}
    assert client.post(f"{meeting.path}/questions/{question.id}", data=changed).status_code == 303
    (question,) = questions(app, meeting)
    assert question.options == [{"key": "voiture", "label": "Voiture"}, {"key": "train", "label": "En train"}]
    assert "Venue" in client.get(meeting.path).text


def test_a_question_may_wait_for_an_answer(app, client, meeting):
    source = add(app, meeting, kind="yes_no", label="Dînez-vous ?")
    page = client.get(f"{meeting.path}/questions/nouvelle").text
    assert f'value="{source.id}:yes"' in page
    client.post(f"{meeting.path}/questions", data={**QUESTION, "shown_if": f"{source.id}:yes"})
    assert [(one.shown_if_id, one.shown_if_value) for one in questions(app, meeting)][1] == (source.id, "yes")
    assert "Oui" in client.get(meeting.path).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"label": " "}, "Écrivez la question."),
        ({"label": "x" * 301}, "au plus 300 caractères"),
        ({"kind": "forged"}, "kind"),
        ({"kind": "choice", "new_options": "Seul"}, "au moins deux choix"),
        ({"kind": "choice", "new_options": "\n".join("ab" * n for n in range(1, 103))}, "au plus 100 choix"),
        ({"shown_if": "999:yes"}, "Cette condition n’existe plus"),
        ({"visibility": "everybody"}, "visibility"),
        ({"keep_days": "-1"}, "Saisissez un nombre entre"),
        ({"keep_days": "bientôt"}, "Saisissez un nombre entier"),
        ({"kind": "file", "visibility": "desk"}, "Un fichier ne s’ouvre pas à l’accueil"),
    ],
)
def test_what_cannot_be_a_question_is_refused_and_kept(app, client, meeting, wrong, said):
    answer = client.post(f"{meeting.path}/questions", data={**QUESTION, "help": "Gardé", **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "error-summary" in answer.text
    assert Page(answer).lists["help"] == ["Gardé"]
    assert questions(app, meeting) == []
    with app.app_context():
        assert db.session.get(RegistrationSetup, meeting.id) is None


def test_forged_conditions_and_keys_are_no_accident(app, client, meeting):
    question = add(app, meeting, kind="choice")
    for values in (
        {"shown_if": "²:x"},
        {"shown_if": ":"},
        {"shown_if": f"{question.id}:oui"},
        {"options-0-key": "x"},
    ):
        data = {**QUESTION, "kind": "choice", "options-0-label": "a", "options-1-key": "non", **values}
        assert client.post(f"{meeting.path}/questions/{question.id}", data=data).status_code in (303, 422)
    (question,) = questions(app, meeting)
    assert {option["key"] for option in question.options} <= {"oui", "non"}


def test_the_kind_of_a_question_that_has_answers_is_settled(app, client, meeting):
    question = add(app, meeting)
    with stored(app):
        make_answer(make_registration(meeting), question, "Bonjour")
    answer = client.post(f"{meeting.path}/questions/{question.id}", data={**QUESTION, "kind": "number"})
    assert answer.status_code == 422
    assert "le type de cette question ne change plus" in answer.text
    assert questions(app, meeting)[0].kind == "text"


def test_questions_move_with_buttons(app, client, meeting):
    first, second = (add(app, meeting, label=label) for label in ("Un", "Deux"))
    path = f"{meeting.path}/questions/{second.id}/position"
    assert f'action="{path}"' in client.get(meeting.path).text
    answer = client.post(path, data={"direction": "up"})
    assert answer.location.endswith(f"#question-{second.id}")
    assert labels(app, meeting) == ["Deux", "Un"]
    client.post(f"{meeting.path}/questions/{first.id}/position", data={"direction": "sideways"})
    assert labels(app, meeting) == ["Deux", "Un"]


def test_a_move_that_cannot_be_says_why(app, client, meeting):
    source = add(app, meeting, kind="yes_no", label="Dînez-vous ?")
    add(app, meeting, label="Menu", shown_if_id=source.id, shown_if_value="yes")
    answer = client.post(
        f"{meeting.path}/questions/{source.id}/position", data={"direction": "down"}, follow_redirects=True
    )
    assert "«\xa0Menu\xa0» dépend de" in answer.text


def test_removing_deletes_or_retires_and_retired_ones_come_back(app, client, meeting):
    unanswered, answered = add(app, meeting, label="Sans"), add(app, meeting, label="Avec")
    with stored(app):
        make_answer(make_registration(meeting), answered, "Bonjour")
    assert "Retirer" in client.get(meeting.path).text
    for question in (unanswered, answered):
        client.post(f"{meeting.path}/questions/{question.id}/retrait")
    page = client.get(meeting.path).text
    assert "Sans" not in page
    assert "Une question retirée" in page
    assert "1 réponse" in page
    client.post(f"{meeting.path}/questions/{answered.id}/retour")
    assert labels(app, meeting) == ["Avec"]


def test_many_answers_are_not_all_counted(app, client, meeting, monkeypatch):
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    question = add(app, meeting)
    with stored(app):
        for _number in range(4):
            make_answer(make_registration(meeting), question, "x")
    assert "Plus de 2 réponses" in client.get(meeting.path).text


def test_the_preview_checks_answers_and_keeps_none(app, client, meeting):
    question = add(app, meeting, kind="choices", label="Régime", section="Repas", is_required=True)
    page = Page(client.get(f"{meeting.path}/apercu"))
    assert "Volontiers" in page.text
    refused = client.post(f"{meeting.path}/apercu", data=page.lists)
    assert refused.status_code == 422
    assert "Répondez à" in refused.text
    tried = client.post(f"{meeting.path}/apercu", data={**page.lists, f"question_{question.id}": "oui"})
    assert "Ces réponses seraient acceptées." in tried.text
    with app.app_context():
        assert not queries.has_answers(question.id)


# --- Templates -------------------------------------------------------------------------------------


def test_a_form_becomes_a_template_and_another_meeting_takes_it(app, client, meeting):
    add(app, meeting, label="Votre projet ?")
    assert client.post(f"{meeting.path}/modele", data={"title": "Projets"}).status_code == 303
    again = client.post(f"{meeting.path}/modele", data={"title": "Projets"})
    assert again.status_code == 422
    assert "Un modèle porte déjà ce nom" in again.text
    with stored(app):
        other = make_meeting(region_code="53")
        template = db.session.scalars(select(FormTemplate)).one()
    path = f"/gestion/rencontres/{other.id}/inscriptions/formulaire"
    assert "Projets (1)" in client.get(path).text
    page = client.post(f"{path}/copie", data={"template": template.id}, follow_redirects=True).text
    assert "Une question est ajoutée." in page
    assert labels(app, other) == ["Votre projet ?"]
    for wrong in ("999", "x", ""):
        assert client.post(f"{path}/copie", data={"template": wrong}).status_code == 404


def test_templates_are_renamed_and_removed_by_those_who_organise_everywhere(app, client, meeting, sign_in):
    add(app, meeting)
    with stored(app):
        network = make_account(role="organiser")
        template = save_template(meeting=db.session.merge(meeting), title="Avant", by=network, at=now())
    path = f"/gestion/modeles-de-formulaire/{template.id}"
    assert "Renommer" not in client.get(path).text
    assert client.post(path, data={"title": "Après"}).status_code == 404
    assert client.post(f"{path}/suppression").status_code == 404
    sign_in(client, network)
    assert client.post(path, data={"title": "  "}).status_code == 422
    assert client.post(path, data={"title": "Après"}).status_code == 303
    assert "Après" in client.get("/gestion/modeles-de-formulaire").text
    assert client.post(f"{path}/suppression").status_code == 303
    assert "Aucun modèle." in client.get("/gestion/modeles-de-formulaire").text
    assert len(questions(app, meeting)) == 1


# --- Whose form ------------------------------------------------------------------------------------


def test_what_somebody_else_did_to_a_question_meanwhile_is_shown_and_nothing_typed_is_lost(
    app, client, meeting
):
    options = [{"key": "train", "label": "Train"}, {"key": "car", "label": "Voiture"}]
    question = add(app, meeting, kind="choice", label="Comment venez-vous ?", options=options)
    path = f"{meeting.path}/questions/{question.id}"
    opened = Page(client.get(path)).answers
    theirs = {**opened, "label": "Comment viendrez-vous ?", "is_required": "y", "new_options": "Vélo"}
    assert client.post(path, data=theirs).status_code == 303
    refused = client.post(path, data={**opened, "help": "Le mien", "options-0-label": "En train"})
    assert refused.status_code == 409
    said = re.findall(r'<dd class="stored">([^<]*)</dd>', refused.text)
    assert [unescape(one).replace("\u00a0", " ").replace("\u202f", " ") for one in said] == [
        "Comment viendrez-vous ?",
        "(rien)",
        "1, Train ; 2, Voiture ; 3, Vélo",
        "Oui",
    ]
    typed = Page(refused)
    assert typed.values["help"] == "Le mien"
    assert typed.values["label"] == "Comment venez-vous ?"
    assert typed.values["options-2-label"] == "Vélo"
    assert labels(app, meeting) == ["Comment viendrez-vous ?"]
    assert client.post(path, data=typed.answers).status_code == 303
    (question,) = questions(app, meeting)
    assert (question.label, question.help) == ("Comment venez-vous ?", "Le mien")
    assert [one["label"] for one in question.options] == ["En train", "Voiture", "Vélo"]


def test_the_same_question_sent_twice_is_no_conflict(app, client, meeting):
    question = add(app, meeting)
    path = f"{meeting.path}/questions/{question.id}"
    opened = Page(client.get(path)).answers
    for _time in range(2):
        assert client.post(path, data={**opened, "label": "La mienne"}).status_code == 303


def test_moving_a_question_is_no_conflict_with_changing_it(app, client, meeting):
    add(app, meeting)
    question = add(app, meeting, label="Seconde", position=1)
    path = f"{meeting.path}/questions/{question.id}"
    opened = Page(client.get(path)).answers
    assert client.post(f"{path}/position", data={"direction": "up"}).status_code == 303
    assert client.post(path, data={**opened, "label": "La mienne"}).status_code == 303


def test_a_question_removed_meanwhile_is_asked_anew_as_it_was_typed(app, client, meeting):
    options = [{"key": "train", "label": "Train"}, {"key": "car", "label": "Voiture"}]
    question = add(app, meeting, kind="choice", label="Comment venez-vous ?", options=options)
    path = f"{meeting.path}/questions/{question.id}"
    opened = Page(client.get(path)).answers
    assert client.post(f"{path}/retrait").status_code == 303
    answer = client.post(path, data={**opened, "help": "Le mien"})
    assert answer.status_code == 409
    assert "a supprimé cette question" in answer.text
    assert client.post(f"{meeting.path}/questions", data=Page(answer).answers).status_code == 303
    (question,) = questions(app, meeting)
    assert question.help == "Le mien"
    assert [one["label"] for one in question.options] == ["Train", "Voiture"]


def test_another_region_s_form_is_not_found(app, client, meeting):
    with stored(app):
        other = make_meeting(region_code="32")
    question = add(app, other, label="Ailleurs")
    path = f"/gestion/rencontres/{other.id}/inscriptions/formulaire"
    for page in ("", "/apercu", "/questions/nouvelle", f"/questions/{question.id}"):
        assert client.get(path + page).status_code == 404
    for page in ("/questions", f"/questions/{question.id}/retrait", "/modele", "/copie"):
        assert client.post(path + page, data=QUESTION).status_code == 404
    for page in ("", "/position", "/retrait", "/retour"):
        mine = f"{meeting.path}/questions/{question.id}{page}"
        assert client.post(mine, data={**QUESTION, "direction": "up"}).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Question.label)).all() == ["Ailleurs"]


def test_a_secretary_does_not_write_the_form(app, client, meeting, sign_in):
    with stored(app):
        secretary = make_account(role="secretary")
    sign_in(client, secretary)
    assert client.get(meeting.path).status_code == 403
    assert "Formulaire" not in client.get(f"/gestion/rencontres/{meeting.id}/inscriptions").text


def test_the_statements_of_the_page_do_not_grow_with_questions(app, client, meeting):
    counts = []
    for _round in range(2):
        for _number in range(5):
            add(app, meeting, kind="yes_no")
        with count_statements(app) as seen:
            client.get(meeting.path)
        counts.append(len(seen))
    assert counts[0] == counts[1]
