"""The directory as the office keeps it."""

from datetime import date

import pytest

from eventsapp.core.db import db
from eventsapp.directory.models import Charter, Mandate, Organisation, Person, Relation, Signature, Theme
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.statements import count_statements

HOME = "/gestion/organismes"
ORGANISATION = {"name": "Finansol", "kind": "network", "region_code": ""}
PERSON = {"given_name": "Camille", "family_name": "Exemple", "civility": ""}


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        account = make_account()
    sign_in(client, account)
    return client


def make_organisation(name, **values):
    return store(Organisation(name=name, **values))


def rows(kind, app):
    with app.app_context():
        db.session().expire_on_commit = False
        return db.session.query(kind).order_by(kind.id).all()


def test_an_organisation_is_added_with_its_dated_relations(app, office):
    data = {
        **ORGANISATION,
        "name": "Enercoop",
        "relations-0-kind": "signatory",
        "relations-0-since": "2014-10-14",
        "relations-1-kind": "member",
        "relations-1-since": "",
    }
    assert office.post(f"{HOME}/nouveau", data=data).status_code == 303
    relation = rows(Relation, app)
    assert [(one.kind, one.since, one.until) for one in relation] == [("signatory", date(2014, 10, 14), None)]
    assert "Enercoop" in office.get(f"{HOME}?q=ENERCOOP").text


def test_a_second_organisation_of_the_same_name_is_refused(app, office):
    with stored(app):
        make_organisation("L’Étoile de l’espoir")
    answer = office.post(f"{HOME}/nouveau", data={**ORGANISATION, "name": "L'etoile de l'espoir"})
    assert answer.status_code == 422
    assert "Un organisme porte déjà ce nom." in answer.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Saisissez le nom de l’organisme."),
        ({"siren": "123456789"}, "Saisissez les neuf chiffres du numéro SIREN."),
        ({"website": "exemple.fr"}, "Saisissez une adresse complète"),
        (
            {"relations-0-kind": "member", "relations-0-since": "hier"},
            "Saisissez une date, par exemple 14/06/2027.",
        ),
        (
            {
                "relations-0-kind": "member",
                "relations-0-since": "2014-01-02",
                "relations-0-until": "2014-01-01",
            },
            "Une date de fin vient avant son début.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(office, typed, message):
    answer = office.post(f"{HOME}/nouveau", data={**ORGANISATION, **typed})
    assert answer.status_code == 422
    assert message in answer.text


def test_a_siren_is_kept_without_its_blanks(app, office):
    office.post(f"{HOME}/nouveau", data={**ORGANISATION, "siren": "356 000 000"})
    assert rows(Organisation, app)[0].siren == "356000000"


def test_a_button_adds_a_row_and_keeps_what_was_typed(office):
    data = {"name": "Finansol", "relations-0-kind": "member", "relations-0-since": "2014-01-02", "more": "1"}
    answer = office.post(f"{HOME}/nouveau", data=data)
    assert answer.status_code == 200
    assert 'value="Finansol"' in answer.text
    assert 'name="relations-1-since"' in answer.text


def test_an_organisation_cited_elsewhere_is_not_removed(app, office):
    with stored(app):
        signed, free = make_organisation("Signataire"), make_organisation("Libre")
        charter = store(Charter(title="Charte", signed_on=date(2014, 10, 14)))
        store(Signature(charter_id=charter.id, organisation_id=signed.id, signed_on=date(2014, 10, 14)))
    assert office.post(f"{HOME}/{signed.id}/suppression").status_code == 409
    assert office.post(f"{HOME}/{free.id}/suppression").status_code == 303
    assert [one.name for one in rows(Organisation, app)] == ["Signataire"]


def test_a_person_is_added_with_a_function_in_a_known_organisation(app, office):
    with stored(app):
        make_organisation("Commune de démonstration")
    data = {
        **PERSON,
        "mandates-0-title": "maire",
        "mandates-0-organisation": "commune de demonstration",
        "mandates-0-starts_on": "2014-03-30",
    }
    assert office.post(f"{HOME}/personnes/nouvelle", data=data).status_code == 303
    assert rows(Person, app)[0].name_key == "exemple camille"
    found = office.get(f"{HOME}/personnes?q=démonstration").text
    assert "maire, Commune de démonstration" in found


def test_a_function_in_an_unknown_organisation_is_refused(office):
    data = {
        **PERSON,
        "mandates-0-title": "maire",
        "mandates-0-organisation": "Nulle part",
    }
    answer = office.post(f"{HOME}/personnes/nouvelle", data=data)
    assert answer.status_code == 422
    assert "Créez-le d’abord" in answer.text


def test_a_person_edited_keeps_only_the_functions_typed_then_is_forgotten(app, office):
    with stored(app):
        city = make_organisation("Ville")
        person = store(Person(given_name="Camille", family_name="Exemple"))
        store(Mandate(person_id=person.id, organisation_id=city.id, title="adjointe"))
    mandate = {"mandates-0-title": "maire", "mandates-0-organisation": "Ville"}
    page = f"{HOME}/personnes/{person.id}"
    assert 'value="adjointe"' in office.get(page).text
    assert office.post(page, data={**PERSON, **mandate}).status_code == 303
    assert [one.title for one in rows(Mandate, app)] == ["maire"]
    assert office.post(f"{page}/suppression").status_code == 303
    assert (rows(Person, app), rows(Mandate, app)) == ([], [])


def test_themes_are_renamed_ranked_and_added(app, office):
    with stored(app):
        first, second = store(Theme(name="Achats", position=0)), store(Theme(name="Énergie", position=1))
    data = {
        "themes-0-theme_id": str(first.id), "themes-0-rank": "2", "themes-0-name": "Achats",
        "themes-1-theme_id": str(second.id), "themes-1-rank": "1", "themes-1-name": "Transition",
        "themes-2-theme_id": "", "themes-2-rank": "", "themes-2-name": "Lieux partagés",
    }  # fmt: skip
    assert office.post(f"{HOME}/thematiques", data=data).status_code == 303
    ranked = sorted(rows(Theme, app), key=lambda theme: theme.position)
    assert [(theme.id, theme.name) for theme in ranked[:2]] == [
        (second.id, "Transition"),
        (first.id, "Achats"),
    ]
    assert ranked[2].name == "Lieux partagés"


def test_two_themes_of_one_name_are_refused(app, office):
    data = {"themes-0-name": "Achats", "themes-1-name": "achats"}
    answer = office.post(f"{HOME}/thematiques", data=data)
    assert answer.status_code == 422
    assert rows(Theme, app) == []


@pytest.mark.parametrize("path", ["", "/personnes", "/thematiques", "/nouveau", "/personnes/nouvelle"])
def test_a_secretary_does_not_keep_the_directory(app, client, sign_in, path):
    with stored(app):
        account = make_account(role="secretary")
    sign_in(client, account)
    assert client.get(f"{HOME}{path}").status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_lists_cost_the_same_whatever_their_length(app, office, count):
    with stored(app):
        for number in range(count):
            organisation = make_organisation(f"Organisme {number}")
            person = store(Person(given_name="Camille", family_name=f"Exemple {number}"))
            store(Mandate(person_id=person.id, organisation_id=organisation.id, title="membre"))
    with count_statements(app) as sent:
        assert office.get(HOME).status_code == 200
    assert len(sent) == 5
    with count_statements(app) as sent:
        assert office.get(f"{HOME}/personnes").status_code == 200
    assert len(sent) == 5
