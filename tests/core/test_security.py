"""Headers of every answer."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_account
from tests.factories.database import stored


def test_pages_of_somebody_signed_in_stay_out_of_caches(
    app: Flask, client: FlaskClient, sign_in: Any
) -> None:
    assert "no-store" not in client.get("/rencontres").headers.get("Cache-Control", "")
    with stored(app):
        account = make_account()
    sign_in(client, account)
    assert client.get("/rencontres").headers["Cache-Control"] == "no-store"


def test_pages_behind_a_personal_link_stay_out_of_caches(client: FlaskClient) -> None:
    assert client.get("/mon-inscription/faux").headers["Cache-Control"] == "no-store"


def test_static_files_are_not_personal(app: Flask, client: FlaskClient, sign_in: Any) -> None:
    with stored(app):
        account = make_account()
    sign_in(client, account)
    with client.get("/static/favicon.svg") as answer:
        assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_answers_say_which_request_they_are(client: FlaskClient) -> None:
    first, second = (client.get("/").headers["X-Request-Id"] for _time in range(2))
    assert first != second


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/connexion", data={"email": "a@exemple.fr", "password": "x"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "Formulaire expiré" in answer.text
