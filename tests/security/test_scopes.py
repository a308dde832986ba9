"""Nobody reaches another meeting's things, neither by its number nor by numbers put together."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.security.scene import CONVERTED, SHARED, Scene, address, make_scene

SCOPED = ("secretary of a meeting", "organiser of a region")


@pytest.fixture
def scene(app: Flask, empty_database: None) -> Scene:
    return make_scene(app)


def _office(app: Flask) -> list[tuple[Any, list[str]]]:
    """Every rule about one meeting in the back office, with the names of its parts."""
    found = [(rule, CONVERTED.findall(rule.rule)) for rule in app.url_map.iter_rules()]
    return [(rule, names) for rule, names in found if "meeting_id" in names]


def _statuses(client: Any, rule: Any, href: str) -> set[int]:
    return {client.open(href, method=method).status_code for method in sorted(rule.methods & {"GET", "POST"})}


@pytest.mark.parametrize("who", [*SCOPED, "nobody"])
def test_the_pages_of_a_meeting_outside_the_scope_do_not_exist(
    app: Flask, scene: Scene, sign_in: Any, who: str
) -> None:
    client = app.test_client()
    sign_in(client, scene.accounts[who])
    reached = {
        rule.rule: found
        for rule, _names in _office(app)
        if (found := _statuses(client, rule, address(rule, scene.lyon.parts))) - {403, 404}
    }
    assert reached == {}


def test_the_parts_of_another_meeting_are_not_found_under_this_one(
    app: Flask, scene: Scene, sign_in: Any
) -> None:
    """Even for who may see both: an address names a thing of its own meeting or nothing."""
    client = app.test_client()
    sign_in(client, scene.accounts["administrator"])
    reached = {}
    for rule, names in _office(app):
        for name in {*names} - {"meeting_id", "kind", "slug", "table", "what", "filename", *SHARED}:
            mixed = {**scene.lille.parts, name: scene.lyon.parts[name]}
            if (found := _statuses(client, rule, address(rule, mixed))) - {404}:
                reached[rule.rule, name] = found
    assert reached == {}


def test_a_document_is_not_read_through_another_meeting(app: Flask, scene: Scene) -> None:
    mixed = f"/rencontres/{scene.lille.meeting.slug}/documents/{scene.lyon.parts['document_id']}"
    assert app.test_client().get(mixed).status_code == 404


@pytest.mark.parametrize("who", SCOPED)
def test_messages_of_other_meetings_are_not_read(app: Flask, scene: Scene, sign_in: Any, who: str) -> None:
    client = app.test_client()
    sign_in(client, scene.accounts[who])
    for end in ("", "/renvois", "/retrait"):
        href = f"/gestion/envois/{scene.lyon.parts['mail_id']}{end}"
        assert client.open(href, method="POST" if end else "GET").status_code in {403, 404}


@pytest.mark.parametrize("who", SCOPED)
@pytest.mark.parametrize(
    "href",
    ["/gestion/organismes", "/gestion/organismes/personnes", "/gestion/actualites", "/gestion/comptes"],
)
def test_what_belongs_to_the_whole_network_is_not_for_somebody_of_one_part(
    app: Flask, scene: Scene, sign_in: Any, who: str, href: str
) -> None:
    client = app.test_client()
    sign_in(client, scene.accounts[who])
    assert client.get(href).status_code == 403
    assert href not in client.get("/gestion").text


def test_an_administrator_of_one_region_cannot_give_themselves_the_network(
    app: Flask, scene: Scene, sign_in: Any
) -> None:

    with stored(app):
        regional = make_account(role="administrator", territory_code="32")
    client = app.test_client()
    sign_in(client, regional)
    answer = client.post(f"/gestion/comptes/{regional.id}", data={"role": "administrator", "scope": ""})
    assert answer.status_code == 403


def test_an_organiser_of_one_meeting_makes_no_other(app: Flask, scene: Scene, sign_in: Any) -> None:

    with stored(app):
        account = make_account(role="organiser", meeting_id=scene.lille.meeting.id)
    client = app.test_client()
    sign_in(client, account)
    href = f"/gestion/rencontres/{scene.lille.meeting.id}/duplication"
    assert client.post(href, data={"what": "meeting", "day": "2027-06-01"}).status_code == 422
