"""Campaigns as an organiser uses them: writing, listing people, importing a file, sending."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tables.sheet import MOST_LINES
from eventsapp.invitations.models import Campaign, Invitation, InviteeImport
from eventsapp.mail.models import OutgoingMail
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration
from tests.statements import count_statements

TEXT = {"title": "Élues de la région", "subject": "Venez le 14 juin", "message": "Bonjour **à vous**."}


@pytest.fixture
def meeting(app, empty_database):
    with stored(app):
        return make_meeting(region_code="32")


@pytest.fixture
def campaign(app, meeting):
    with stored(app):
        return make_campaign(meeting)


@pytest.fixture
def organiser(app, client, sign_in):
    with stored(app):
        account = make_account()
    sign_in(client, account)
    return client


@pytest.fixture
def base(meeting):
    return f"/gestion/rencontres/{meeting.id}/invitations"


@pytest.fixture
def page(base, campaign):
    return f"{base}/campagnes/{campaign.id}"


def count(app, entity, *conditions):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(entity).where(*conditions))


def invitees(app):
    with app.app_context():
        return db.session.scalars(select(Invitation).order_by(Invitation.id)).all()


def upload(client, page, content, filename="liste.csv"):
    content = content.encode() if isinstance(content, str) else content
    data = {"file": (io.BytesIO(content), filename)}
    return client.post(f"{page}/fichiers", data=data, content_type="multipart/form-data")


def review(client, page, content):
    """The address of the page that says what the file would do."""
    answer = upload(client, page, content)
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.parametrize(
    "tail", ["", "/nouvelle", "/campagnes/{id}", "/campagnes/{id}/envoi", "/campagnes/{id}/fichiers"]
)
def test_a_campaign_of_a_meeting_out_of_scope_is_not_found(
    app, client, sign_in, meeting, base, campaign, tail
):
    with stored(app):
        elsewhere = make_account(territory_code="53")
    sign_in(client, elsewhere)
    assert client.get(base + tail.format(id=campaign.id)).status_code == 404


def test_a_campaign_of_another_meeting_is_not_found(app, organiser, base):
    with stored(app):
        other = make_campaign(make_meeting())
    assert organiser.get(f"{base}/campagnes/{other.id}").status_code == 404


def test_a_secretary_does_not_send_invitations(app, client, sign_in, base):
    with stored(app):
        secretary = make_account(role="secretary")
    sign_in(client, secretary)
    assert client.get(base).status_code == 403


def test_an_empty_list_says_what_to_do(organiser, base):
    assert "Créer une campagne" in organiser.get(base).text


def test_a_campaign_is_written_previewed_then_stored(app, organiser, base):
    shown = organiser.post(f"{base}/nouvelle", data={**TEXT, "preview": "1"})
    assert shown.status_code == 200
    assert "<strong>à vous</strong>" in shown.text
    assert count(app, Campaign) == 0
    assert organiser.post(f"{base}/nouvelle", data=TEXT).status_code == 303
    assert "Élues de la région" in organiser.get(base).text


def test_a_refused_campaign_keeps_what_was_typed(organiser, base):
    answer = organiser.post(f"{base}/nouvelle", data={**TEXT, "subject": ""})
    assert answer.status_code == 422
    assert "Saisissez l’objet du message." in answer.text
    assert "Bonjour **à vous**." in answer.text


def test_the_message_of_a_campaign_is_changed(organiser, page):
    assert organiser.post(f"{page}/message", data=TEXT).status_code == 303
    assert "Venez le 14 juin" in organiser.get(page).text


def test_a_dangerous_message_is_shown_without_danger(organiser, page):
    message = "<script>alert(1)</script> [x](javascript:alert(1))"
    text = organiser.post(f"{page}/message", data={**TEXT, "message": message, "preview": "1"}).text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_a_person_is_added_by_hand_then_taken_off(app, organiser, page):
    data = {"email": "a@exemple.fr", "family_name": "Exemple", "civility": "Mme", "locale": "fr"}
    assert organiser.post(f"{page}/personnes/nouvelle", data=data).status_code == 303
    again = organiser.post(f"{page}/personnes/nouvelle", data=data)
    assert again.status_code == 422
    assert "déjà invitée" in again.text
    [invited] = invitees(app)
    assert organiser.post(f"{page}/personnes/{invited.id}/retrait").status_code == 303
    assert invitees(app) == []


def test_an_invitation_that_has_left_is_withdrawn(app, organiser, page, campaign):
    with stored(app):
        invited = make_invitation(campaign, sent_at=now())
    assert "ne servira plus" in organiser.get(page).text
    done = organiser.post(f"{page}/personnes/{invited.id}/retrait", follow_redirects=True)
    assert "son lien ne sert plus" in done.text
    assert "Invitation retirée" in done.text
    assert f"/personnes/{invited.id}/retrait" not in done.text


def test_the_list_is_filtered_by_answer_and_by_words(app, organiser, page, campaign):
    with stored(app):
        make_invitation(campaign, family_name="Durand", answer="declined")
        make_invitation(campaign, family_name="Martin")
    assert "Martin" not in organiser.get(f"{page}?reponse=declined").text
    assert "Durand" not in organiser.get(f"{page}?texte=martin").text
    assert "Personne ne correspond" in organiser.get(f"{page}?texte=100%25").text


@pytest.mark.parametrize("people", [1, 60])
def test_a_campaign_costs_the_same_whatever_its_people(app, organiser, page, campaign, people):
    with stored(app):
        for _number in range(people):
            make_invitation(campaign)
    with count_statements(app) as statements:
        organiser.get(page)
    assert len(statements) <= 10


# --- A file ---------------------------------------------------------------------------------------

GOOD = 'Civilité;Nom;Prénom;Courriel;Organisme;Qualité\r\nMme;Dupré;Aïcha;a@exemple.fr;"Ville de\r\nLille";Maire\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_examined_then_imported_without_sending_it_again(app, organiser, page, encoding):
    href = review(organiser, page, GOOD.encode(encoding))
    shown = organiser.get(href).text
    assert "Ajouter une personne" in shown
    assert "Aïcha Dupré" in shown
    assert invitees(app) == []
    assert organiser.post(f"{href}/ajout").status_code == 303
    [invited] = invitees(app)
    assert (invited.full_name, invited.civility, invited.organisation) == (
        "Aïcha Dupré",
        "Mme",
        "Ville de Lille",
    )
    assert invited.job_title == "Maire"
    assert count(app, InviteeImport) == 0


def test_nothing_is_imported_when_a_line_is_refused_unless_asked(app, organiser, page):
    href = review(organiser, page, "courriel,nom\na@exemple.fr,A\nfaux,B\n")
    shown = organiser.get(href).text
    assert "Une ligne est refusée" in shown
    assert "« faux »" in shown.replace("\N{NO-BREAK SPACE}", " ")
    refused = organiser.post(f"{href}/ajout")
    assert refused.status_code == 422
    assert "Rien n’a été importé" in refused.text
    assert invitees(app) == []
    assert organiser.post(f"{href}/ajout", data={"valid_only": "1"}).status_code == 303
    assert [x.email for x in invitees(app)] == ["a@exemple.fr"]


def test_each_line_says_what_will_happen_to_it(app, organiser, page, meeting, campaign):
    with stored(app):
        make_invitation(campaign, email="deja@exemple.fr")
        make_registration(meeting, email="inscrite@exemple.fr")
    lines = ["neuve@exemple.fr", "NEUVE@exemple.fr", "deja@exemple.fr", "inscrite@exemple.fr"]
    href = review(organiser, page, "Mél\n" + "\n".join(lines))
    shown = organiser.get(href).text
    for words in (
        "Sera ajoutée",
        "En double dans le fichier",
        "Déjà invitée",
        "Déjà inscrite",
        "ligne\N{NO-BREAK SPACE}2",
    ):
        assert words.replace("\N{NO-BREAK SPACE}", " ") in shown.replace("\N{NO-BREAK SPACE}", " ")
    only = organiser.get(f"{href}?resultat=duplicate").text
    assert "deja@exemple.fr" not in only


def test_importing_what_somebody_else_imported_meanwhile_adds_nobody_twice(app, organiser, page):
    first, second = review(organiser, page, GOOD), review(organiser, page, GOOD)
    organiser.post(f"{first}/ajout")
    assert organiser.post(f"{second}/ajout").status_code == 303
    assert len(invitees(app)) == 1


def test_a_file_already_imported_is_gone(organiser, page):
    href = review(organiser, page, GOOD)
    organiser.post(f"{href}/ajout")
    assert organiser.get(href).status_code == 404


def test_a_file_is_kept_for_a_day(app, organiser, page):
    href = review(organiser, page, GOOD)
    with stored(app):
        kept = db.session.scalars(select(InviteeImport)).one()
        kept.expires_at = now() - timedelta(seconds=1)
    answer = organiser.get(href)
    assert answer.status_code == 410
    assert "Envoyez-le de nouveau" in answer.text


def test_columns_that_are_not_recognised_are_chosen_by_hand(app, organiser, page):
    href = review(organiser, page, "Contact;Truc\na@exemple.fr;Martin\n")
    shown = organiser.get(href)
    assert "Aucune colonne d’adresses électroniques" in shown.text
    assert organiser.post(f"{href}/ajout").status_code == 422
    refused = organiser.post(f"{href}/colonnes", data={"column[]": ["", "family_name"]})
    assert refused.status_code == 422
    assert organiser.post(f"{href}/colonnes", data={"column[]": ["email", "family_name"]}).status_code == 303
    organiser.post(f"{href}/ajout")
    assert [(x.email, x.family_name) for x in invitees(app)] == [("a@exemple.fr", "Martin")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 a workbook", "classeur"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x01\x02", "CSV"),
        (b"", "vide"),
        (b"courriel;nom\n", "vide"),
        (b"courriel\n" + b"a@b.fr\n" * (MOST_LINES + 1), "5000 lignes"),
        (b'courriel;nom\n"a@b.fr;A\n', "guillemet"),
        (b"a@exemple.fr;Martin\nb@exemple.fr;Durand", "ligne de titres"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(app, organiser, page, content, words):
    answer = upload(organiser, page, content, "liste.xlsx")
    assert answer.status_code == 422
    assert words in answer.text
    assert count(app, InviteeImport) == 0


def test_no_file_at_all_is_refused_with_what_to_do(organiser, page):
    answer = organiser.post(f"{page}/fichiers", data={})
    assert answer.status_code == 422
    assert "Choisissez un fichier." in answer.text


def test_the_largest_file_is_examined_in_few_statements(app, organiser, page):
    href = review(organiser, page, "courriel\n" + "".join(f"p{n}@exemple.fr\n" for n in range(MOST_LINES)))
    with count_statements(app) as statements:
        shown = organiser.get(f"{href}?page=2").text
    assert len(statements) <= 8
    assert "p150@exemple.fr" in shown
    assert "p99@exemple.fr" not in shown
    with count_statements(app) as statements:
        assert organiser.post(f"{href}/ajout").status_code == 303
    assert len(statements) <= 20
    assert count(app, Invitation) == MOST_LINES


# --- Sending --------------------------------------------------------------------------------------


def test_the_page_before_sending_says_how_many_and_shows_the_exact_message(app, organiser, page, campaign):
    with stored(app):
        make_invitation(campaign, given_name="Aïcha", family_name="Exemple", email="a@exemple.fr")
        make_invitation(campaign)
    shown = organiser.get(f"{page}/envoi").text
    assert "2 personnes recevront ce message" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "Bonjour Aïcha Exemple," in shown
    whole = organiser.get(f"{page}/apercu")
    assert "<strong>heureux</strong>" in whole.text
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert count(app, OutgoingMail) == 0


def test_sending_twice_writes_once(app, organiser, page, campaign):
    with stored(app):
        make_invitation(campaign)
        make_invitation(campaign)
    assert organiser.post(f"{page}/envoi").status_code == 303
    assert organiser.post(f"{page}/envoi").status_code == 409
    assert count(app, OutgoingMail) == 2
    assert "Envoyée le" in organiser.get(page).text
    assert "Personne à qui envoyer" in organiser.get(f"{page}/envoi").text


def test_a_draft_meeting_sends_nothing(app, organiser):
    with stored(app):
        campaign = make_campaign(make_meeting(state="draft"))
        make_invitation(campaign)
    page = f"/gestion/rencontres/{campaign.meeting_id}/invitations/campagnes/{campaign.id}"
    assert "pas encore possible" in organiser.get(f"{page}/envoi").text
    assert organiser.post(f"{page}/envoi").status_code == 409
