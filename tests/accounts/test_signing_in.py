"""Signing in: by password, by link; what strangers cannot learn; what stops a machine that guesses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventsapp.accounts.models import Account, SignInAttempt
from eventsapp.accounts.services.passwords import set_password
from eventsapp.accounts.services.signing_in import create_link
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from tests.factories.accounts import make_account
from tests.factories.database import stored

PASSWORD = "quatre mots sans rapport"


@pytest.fixture
def alice(app: Flask, client: FlaskClient) -> Account:
    """Alice organises meetings for the whole network and has a password."""
    with stored(app):
        alice = make_account(name="Alice", email="Alice@exemple.fr")
        set_password(alice, PASSWORD)
    return alice


def post_sign_in(client: FlaskClient, email: str, password: str, **options: Any) -> Any:
    return client.post("/connexion", data={"email": email, "password": password}, **options)


def make_link(app: Flask, account: Account, lasts: timedelta = timedelta(minutes=20)) -> str:
    with stored(app):
        _link, token = create_link(account, purpose="sign_in", lasts=lasts, at=now())
    return token


def test_the_right_password_opens_the_office(client: FlaskClient, alice: Account) -> None:
    answer = post_sign_in(client, "alice@EXEMPLE.fr", PASSWORD)
    assert answer.status_code == 303
    assert client.get("/gestion/mon-compte").status_code == 200


def test_a_wrong_password_an_unknown_address_and_a_closed_account_read_the_same(
    app: Flask, client: FlaskClient, alice: Account
) -> None:
    with stored(app):
        closed = make_account(email="ferme@exemple.fr", disabled_at=now(), disabled_by_id=alice.id)
        set_password(closed, PASSWORD)
    pages = [
        post_sign_in(client, email, password)
        for email, password in (
            ("alice@exemple.fr", "mauvais mot de passe"),
            ("inconnue@exemple.fr", PASSWORD),
            ("ferme@exemple.fr", PASSWORD),
        )
    ]
    assert {page.status_code for page in pages} == {422}
    bodies = [re.sub(r'name="csrf_token" value="[^"]*"', "", page.text) for page in pages]
    for email in ("alice@exemple.fr", "inconnue@exemple.fr", "ferme@exemple.fr"):
        bodies = [body.replace(email, "…") for body in bodies]
    assert len(set(bodies)) == 1


def test_the_sixth_try_is_refused_even_with_the_right_password(client: FlaskClient, alice: Account) -> None:
    for _try in range(5):
        assert post_sign_in(client, "alice@exemple.fr", "mauvais").status_code == 422
    assert post_sign_in(client, "alice@exemple.fr", PASSWORD).status_code == 429


def test_the_limit_opens_again_after_fifteen_minutes(client: FlaskClient, alice: Account) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _try in range(6):
            post_sign_in(client, "alice@exemple.fr", "mauvais")
        clock.shift(timedelta(minutes=15, seconds=1))
        assert post_sign_in(client, "alice@exemple.fr", PASSWORD).status_code == 303


def test_one_address_cannot_try_many_accounts(client: FlaskClient, alice: Account) -> None:
    for number in range(40):
        post_sign_in(client, f"compte{number}@exemple.fr", "mauvais")
    assert post_sign_in(client, "alice@exemple.fr", PASSWORD).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert post_sign_in(client, "alice@exemple.fr", PASSWORD, environ_base=elsewhere).status_code == 303


def test_a_failed_try_is_remembered_although_the_page_is_an_error(
    app: Flask, client: FlaskClient, alice: Account
) -> None:
    post_sign_in(client, "alice@exemple.fr", "mauvais")
    with app.app_context():
        assert db.session.scalar(select(func.count(SignInAttempt.id))) == 1


def test_after_signing_in_one_comes_back_to_the_page_asked_for(client: FlaskClient, alice: Account) -> None:
    asked = client.get("/gestion/mon-compte")
    assert asked.headers["Location"] == "/connexion?suite=/gestion/mon-compte"
    answer = client.post(asked.headers["Location"], data={"email": "alice@exemple.fr", "password": PASSWORD})
    assert answer.headers["Location"] == "/gestion/mon-compte"


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"])
def test_nobody_is_sent_to_another_site(client: FlaskClient, alice: Account, target: str) -> None:
    answer = client.post(
        "/connexion", query_string={"suite": target}, data={"email": "alice@exemple.fr", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/gestion"


def test_asking_for_a_link_reads_the_same_whether_the_account_exists_or_not(
    app: Flask, client: FlaskClient, alice: Account
) -> None:
    known = client.post("/connexion/lien", data={"email": "alice@exemple.fr"})
    unknown = client.post("/connexion/lien", data={"email": "inconnue@exemple.fr"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail.recipient)).all() == ["Alice@exemple.fr"]


def test_a_fourth_link_in_fifteen_minutes_is_refused(client: FlaskClient, alice: Account) -> None:
    answers = [client.post("/connexion/lien", data={"email": "alice@exemple.fr"}) for _time in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]


def test_looking_at_a_link_does_not_use_it_up(app: Flask, client: FlaskClient, alice: Account) -> None:
    token = make_link(app, alice)
    for _scanner in range(3):
        assert client.get(f"/connexion/lien/{token}").status_code == 200
    assert client.post(f"/connexion/lien/{token}").status_code == 303
    assert client.get("/gestion/mon-compte").status_code == 200


def test_a_link_serves_once(app: Flask, client: FlaskClient, alice: Account) -> None:
    token = make_link(app, alice)
    client.post(f"/connexion/lien/{token}")
    assert app.test_client().post(f"/connexion/lien/{token}").status_code == 410


def test_a_new_password_ends_the_links_sent_before(app: Flask, client: FlaskClient, alice: Account) -> None:
    token = make_link(app, alice)
    with stored(app):
        set_password(db.session.get_one(Account, alice.id), "cinq autres mots sans rapport")
    assert client.post(f"/connexion/lien/{token}").status_code == 404


def test_a_link_out_of_date_and_a_forged_one_say_so(app: Flask, client: FlaskClient, alice: Account) -> None:
    token = make_link(app, alice, lasts=timedelta(seconds=-1))
    assert client.get(f"/connexion/lien/{token}").status_code == 410
    assert client.get("/connexion/lien/invente").status_code == 404


def test_signing_out_closes_this_browser_only(app: Flask, client: FlaskClient, alice: Account) -> None:
    other = app.test_client()
    for browser in (client, other):
        post_sign_in(browser, "alice@exemple.fr", PASSWORD)
    client.post("/deconnexion")
    assert client.get("/gestion/mon-compte").status_code == 303
    assert other.get("/gestion/mon-compte").status_code == 200


def test_signing_out_everywhere_closes_every_browser(app: Flask, client: FlaskClient, alice: Account) -> None:
    other = app.test_client()
    for browser in (client, other):
        post_sign_in(browser, "alice@exemple.fr", PASSWORD)
    client.post("/gestion/mon-compte/fermeture-des-sessions")
    assert other.get("/gestion/mon-compte").status_code == 303


def test_a_session_ends_after_its_hours(client: FlaskClient, alice: Account) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        post_sign_in(client, "alice@exemple.fr", PASSWORD)
        clock.shift(timedelta(hours=12, seconds=1))
        assert client.get("/gestion/mon-compte").status_code == 303


def test_a_new_password_needs_the_old_one_and_closes_other_sessions(
    app: Flask, client: FlaskClient, alice: Account
) -> None:
    other = app.test_client()
    for browser in (client, other):
        post_sign_in(browser, "alice@exemple.fr", PASSWORD)
    address = "/gestion/mon-compte/mot-de-passe"
    wrong = client.post(address, data={"current_password": "faux", "new_password": "un autre long mot"})
    assert wrong.status_code == 422
    right = client.post(address, data={"current_password": PASSWORD, "new_password": "un autre long mot"})
    assert right.status_code == 303
    assert client.get("/gestion/mon-compte").status_code == 200
    assert other.get("/gestion/mon-compte").status_code == 303
