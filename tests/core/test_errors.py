"""A refusal says what to do, and leaves a way out."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_account
from tests.factories.database import stored

FORM = "http://localhost/gestion/rencontres/1/documents"


def _refused(app: Flask, client: FlaskClient, sign_in: Any, referrer: str) -> Any:
    with stored(app):
        account = make_account()
    sign_in(client, account)
    return client.post(FORM, data={"title": "x" * 11 * 2**20}, headers={"Referer": referrer})


def test_a_heavy_file_is_refused_with_the_limit_and_a_way_back(app, client, sign_in):
    answer = _refused(app, client, sign_in, FORM)
    assert answer.status_code == 413
    assert "Choisissez un fichier de moins de 10 Mo." in answer.text
    assert f'href="{FORM}"' in answer.text


def test_the_way_back_never_leaves_the_site(app, client, sign_in):
    answer = _refused(app, client, sign_in, "https://elsewhere.example/")
    assert "elsewhere.example" not in answer.text


def test_a_refusal_in_the_back_office_leads_to_the_dashboard(client):
    assert 'href="/gestion"' in client.get("/gestion/nulle-part").text
    assert 'href="/rencontres"' in client.get("/nulle-part").text
