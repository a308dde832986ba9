"""The organisers' list: scoped, searched, bounded, exported."""

import csv
import io

import pytest
from sqlalchemy import event, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.filters import ORDERS
from eventsapp.registrations.models import Answer, Question, Registration
from eventsapp.registrations.queries import listing
from eventsapp.registrations.services import changing
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import Page


@pytest.fixture
def office(app, client, sign_in):
    """A meeting in Brittany, and a secretary for Brittany signed in."""
    with stored(app):
        meeting = make_meeting(region_code="53", capacity=10)
        meeting.workshop = make_session(meeting, title="Mobilités", capacity=2)
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    return meeting


def add(app, meeting, **values):
    with stored(app):
        return make_registration(meeting, **values)


def rows(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


FORM = {
    "given_name": "Zoé",
    "family_name": "Ajoutée",
    "email": "zoe@exemple.fr",
    "participant_kind": "elected",
    "creneau_1": "0",
}


def test_the_list_shows_those_of_the_meeting_and_no_other(app, client, office):
    add(app, office, family_name="Ici", sessions=[office.workshop])
    with stored(app):
        make_registration(make_meeting(region_code="53"), family_name="Ailleurs")
    page = client.get(office.path)
    assert "Ici" in page.text
    assert "Mobilités" in page.text
    assert "Ailleurs" not in page.text


def test_another_region_s_meeting_is_not_found(app, client, office):
    with stored(app):
        other = make_meeting(region_code="32")
        registration = make_registration(other)
    here = f"/gestion/rencontres/{other.id}/inscriptions"
    for path in ("", "/liste.csv", "/nouvelle", f"/{registration.id}", f"/{registration.id}/fiche"):
        assert client.get(here + path).status_code == 404
    for path in ("", f"/{registration.id}/annulation", f"/{registration.id}/confirmation"):
        assert client.post(here + path, data=FORM).status_code == 404
    assert client.get(f"{office.path}/{registration.id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ELUE", {"Élue"}),
        ("q=metropole+oeuvre", {"Œuvrard"}),
        ("q=oeuvrard%40exemple", {"Œuvrard"}),
        ("q=%25", {"Élue", "Œuvrard", "Partie"}),
        ("etat=cancelled", {"Partie"}),
        ("etat=confirmed&type=elected", {"Élue"}),
        ("atelier={workshop}", {"Élue"}),
        ("atelier=99999999999999999999", set()),
        ("etat=zzz&type=zzz&tri=zzz&page=zzz&atelier=zzz", {"Élue", "Œuvrard", "Partie"}),
    ],
)
def test_the_list_is_narrowed(app, client, office, query, found):
    add(app, office, family_name="Élue", participant_kind="elected", sessions=[office.workshop])
    add(app, office, family_name="Œuvrard", organisation="Métropole de l’Œuvre", email="oeuvrard@exemple.fr")
    add(app, office, family_name="Partie", state="cancelled")
    page = client.get(f"{office.path}?{query.format(workshop=office.workshop.id)}")
    assert page.status_code == 200
    assert {name for name in ("Élue", "Œuvrard", "Partie") if f"{name} Personne" in page.text} == found


def test_the_list_is_sorted_without_minding_accents(app, client, office):
    for name in ("Zed", "Éloi", "Durand"):
        add(app, office, family_name=name)
    up, down = (client.get(f"{office.path}?tri={order}").text for order in ("name", "-name"))
    assert up.index("Durand") < up.index("Éloi") < up.index("Zed")
    assert down.index("Durand") > down.index("Éloi") > down.index("Zed")
    assert 'aria-sort="descending"' in down


def test_the_file_opens_well_in_a_french_spreadsheet(app, client, office):
    add(
        app, office, family_name="D’Été; \"Zoé\"", organisation="=HYPERLINK(1)", phone="+33 6 00 00 00 00",
        needs="deux\nlignes", sessions=[office.workshop], accepts_listing=True,
    )  # fmt: skip
    answer = client.get(f"{office.path}/liste.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "inscriptions-" in answer.headers["Content-Disposition"]
    header, row = rows(answer)
    cells = dict(zip(header, row, strict=True))
    assert cells["Nom"] == 'D’Été; "Zoé"'
    assert cells["Organisme"] == "'=HYPERLINK(1)"
    assert cells["Téléphone"] == "+33 6 00 00 00 00"
    assert "Besoins" not in cells  # read at the desk, in no file that circulates
    assert cells["Ateliers"] == "Mobilités"
    assert cells["Liste publiée"] == "oui"


def test_the_file_holds_what_the_screen_was_narrowed_to(app, client, office):
    add(app, office, family_name="Gardée")
    add(app, office, family_name="Écartée")
    assert [row[0] for row in rows(client.get(f"{office.path}/liste.csv?q=gardee"))[1:]] == ["Gardée"]


def test_somebody_is_registered_by_hand(app, client, office):
    assert client.get(f"{office.path}/nouvelle").status_code == 200
    answer = client.post(office.path, data={**FORM, "creneau_1": office.workshop.id}, follow_redirects=True)
    assert "Ajoutée" in answer.text
    with app.app_context():
        registration = db.session.scalars(select(Registration)).one()
        assert registration.registered_by_id
        assert [place.session_id for place in registration.places] == [office.workshop.id]


def test_an_address_already_registered_is_said_to_the_organiser(app, client, office):
    add(app, office, email="zoe@exemple.fr")
    answer = client.post(office.path, data=FORM)
    assert answer.status_code == 422
    assert "déjà inscrite" in answer.text
    assert "Ajoutée" in answer.text


def test_a_full_meeting_is_said_to_the_organiser(app, client, office):
    with stored(app):
        db.session.merge(office).capacity = 0
        make_setup(office, has_waiting_list=False)
    answer = client.post(office.path, data=FORM)
    assert answer.status_code == 422
    assert "plus de place" in answer.text


def test_a_registration_is_changed_resent_and_cancelled(app, client, office):
    registration = add(app, office, email="avant@exemple.fr")
    here = f"{office.path}/{registration.id}"
    assert "avant@exemple.fr" in client.get(f"{here}/fiche").text
    assert client.post(f"{here}/fiche", data=FORM).status_code == 303
    assert client.post(f"{here}/confirmation").status_code == 303
    assert client.post(f"{here}/annulation").status_code == 303
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        assert [mail.purpose for mail in mails] == ["confirmation", "confirmation", "cancellation"]
        assert {mail.recipient for mail in mails} == {"zoe@exemple.fr"}
    assert "Annulée" in client.get(here).text
    assert client.post(f"{here}/confirmation").status_code == 409


def test_a_change_refused_keeps_what_was_typed(app, client, office):
    registration = add(app, office)
    answer = client.post(f"{office.path}/{registration.id}/fiche", data={**FORM, "email": "zoe"})
    assert answer.status_code == 422
    assert 'value="Ajoutée"' in answer.text


def test_what_the_person_changed_meanwhile_is_not_overwritten(app, client, office):
    registration = add(app, office, sessions=[office.workshop])
    path = f"{office.path}/{registration.id}/fiche"
    opened = Page(client.get(path)).values
    with stored(app):
        one = db.session.merge(registration)
        changing.change_registration(registration=one, session_ids=[], at=now())
    typed = {**opened, "phone": "06 12 34 56 78"}
    refused = client.post(path, data=typed)
    assert refused.status_code == 422
    assert "a changé pendant que vous remplissiez" in refused.text
    assert Page(refused).values["phone"] == "06 12 34 56 78"
    with app.app_context():
        assert db.session.get_one(Registration, registration.id).places == []
    again = {**typed, "creneau_1": "0", "revision": Page(refused).values["revision"]}
    assert client.post(path, data=again).status_code == 303


def test_statements_are_few_and_do_not_grow_with_the_list(app, client, office):
    counts = []
    for number in (2, 60):
        with stored(app):
            for _time in range(number):
                make_registration(office)
        seen = []

        def note(_connection, _cursor, statement, *_rest, seen=seen):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        page, export = client.get(office.path), client.get(f"{office.path}/liste.csv")
        event.remove(engine, "before_cursor_execute", note)
        assert page.status_code == export.status_code == 200
        assert export.data
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 36, seen
    assert page.text.count('<th scope="row">') == 50
    assert "Page 1 sur 2" in page.text


def test_answers_to_the_meeting_s_own_questions_are_columns(app, client, office):
    with stored(app):
        make_setup(office, form_version=1)
        seen, hidden = (
            store(
                Question(
                    meeting_id=office.id,
                    kind="choice",
                    label=label,
                    visibility=visibility,
                    options=[{"key": "a", "label": "Végétarien"}],
                )
            )
            for label, visibility in (("Repas", "office"), ("Allergies", "desk"))
        )
        for family_name in ("Répond", "Tait"):
            person = make_registration(office, family_name=family_name)
        store(Answer(registration_id=person.id, question_id=seen.id, value="a"))
        store(Answer(registration_id=person.id, question_id=hidden.id, value="a"))
    page = client.get(office.path).text
    assert "Repas" in page
    assert "Végétarien" not in page
    assert "Allergies" not in page
    assert "Végétarien" in client.get(f"{office.path}?colonne=question:{seen.id}").text
    assert "Végétarien" not in client.get(f"{office.path}?colonne=question:{hidden.id}").text
    header, _first, second = rows(client.get(f"{office.path}/liste.csv"))
    assert dict(zip(header, second, strict=True))["Repas"] == "Végétarien"
    assert "Allergies" not in header


def test_the_address_says_the_columns_and_the_file_follows(app, client, office):
    add(app, office, email="zoe@exemple.fr", phone="+33 6 00 00 00 00")
    page = client.get(f"{office.path}?colonne=phone&colonne=email").text
    assert page.index("zoe@exemple.fr") < page.index("+33 6 00 00 00 00")
    assert "liste.ods?colonne=phone&amp;colonne=email" in page
    assert rows(client.get(f"{office.path}/liste.csv?colonne=phone"))[0] == ["Nom", "Téléphone"]
    assert client.get(f"{office.path}/liste.pdf").status_code == 404


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_each_order_goes_both_ways_and_filters_fit_with_it(app, client, office, order):
    for number in range(3):
        add(app, office, given_name=f"P{number}", needs="rampe" if number else "")
    up = client.get(f"{office.path}?tri={order}&besoins=oui&place=wished&mode=on_site&region=53&quota=x")
    assert up.status_code == 200
    up, down = (rows(client.get(f"{office.path}/liste.csv?tri={way}{order}")) for way in ("", "-"))
    assert sorted(up) == sorted(down)
    assert len(up) == 4


def test_a_list_too_long_to_be_counted_says_so_and_goes_on(app, client, office, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 60)
    with stored(app):
        for _time in range(120):
            make_registration(office)
    page = client.get(office.path).text
    assert "plus de 60" in page
    assert "Page 1</p>" in page
    assert "Page suivante" in client.get(f"{office.path}?page=2").text
    last = client.get(f"{office.path}?page=3").text
    assert "Page suivante" not in last
    assert last.count('<th scope="row">') == 20
    assert client.get(f"{office.path}?page=99").status_code == 200


def test_the_part_that_follows_the_typing_is_asked_for_alone(app, client, office):
    add(app, office, family_name="Élue")
    part = client.get(f"{office.path}?q=elue", headers={"X-Fragment": "1"}).text
    assert "Élue" in part
    assert "<html" not in part
    assert "data-count" in part
