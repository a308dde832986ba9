"""Saved views: a list one comes back to, for oneself or for the office."""

import pytest
from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.registrations.filters import Filters, read_filters, read_query
from eventsapp.registrations.models import SavedView
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting()
        meeting.workshop = make_session(meeting, title="Mobilités")
        make_registration(meeting, family_name="Élue", participant_kind="elected")
        make_registration(meeting, family_name="Agente", participant_kind="officer")
        account = make_account(name="Camille")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    meeting.account = account
    return meeting


def save(client, office, **values):
    return client.post(f"{office.path}/vues", data={"name": "Les élus", "query": "type=elected", **values})


def saved(app):
    with app.app_context():
        return {view.name: view for view in db.session.scalars(select(SavedView))}


def another(app, sign_in, **values):
    with stored(app):
        account = make_account(**values)
    client = app.test_client()
    sign_in(client, account)
    return client


def test_a_view_keeps_filters_order_and_columns(app, client, office):
    query = "type=elected&tri=-date&colonne=organisation&colonne=email"
    answer = save(client, office, query=query + "&page=3&csrf_token=x&etat=zzz")
    assert answer.headers["Location"].endswith(f"?{query}")
    page = client.get(answer.headers["Location"])
    assert "Les élus" in page.text
    assert "Élue Personne" in page.text
    assert "Agente Personne" not in page.text
    assert saved(app)["Les élus"].query == query


def test_a_view_is_one_s_own_unless_shared(app, client, office, sign_in):
    save(client, office, name="À moi")
    save(client, office, name="À toutes", is_shared="y")
    colleague = another(app, sign_in)
    page = colleague.get(f"{office.path}/vues").text
    assert "À toutes" in page
    assert "Camille" in page
    assert "À moi" not in page


def test_nobody_changes_somebody_else_s_view(app, client, office, sign_in):
    save(client, office, is_shared="y")
    (view,) = saved(app).values()
    colleague = another(app, sign_in)
    for path in (f"/vues/{view.id}", f"/vues/{view.id}/suppression"):
        assert colleague.post(office.path + path, data={"name": "Volée"}).status_code == 404
    assert colleague.get(f"{office.path}/vues/{view.id}").status_code == 404
    assert list(saved(app)) == ["Les élus"]


def test_the_list_opens_with_one_s_usual_view_and_everything_stays_one_click_away(app, client, office):
    save(client, office, is_default="y")
    assert client.get(office.path).headers["Location"].endswith("?type=elected")
    assert client.get(f"{office.path}?vue=toutes").status_code == 200
    save(client, office, name="Autre", query="type=officer", is_default="y")
    assert client.get(office.path).headers["Location"].endswith("?type=officer")
    assert [view.is_default for view in saved(app).values()].count(True) == 1


def test_a_view_that_names_a_workshop_belongs_to_its_meeting(app, client, office):
    client.get(save(client, office, query=f"atelier={office.workshop.id}", is_default="y").location)
    with stored(app):
        other = make_meeting()
    page = client.get(f"/gestion/rencontres/{other.id}/inscriptions")
    assert page.status_code == 200
    assert "Les élus" not in page.text


def test_saving_under_the_same_name_replaces(app, client, office):
    save(client, office)
    save(client, office, query="type=officer")
    assert [view.query for view in saved(app).values()] == ["type=officer"]


def test_a_view_is_renamed_and_deleted(app, client, office):
    save(client, office)
    save(client, office, name="Autre")
    here = f"{office.path}/vues/{saved(app)['Les élus'].id}"
    assert "Les élus" in client.get(here).text
    refused = client.post(here, data={"name": "Autre"})
    assert refused.status_code == 422
    assert "déjà une vue de ce nom" in refused.text
    assert client.post(here, data={"name": "Nos élus"}).status_code == 303
    assert client.post(f"{here}/suppression").status_code == 303
    assert set(saved(app)) == {"Autre"}


def test_a_view_needs_a_name_and_nothing_typed_is_lost(client, office):
    answer = save(client, office, name="  ", is_shared="y")
    assert answer.status_code == 422
    assert "Donnez un nom" in answer.text
    assert 'value="type=elected"' in answer.text


def test_filters_say_in_the_address_what_they_were_read_from():
    query = (
        "q=d+%27%C3%A9t%C3%A9&etat=active&type=elected&region=53&mode=remote&quota=elus&atelier=4&place=waiting"
        "&besoins=oui&tri=-organisation&colonne=email&colonne=question%3A3"
    )
    filters = read_query(query)
    assert filters.query() == query
    assert filters.narrows()
    assert filters.names_one_meeting()


def test_what_an_address_says_wrong_narrows_nothing():
    odd = {
        "q": [" \x00 "],
        "etat": ["x"],
        "atelier": ["-1"],
        "tri": ["--name"],
        "place": ["'"],
        "besoins": ["1"],
        "colonne": [],
    }
    assert read_filters(odd) == Filters()
    assert read_filters({"atelier": ["²"], "page": ["2"]}) == Filters()
