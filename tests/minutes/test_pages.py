"""The editor, the publication and the public pages, as a browser without JavaScript sees them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.minutes.queries import get_item, get_minutes
from eventsapp.minutes.services import writing
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.minutes.samples import DECISION, TITLE, correct, make_held_meeting, publish, write_minutes


@pytest.fixture
def held(app, empty_database):
    with stored(app):
        held = make_held_meeting()
        write_minutes(held)
        assert [len(item.decisions) for item in held.minutes.items] == [0, 1]  # loaded, read after the commit
    return held


@pytest.fixture
def published(app, held):
    with stored(app):
        publication = publish(held)
        assert publication.pdf_order.token
    return publication


@pytest.fixture
def secretary(app, held, sign_in):
    browser = app.test_client()
    sign_in(browser, held.account)
    return browser


def home(held):
    return f"/gestion/rencontres/{held.meeting.id}/compte-rendu"


def statements(app, browser, path):
    seen = []
    with app.app_context():
        engine = db.engine

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def test_the_minutes_page_lists_the_points_and_the_next_step(secretary, held):
    page = secretary.get(home(held)).text
    assert "Monnaies locales" in page
    assert "Envoyer en relecture" in page


def test_a_meeting_without_minutes_offers_to_begin_them(app, secretary):
    with stored(app):
        meeting = make_meeting()
    path = f"/gestion/rencontres/{meeting.id}/compte-rendu"
    assert "Commencer avec le programme" in secretary.get(path).text
    assert secretary.post(path).status_code == 303
    assert secretary.post(path).status_code == 409


def test_somebody_in_charge_of_another_region_does_not_see_them(app, held, sign_in):
    with stored(app):
        other = make_account(role="secretary", territory_code="53")
    browser = app.test_client()
    sign_in(browser, other)
    assert browser.get(home(held)).status_code == 404
    assert browser.post(f"{home(held)}/relecture").status_code == 404


def test_hours_are_shown_and_read_as_the_place_keeps_them(app, secretary, held):
    page = secretary.get(f"{home(held)}/seance").text
    assert 'value="09:30"' in page
    form = {"version": held.minutes.version, "opened_at": "09:35", "closed_at": "17:10", "chair": "Mme Essai"}
    assert secretary.post(f"{home(held)}/seance", data=form).status_code == 303
    with app.app_context():
        assert get_minutes(held.meeting.id).opened_at.isoformat() == "2026-12-01T08:35:00+00:00"


def test_a_conflict_keeps_both_texts(app, secretary, held):
    item = held.minutes.items[0]
    path = f"{home(held)}/points/{item.id}"
    seen = {"title": item.title, "version": item.version}
    assert secretary.post(path, data={**seen, "summary": "Le texte de Zoé"}).status_code == 303
    answer = secretary.post(path, data={**seen, "summary": "Le texte d’Ada"})
    assert answer.status_code == 409
    assert "Le texte de Zoé" in answer.text
    assert re.search(r"<textarea[^>]*>\s*Le texte d’Ada</textarea>", answer.text)
    with app.app_context():
        assert get_item(held.meeting.id, item.id).summary == "Le texte de Zoé"
    # Saved again after having compared, the form knows the version it replaces.
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    again = secretary.post(path, data={**seen, "version": version, "summary": "Les deux"})
    assert again.status_code == 303


def test_the_autosave_receives_the_new_version_and_the_preview(secretary, held):
    item = held.minutes.items[0]
    path, fragment = f"{home(held)}/points/{item.id}", {"X-Fragment": "1"}
    form = {"title": item.title, "version": 1, "summary": "Du **gras** et <script>"}
    answer = secretary.post(path, data=form, headers=fragment).json
    assert answer["version"] == 2
    assert "<strong>gras</strong>" in answer["html"]
    assert "<script" not in answer["html"]
    assert secretary.post(path, data={**form, "summary": "Autre"}, headers=fragment).status_code == 409
    assert secretary.post(path, data={**form, "title": ""}, headers=fragment).status_code == 422


def test_a_preview_saves_nothing(app, secretary, held):
    item = held.minutes.items[0]
    form = {"title": item.title, "version": 1, "summary": "**essai**", "preview": "1"}
    page = secretary.post(f"{home(held)}/points/{item.id}", data=form).text
    assert "<strong>essai</strong>" in page
    with app.app_context():
        assert get_item(held.meeting.id, item.id).summary == ""


def test_a_refused_block_keeps_what_was_typed(secretary, held):
    item = held.minutes.items[0]
    form = {"interventions-nouveau-text": "Un propos", "interventions-nouveau-speaker": ""}
    answer = secretary.post(f"{home(held)}/points/{item.id}/interventions", data=form)
    assert answer.status_code == 422
    assert "Un propos" in answer.text
    assert "Saisissez le nom de la personne qui intervient." in answer.text


def test_blocks_are_added_changed_moved_and_removed_without_javascript(app, secretary, held):
    item = held.minutes.items[0]
    path = f"{home(held)}/points/{item.id}/decisions"
    for text in ("Première", "Seconde"):
        form = {"decisions-nouveau-text": text, "decisions-nouveau-outcome": "adopted"}
        assert secretary.post(path, data=form).status_code == 303
    with app.app_context():
        first, second = get_item(held.meeting.id, item.id).decisions
        keys = (first.id, second.id)
    changed = {
        f"decisions-{keys[0]}-text": "Corrigée",
        f"decisions-{keys[0]}-outcome": "postponed",
        f"decisions-{keys[0]}-version": 1,
    }
    assert secretary.post(f"{path}/{keys[0]}", data=changed).status_code == 303
    stale = secretary.post(f"{path}/{keys[0]}", data={**changed, f"decisions-{keys[0]}-text": "Autre"})
    assert stale.status_code == 409
    assert "Corrigée" in stale.text
    assert "Autre" in stale.text
    assert secretary.post(f"{path}/{keys[0]}/deplacement", data={"sens": "bas"}).status_code == 303
    assert "Corrigée" in secretary.get(f"{path}/{keys[0]}/suppression").text
    assert secretary.post(f"{path}/{keys[0]}/suppression").status_code == 303
    with app.app_context():
        assert [one.text for one in get_item(held.meeting.id, item.id).decisions] == ["Seconde"]


def test_a_block_of_another_point_is_not_found(secretary, held):
    first, last = held.minutes.items
    path = f"{home(held)}/points/{first.id}/decisions/{last.decisions[0].id}"
    assert secretary.post(path, data={}).status_code == 404
    assert secretary.get(f"{home(held)}/points/{first.id}/inconnus/1/suppression").status_code == 404


def test_the_whole_way_to_publication_by_hand(secretary, client, held):
    assert secretary.post(f"{home(held)}/relecture").status_code == 303
    assert secretary.post(f"{home(held)}/approbation", data={"approval_note": "Comité"}).status_code == 303
    check = secretary.get(f"{home(held)}/publication").text
    assert "Paul Rapporteur (démonstration)" in check
    assert secretary.post(f"{home(held)}/publication", data={}).status_code == 422
    assert secretary.post(f"{home(held)}/publication", data={"names_checked": "y"}).status_code == 303
    reference = f"CR-2026-{held.minutes.id:04}-v1"
    page = client.get(f"/comptes-rendus/{reference}")
    assert page.status_code == 200
    assert DECISION in page.text
    assert "Discret" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_the_check_says_where_an_address_is(app, secretary, held):
    with stored(app):
        item = get_item(held.meeting.id, held.minutes.items[1].id)
        values = {"summary": "Écrire à prenom@exemple.fr"}
        writing.change_item(item, values, seen=item.version, by=held.account, at=now())
    page = secretary.get(f"{home(held)}/publication").text
    assert "Point 2" in page
    assert "prenom@exemple.fr" in page


def test_an_older_version_says_that_a_later_one_replaces_it(app, client, held, published):
    with stored(app):
        correct(held)
        second = publish(held, "Une date était fausse.")
    page = client.get(f"/comptes-rendus/{published.reference}").text
    assert f"/comptes-rendus/{second.reference}" in page
    assert "Une date était fausse." in page
    assert "une version plus récente" in client.get(f"/verification/{published.reference}").text
    listed = client.get("/comptes-rendus").text
    assert second.reference in listed
    assert published.reference not in listed


def test_anybody_can_verify_a_reference(client, published):
    page = client.get(f"/verification/{published.reference}").text
    assert published.content_sha256 in page
    assert "c’est la dernière version" in page
    assert client.get("/verification/CR-1999-0001-v1").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?q=ECONOMIE+lille", True),
        ("?q=inconnu", False),
        ("?annee=2026", True),
        ("?annee=2025", False),
    ],
)
def test_published_minutes_are_listed_by_text_and_year(client, published, query, found):
    assert (published.reference in client.get(f"/comptes-rendus{query}").text) is found


@pytest.mark.parametrize("query", ["?annee=abc", "?annee=99999999999", "?page=-3", "?q=%25%5F"])
def test_strange_filters_give_a_page(client, published, query):
    assert client.get(f"/comptes-rendus{query}").status_code == 200


def test_minutes_of_a_reserved_meeting_are_not_public(app, client, empty_database):
    with stored(app):
        held = make_held_meeting(visibility="members")
        write_minutes(held)
        publication = publish(held)
    assert client.get(f"/comptes-rendus/{publication.reference}").status_code == 404
    assert publication.reference not in client.get("/comptes-rendus").text
    verification = client.get(f"/verification/{publication.reference}").text
    assert publication.content_sha256 in verification
    assert TITLE not in verification


def test_the_pdf_address_leads_to_the_document(client, published):
    answer = client.get(f"/comptes-rendus/{published.reference}/pdf")
    assert answer.location.endswith(f"/documents/{published.pdf_order.token}")


def test_pages_cost_the_same_whatever_they_hold(app, secretary, client, held, published):
    paths = [
        "/comptes-rendus",
        f"/comptes-rendus/{published.reference}",
        f"/verification/{published.reference}",
    ]
    editor = [home(held), f"{home(held)}/points/{held.minutes.items[0].id}", f"{home(held)}/publication"]
    before = [statements(app, client, path) for path in paths]
    before += [statements(app, secretary, path) for path in editor]
    with stored(app):
        correct(held)
        for number in range(8):
            item = writing.add_item(
                get_minutes(held.meeting.id), f"Point {number}", by=held.account, at=now()
            )
            for text in ("Une", "Deux"):
                writing.add_block(
                    get_item(held.meeting.id, item.id), "decisions", {"text": text}, by=held.account, at=now()
                )
        publish(held, "Points ajoutés.")
        for _number in range(3):
            other = make_held_meeting()
            publish(other)
    after = [statements(app, client, path) for path in paths]
    after += [statements(app, secretary, path) for path in editor]
    assert after == before
    assert max(before) <= 18
