"""The page of whoever registers colleagues: rows without scripts, errors by line, nothing lost, nobody revealed."""

import re

import pytest
from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.core.limits import Limit
from eventsapp.registrations.models import Registration
from eventsapp.registrations.views import pacing
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import Page

CONTACT = {
    "contact_name": "Carla Contact",
    "contact_email": "carla@exemple.fr",
    "organisation": "Métropole",
    "participant_kind": "officer",
}


def rows(*names, **changes):
    values = dict(CONTACT)
    for number, name in enumerate(names):
        row = {
            "given_name": name,
            "family_name": "Essai",
            "email": f"{name.lower()}@exemple.fr",
            "job_title": "Agente",
        }
        values.update({f"colleagues-{number}-{key}": value for key, value in row.items()})
    return {**values, **changes}


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting(capacity=3)
        make_setup(meeting, allows_groups=True)
    meeting.path = f"/rencontres/{meeting.slug}/inscription/groupe"
    return meeting


def names(app):
    with app.app_context():
        return db.session.scalars(select(Registration.given_name).order_by(Registration.id)).all()


def test_the_form_leads_there_where_groups_are_taken(app, client, meeting):
    with stored(app):
        other = make_meeting()
    assert "/inscription/groupe" in client.get(f"/rencontres/{meeting.slug}/inscription").text
    assert "/inscription/groupe" not in client.get(f"/rencontres/{other.slug}/inscription").text
    for method in (client.get, client.post):
        assert method(f"/rencontres/{other.slug}/inscription/groupe").status_code == 303


def test_colleagues_are_registered_and_empty_rows_are_nobody(app, client, meeting):
    page = client.get(meeting.path)
    assert page.text.count('class="speaker"') == 3
    done = client.post(
        meeting.path,
        data=rows("Ada", "", "Cleo")
        | {
            "colleagues-1-given_name": "",
            "colleagues-1-family_name": "",
            "colleagues-1-email": "",
            "colleagues-1-job_title": "",
        },
        follow_redirects=True,
    )
    assert "Référence du groupe" in done.text
    assert "2 personnes" in done.text.replace("\u00a0", " ")
    assert names(app) == ["Ada", "Cleo"]


def test_a_row_is_added_without_scripts_and_without_registering(app, client, meeting):
    data = rows("Ada", "Bob", "Cleo", more="1")
    page = client.post(meeting.path, data=data)
    assert page.status_code == 200
    assert "colleagues-3-given_name" in page.text
    assert Page(page).values["colleagues-2-email"] == "cleo@exemple.fr"
    many = client.post(meeting.path, data=rows(*"ABCDEFGHIJ", more="1"))
    assert "colleagues-10-given_name" not in many.text
    assert "Ajouter une personne" not in many.text
    assert names(app) == []


@pytest.mark.parametrize(
    ("changes", "message", "field"),
    [
        (
            {"colleagues-1-email": ""},
            "Ligne 2 : Saisissez l’adresse de cette personne.",
            "colleagues-1-email",
        ),
        ({"colleagues-1-email": "bob@"}, "Ligne 2 : Saisissez une adresse", "colleagues-1-email"),
        ({"colleagues-0-job_title": " "}, "Ligne 1 : Saisissez la fonction.", "colleagues-0-job_title"),
        (
            {"colleagues-1-email": "ADA@exemple.fr"},
            "Ligne 2 : Cette adresse est déjà à la ligne 1.",
            "colleagues-1-email",
        ),
        ({"contact_email": ""}, "Saisissez votre adresse", "contact_email"),
        (
            {"colleagues-0-family_name": "x" * 101},
            "Ligne 1 : Écrivez au plus 100",
            "colleagues-0-family_name",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_lost(
    app, client, meeting, changes, message, field
):
    data = rows("Ada", "Bob", **changes)
    page = client.post(meeting.path, data=data)
    assert page.status_code == 422
    assert message in page.text.replace("\u00a0", " ")
    assert f'href="#{field}"' in page.text
    kept = Page(page).values
    assert {name: kept[name] for name in data if name not in changes} == {
        name: value for name, value in data.items() if name not in changes
    }
    assert names(app) == []


def test_somebody_is_registered_at_least(client, meeting):
    page = client.post(meeting.path, data=CONTACT)
    assert page.status_code == 422
    assert "Inscrivez au moins une personne." in page.text


def test_too_few_places_is_said_and_waiting_is_offered(app, client, meeting):
    data = rows("Ada", "Bob", "Cleo", "Dora")
    page = client.post(meeting.path, data=data)
    assert page.status_code == 422
    assert "places possibles : 3" in page.text.replace("\u00a0", " ")
    assert 'href="#accepts_waiting"' in page.text
    assert names(app) == []
    assert client.post(meeting.path, data={**data, "accepts_waiting": "y"}).status_code == 303
    assert len(names(app)) == 4


def test_the_button_pressed_twice_registers_once(app, client, meeting):
    data = {**Page(client.get(meeting.path)).values, **rows("Ada")}
    for _time in range(2):
        assert client.post(meeting.path, data=data).status_code == 303
    assert names(app) == ["Ada"]


def test_the_answer_tells_nothing_of_who_is_registered(app, client, meeting):
    answers = []
    for known in (False, True):
        with stored(app):
            other = make_meeting(capacity=9, title="Même titre", slug=f"meme-{known}")
            make_setup(other, allows_groups=True)
            if known:
                make_registration(other, email="ada@exemple.fr")
        page = app.test_client().post(
            f"/rencontres/{other.slug}/inscription/groupe", data=rows("Ada", "Bob"), follow_redirects=True
        )
        answers.append(re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}|meme-\w+", "…", page.text))
    assert answers[0] == answers[1]


def test_a_group_counts_as_many_registrations_for_its_address(app, client, meeting, monkeypatch):
    monkeypatch.setitem(app.config, "REGISTRATIONS_PER_ADDRESS", 2)
    monkeypatch.setattr(pacing, "registrations", Limit(pacing.TEN_MINUTES))
    page = client.post(meeting.path, data=rows("Ada", "Bob", "Cleo"))
    assert page.status_code == 429
    assert Page(page).values["colleagues-2-given_name"] == "Cleo"
    assert client.post(meeting.path, data=rows("Ada", "Bob")).status_code == 303


def test_the_last_page_opened_directly_leads_to_the_form(client, meeting):
    assert client.get(f"{meeting.path}/confirmation").status_code == 303


@pytest.mark.parametrize("is_registered", [True, False])
def test_a_form_sent_again_for_others_does_not_tell_who_was_registered(app, client, meeting, is_registered):
    if is_registered:
        with stored(app):
            make_registration(meeting, email="victime@exemple.fr", given_name="Victime")
    for name in ("Victime", "Moi"):
        client.post(meeting.path, data=rows(name, reference="KKKK-3333"))
    assert names(app) == ["Victime", "Moi"]
