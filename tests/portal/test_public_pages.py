"""Public pages: what they show, to whom, and at what cost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.clock import now
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Document
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.meetings import in_days, make_meeting, make_series, make_session, make_session_role
from tests.factories.registrations import make_registration, make_setup
from tests.factories.wishes import make_wished_meeting
from tests.statements import count_statements

ALWAYS_THERE = (
    "/",
    "/rencontres",
    "/rencontres/passees",
    "/comptes-rendus",
    "/actualites",
    "/recherche",
    "/plan-du-site",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/connexion",
    "/mon-inscription",
)


@pytest.mark.parametrize("address", ALWAYS_THERE)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_public_page_answers_on_an_empty_site(client: FlaskClient, address: str, language: str) -> None:
    page = client.get(address, query_string={"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert len(re.findall(r"<h1[ >]", page.text)) == 1


def test_the_agenda_shows_what_is_announced_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        make_meeting(title="Rencontre annoncée")
        make_meeting(title="Encore un brouillon", state="draft")
        make_meeting(title="Entre adhérents", visibility="members")
        make_meeting(title="Déjà passée", starts_at=in_days(-30))
    page = client.get("/rencontres").text
    assert "Rencontre annoncée" in page
    for hidden in ("Encore un brouillon", "Entre adhérents", "Déjà passée"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "metz"}, {"À Metz"}),
        ({"q": "METZ   a"}, {"À Metz"}),
        ({"region": "32"}, {"À Lille"}),
        ({"q": "introuvable"}, set()),
        ({"region": "99", "theme": "abc", "mois": "2027-13"}, set()),
        ({"mois": "n’importe quoi"}, {"À Lille", "À Metz"}),
    ],
)
def test_filters_narrow_the_agenda(
    app: Flask, client: FlaskClient, query: dict[str, str], expected: set[str]
) -> None:
    with stored(app):
        make_meeting(title="À Lille", city="Lille", region_code="32", search_key="a lille")
        make_meeting(title="À Metz", city="Metz", region_code="44", search_key="a metz")
    page = client.get("/rencontres", query_string=query, headers={"X-Fragment": "1"}).text
    assert {title for title in ("À Lille", "À Metz") if title in page} == expected


def test_a_theme_narrows_the_agenda(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        theme = store(Theme(name="Achats"))
        make_meeting(title="Sur les achats", themes=[theme])
        make_meeting(title="Sur autre chose")
    page = client.get("/rencontres", query_string={"theme": theme.id}).text
    assert "Sur les achats" in page
    assert "Sur autre chose" not in page


def test_the_programme_says_places_left(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting = make_meeting(capacity=80)
        workshop = make_session(meeting, title="Tiers-lieux", capacity=2)
        make_session_role(workshop, name="Alix Essai", title="maire", organisation="Ville d’essai")
        make_registration(meeting, sessions=[workshop])
    page = client.get(f"/rencontres/{meeting.slug}").text
    assert "Tiers-lieux" in page
    assert "1\u00a0place restante" in page or "1 place restante" in page
    assert "Alix Essai, maire, Ville d’essai" in page
    assert "S’inscrire" in page


def test_a_draft_and_a_reserved_meeting_are_not_found_by_visitors(
    app: Flask, client: FlaskClient, sign_in: Any
) -> None:
    with stored(app):
        draft = make_meeting(state="draft")
        reserved = make_meeting(visibility="members")
        account = make_account()
    assert client.get(f"/rencontres/{draft.slug}").status_code == 404
    assert client.get(f"/rencontres/{reserved.slug}").status_code == 404
    sign_in(client, account)
    assert client.get(f"/rencontres/{reserved.slug}").status_code == 200


def test_a_cancelled_meeting_says_why_and_takes_nobody(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting = make_meeting(state="cancelled", cancellation_reason="Salle fermée pour travaux.")
    page = client.get(f"/rencontres/{meeting.slug}").text
    assert "Salle fermée pour travaux." in page
    assert "S’inscrire" not in page


def test_only_public_documents_are_listed(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting = make_meeting()
        for title, visibility in (("Présentation", "public"), ("Budget", "office")):
            url = "https://exemple.fr/document"
            store(
                Document(meeting_id=meeting.id, title=title, url=url, visibility=visibility, added_at=now())
            )
    page = client.get(f"/rencontres/{meeting.slug}").text
    assert "Présentation" in page
    assert "Budget" not in page


def test_the_calendar_entry_of_a_meeting_can_be_downloaded(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting = make_meeting(title="Rencontre de Lille")
    answer = client.get(f"/rencontres/{meeting.slug}.ics")
    assert answer.mimetype == "text/calendar"
    assert b"SUMMARY:Rencontre de Lille" in answer.data


def test_a_series_lists_its_meetings(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        series = make_series(title="Cycle d’essai")
        make_meeting(title="Première étape", series_id=series.id)
    page = client.get(f"/cycles/{series.slug}").text
    assert "Cycle d’essai" in page
    assert "Première étape" in page


def test_search_ignores_accents_and_finds_meetings(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        make_meeting(title="Évaluer l’énergie", search_key="evaluer l energie")
    assert "Évaluer l’énergie" in client.get("/recherche?q=evaluer+ÉNERGIE").text
    assert "Rien ne correspond" in client.get("/recherche?q=xyzzy").text


def test_the_meeting_page_says_what_registering_asks_for(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting, plain = make_meeting(), make_meeting()
        make_setup(meeting, admission="approval", access_code="ESSAI", attendance="both", allows_groups=True)
    page = client.get(f"/rencontres/{meeting.slug}").text
    said = ("Un code d’accès est demandé", "valide chaque inscription", "à distance, au choix")
    for words in (*said, "Inscrire plusieurs collègues"):
        assert words in page
        assert words not in client.get(f"/rencontres/{plain.slug}").text
    assert "ESSAI" not in page


def test_no_place_in_a_workshop_is_said_to_be_left_while_wishes_are_asked(
    app: Flask, client: FlaskClient
) -> None:
    with stored(app):
        meeting, _sessions = make_wished_meeting(12, 1, wishes_close_at=in_days(3))
    page = client.get(f"/rencontres/{meeting.slug}").text
    assert "vous classez vos vœux jusqu’au" in page
    assert "12\u00a0places<" in page.replace(" ", "\u00a0")
    assert "place restante" not in page
    assert "data-seats" not in page  # nothing to keep up to date


@pytest.mark.parametrize("registered", [1, 40])
def test_the_meeting_page_costs_twelve_statements_at_most(
    app: Flask, client: FlaskClient, registered: int
) -> None:
    with stored(app):
        meeting = make_meeting(capacity=100, series_id=make_series().id)
        workshops = [make_session(meeting, hour=1, capacity=20) for _number in range(6)]
        for workshop in workshops:
            make_session_role(workshop)
        for number in range(registered):
            make_registration(meeting, sessions=[workshops[number % 6]])
    with count_statements(app) as statements:
        page = client.get(f"/rencontres/{meeting.slug}")
    assert page.status_code == 200
    assert len(statements) <= 12, "\n".join(statements)
    assert len(page.data) <= 60_000


def test_the_agenda_costs_the_same_for_one_meeting_or_fifty(app: Flask, client: FlaskClient) -> None:
    costs = []
    for more in (1, 50):
        with stored(app):
            for _number in range(more):
                make_meeting()
        with count_statements(app) as statements:
            client.get("/rencontres")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 12


def test_an_address_that_leads_nowhere_says_so_in_french(client: FlaskClient) -> None:
    page = client.get("/rencontres/inconnue")
    assert page.status_code == 404
    assert "Page introuvable" in page.text


def test_pages_allow_nothing_inline(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_the_language_chosen_is_remembered(client: FlaskClient) -> None:
    client.get("/?lang=en")
    assert '<html lang="en"' in client.get("/rencontres").text


def test_a_meeting_over_leads_to_its_past_list(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        make_meeting(title="Rencontre de l’an dernier", starts_at=now() - timedelta(days=300))
    assert "Rencontre de l’an dernier" in client.get("/rencontres/passees").text
