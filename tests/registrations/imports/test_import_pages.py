"""Importing registrations as an organiser does: a file, its columns, a dry run, the import, its result."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tables.reading import read_table
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Batch, Registration, SessionPlace
from eventsapp.registrations.queries import get_setup
from eventsapp.worker.tasks import carry_out_batches
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.imports import HEADER, lines, people
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_question
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import Page
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53", capacity=40)
        make_setup(meeting)
        make_session(meeting, title="Habitat")
        meeting.account = make_account(role="secretary", territory_code="53")
    sign_in(client, meeting.account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    return meeting


def send(client, office, content, filename="liste.csv"):
    return client.post(
        f"{office.path}/imports",
        data={"file": (io.BytesIO(content), filename)},
        content_type="multipart/form-data",
    )


def drafted(client, office, content):
    """The address of the dry run of a file whose columns are recognised, once it was examined."""
    answer = send(client, office, content)
    assert answer.status_code == 303, answer.text
    proposed = Page(client.get(answer.location)).lists["column[]"]
    examined = client.post(answer.location, data={"column[]": proposed})
    assert examined.status_code == 303, examined.text
    return examined.location


def count(app, entity):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(entity))


def text_of(answer):
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_from_the_file_to_the_registrations(app, client, office):
    assert "Importer un fichier" in client.get(f"{office.path}?vue=toutes").text
    columns = client.get(send(client, office, lines(*people(30))).location)
    assert '<option value="given_name" selected>' in columns.text
    assert "p0@exemple.fr" in columns.text
    assert "30 lignes" in text_of(columns)
    at = columns.request.path
    review = client.post(at, data={"column[]": ["family_name", "given_name", "email"]}, follow_redirects=True)
    assert "Inscrire 30 personnes" in text_of(review)
    assert count(app, Registration) == 0
    begun = client.post(f"{review.request.path}/lancement", data={"is_told": "y"})
    page = client.get(begun.location)
    assert "25 sur 30" in text_of(page)
    assert page.headers["Refresh"]
    with app.app_context():
        carry_out_batches()
    assert "30 personnes inscrites, pour 30 lignes." in text_of(client.get(begun.location))
    assert count(app, OutgoingMail) == 30
    assert client.get(review.request.path).location.endswith(begun.location)


def test_whether_people_are_written_to_is_chosen(app, client, office):
    here = drafted(client, office, lines(*people(2)))
    client.post(f"{here}/lancement", data={})
    assert count(app, Registration) == 2
    assert count(app, OutgoingMail) == 0


def test_what_each_line_would_become_is_shown_and_narrowed(app, client, office):
    with stored(app):
        make_registration(office, email="p0@exemple.fr", family_name="Connu")
        twin = make_registration(office, given_name="Alix", family_name="Durand", email="ad@exemple.fr")
    rows = [
        *people(1),
        ("Durand", "Alix", "alix@exemple.fr"),
        ("Martin", "", "x"),
        ("A", "B", "b@exemple.fr"),
    ]
    here = drafted(client, office, lines(*rows, ("C", "D", "b@exemple.fr")))
    page = text_of(client.get(here))
    for words in (
        "Déjà à la rencontre",
        "Même nom",
        f"/inscriptions/{twin.id}",
        "Prénom : Saisissez le prénom.",
        "Même adresse qu’à la ligne 5.",
        "Une ligne ne sera pas importée",
        "Inscrire 2 personnes",
    ):
        assert words in page, words
    narrowed = client.get(f"{here}?resultat=refused").text
    assert "Martin" in narrowed
    assert "alix@exemple.fr" not in narrowed
    likely = client.get(f"{here}?resultat=likely").text
    assert "alix@exemple.fr" in likely
    assert "b@exemple.fr" not in likely


def test_columns_that_are_missing_are_asked_for(client, office):
    answer = send(client, office, lines(("a", "b", "c@d.fr"), header=("Un", "Deux", "Trois")))
    here = answer.location.removesuffix("/colonnes")
    assert client.get(here).location.endswith("/colonnes")
    refused = client.post(f"{here}/colonnes", data={"column[]": ["family_name", "given_name", ""]})
    assert refused.status_code == 422
    assert "Dites quelle colonne contient : Adresse électronique." in text_of(refused)
    assert '<option value="given_name" selected>' in refused.text
    twice = client.post(f"{here}/colonnes", data={"column[]": ["email", "email", "email"]})
    assert "pour deux colonnes" in twice.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"Nom;Courriel\r\n", "vide"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 rien", "classeur"),
        (b"Martin;Camille;c@exemple.fr\r\nDurand;Alix;a@exemple.fr", "ligne de titres"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(app, client, office, content, words):
    answer = send(client, office, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert count(app, Batch) == 0


def test_the_result_and_the_refused_lines_are_files(app, client, office):
    rows = [("d’Été", "Zoé", "zoe@exemple.fr", "1"), ("Martin", "Camille", "pas une adresse", "=2+3")]
    here = drafted(client, office, lines(*rows, header=(*HEADER, "Remarque")))
    client.post(f"{here}/lancement", data={})
    page = client.get(here, follow_redirects=True)
    assert "Ligne 3" in text_of(page)
    result = client.get(f"{here}/resultat.csv").data.decode("utf-8-sig")
    first, second = list(csv.reader(io.StringIO(result), delimiter=";"))[1:]
    assert first[:2] == ["2", "Inscrite"]
    assert first[5:8] == ["d’Été", "Zoé", "zoe@exemple.fr"]
    assert second[:2] == ["3", "Refusée"]
    again = client.get(f"{here}/refus.csv").data
    table = list(csv.reader(io.StringIO(again.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["Nom", "Prénom", "Courriel", "Remarque", "Raison du refus"]
    assert table[1][:4] == ["Martin", "Camille", "pas une adresse", "'=2+3"]
    assert "adresse électronique complète" in table[1][4]
    for kind in ("xlsx", "ods"):
        sheet = read_table(client.get(f"{here}/refus.{kind}").data, lambda title: title == "Nom")
        assert sheet.rows[0].cells[:3] == ("Martin", "Camille", "pas une adresse")
    corrected = again.replace(b"pas une adresse", b"c@exemple.fr")
    client.post(f"{drafted(client, office, corrected)}/lancement", data={})
    assert count(app, Registration) == 2


def test_a_list_that_was_exported_is_imported_elsewhere_as_it_is(app, client, office):
    with stored(app):
        other = make_meeting(region_code="53")
        habitat = make_session(other, title="Habitat")
        make_registration(
            other,
            sessions=[habitat],
            civility="Mme",
            participant_kind="elected",
            region_code="53",
            phone="+33 1 23 45 67 89",
        )
    exported = client.get(f"/gestion/rencontres/{other.id}/inscriptions/liste.xlsx").data
    client.post(f"{drafted(client, office, exported)}/lancement", data={})
    with app.app_context():
        before, after = db.session.scalars(select(Registration).order_by(Registration.id)).all()
        names = (
            "civility",
            "family_name",
            "given_name",
            "email",
            "phone",
            "organisation",
            "job_title",
            "participant_kind",
            "region_code",
        )
        assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
        assert [place.session.title for place in after.places] == ["Habitat"]


def test_a_full_meeting_says_who_will_wait(client, office):
    here = drafted(client, office, lines(*people(45)))
    assert ">Liste d’attente<" in client.get(f"{here}?resultat=waiting").text
    client.post(f"{here}/lancement", data={})


def test_full_workshops_are_waited_for_unless_the_organiser_says_otherwise(app, client, office):
    with stored(app):
        make_session(db.session.merge(office), title="Eau", hour=4, capacity=1)
    rows = [(*person, "Eau") for person in people(3)]
    here = drafted(client, office, lines(*rows, header=(*HEADER, "Ateliers")))
    page = client.get(here)
    assert 'name="joins_waiting" type="radio" value="y"' in re.sub(
        r" (checked|id)(=\"[^\"]*\")?", "", page.text
    )
    assert text_of(page).count("Liste d’attente de l’atelier : Eau.") == 2
    assert "Inscrire 3 personnes" in text_of(page)
    assert client.post(f"{here}/examen", data={"joins_waiting": "n"}).location.endswith(here)
    page = client.get(here)
    assert text_of(page).count("L’atelier « Eau » est complet") == 2
    assert Page(page).values["joins_waiting"] == "n"
    client.post(f"{here}/examen", data={"joins_waiting": "y"})
    client.post(f"{here}/lancement", data={})
    with app.app_context():
        carry_out_batches()
        found = select(SessionPlace.state, SessionPlace.queue_rank).order_by(SessionPlace.id)
        assert [tuple(one) for one in db.session.execute(found)] == [
            ("confirmed", None),
            ("waiting", 1),
            ("waiting", 2),
        ]


def test_full_workshops_are_no_question_where_nothing_is_waited_for(app, client, office):
    for columns, row in ((HEADER, people(1)[0]), ((*HEADER, "Ateliers"), (*people(1)[0], "Habitat"))):
        page = client.get(drafted(client, office, lines(row, header=columns))).text
        assert ("joins_waiting" in page) is ("Ateliers" in columns)
    with stored(app):
        get_setup(office.id).has_waiting_list = False
    again = drafted(client, office, lines((*people(1)[0], "Habitat"), header=(*HEADER, "Ateliers")))
    assert "joins_waiting" not in client.get(again).text


def test_a_file_is_abandoned(app, client, office):
    here = drafted(client, office, lines(*people(1)))
    assert client.post(f"{here}/abandon").status_code == 303
    assert client.get(here).status_code == 404
    assert count(app, Batch) == 0


def test_a_question_removed_meanwhile_leads_back_to_the_columns(app, client, office):
    with stored(app):
        question = make_question(office, label="Trajet")
    here = drafted(client, office, lines((*people(1)[0], "x"), header=(*HEADER, "Trajet")))
    with stored(app):
        db.session.merge(question).retired_at = now()
    assert client.get(here).location.endswith("/colonnes")


def test_another_region_s_imports_are_not_found(app, client, office, sign_in):
    here = drafted(client, office, lines(*people(1)))
    with stored(app):
        elsewhere = make_account(role="secretary", territory_code="32")
        stranger = make_meeting(region_code="32")
    moved = here.replace(f"/{office.id}/", f"/{stranger.id}/")
    sign_in(client, elsewhere)
    for tail in ("", "/colonnes", "/resultat.csv"):
        assert client.get(here + tail).status_code == 404
        assert client.get(moved + tail).status_code == 404
    for tail in ("/lancement", "/abandon", "/colonnes", "/examen"):
        assert client.post(here + tail, data={}).status_code == 404
        assert client.post(moved + tail, data={}).status_code == 404
    assert count(app, Registration) == 0


def test_pages_take_as_many_statements_whatever_the_file(app, client, office):
    counts = []
    for number in (3, 300):
        here = drafted(client, office, lines(*people(number)))
        with count_statements(app) as statements:
            assert client.get(here).status_code == 200
        assert not any("batch.content" in one for one in statements)  # the file is not read again
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_lines_are_examined_again_when_asked(app, client, office):
    here = drafted(client, office, lines(*people(2)))
    with stored(app):
        make_registration(db.session.merge(office), email=people(1)[0][2])
    assert "Inscrire 2 personnes" in text_of(client.get(here))
    assert client.post(f"{here}/examen").location.endswith(here)
    page = client.get(here)
    assert "Inscrire une personne" in text_of(page)
    assert ">Déjà à la rencontre<" in page.text


def test_lines_read_otherwise_since_lead_back_to_the_columns(app, client, office):
    here = drafted(client, office, lines((*people(1)[0], "Habitat"), header=(*HEADER, "Ateliers")))
    with stored(app):
        db.session.merge(office).sessions[0].title = "Logement"
    answer = client.get(here, follow_redirects=True)
    assert "ont changé depuis" in text_of(answer)
    client.post(f"{here}/colonnes", data={"column[]": Page(answer).lists["column[]"]})
    assert "aucun atelier ne s’appelle" in text_of(client.get(here))


def test_an_import_under_way_is_not_examined_again(app, client, office):
    here = drafted(client, office, lines(*people(30)))
    begun = client.post(f"{here}/lancement", data={})
    assert client.post(f"{here}/examen").location == begun.location
