"""Inviting colleagues, roles with scopes, closing accounts."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.core.permissions import Permission, scope_of
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, sign_in: Any) -> Account:
    """Bruno administers the network and is signed in."""
    with stored(app):
        bruno = make_account(name="Bruno", role="administrator")
    sign_in(client, bruno)
    return bruno


def find(app: Flask, email: str) -> Account:
    account = db.session.scalar(select(Account).where(Account.email == email))
    assert account is not None
    return account


def invite(client: FlaskClient, **values: str) -> Any:
    data = {"name": "Chloé", "email": "chloe@exemple.fr", "role": "organiser", "scope": "", **values}
    return client.post("/gestion/comptes/invitation", data=data)


def test_an_invited_colleague_gets_a_welcome_message(
    app: Flask, client: FlaskClient, administrator: Account
) -> None:
    assert invite(client).status_code == 303
    with app.app_context():
        message = db.session.scalars(select(OutgoingMail)).one()
        assert message.recipient == "chloe@exemple.fr"
        assert "/connexion/lien/" in compose(message).body_text


def test_an_address_has_one_account(client: FlaskClient, administrator: Account) -> None:
    invite(client)
    again = invite(client, email="CHLOE@exemple.fr", name="Autre nom")
    assert again.status_code == 422
    assert "a déjà un compte" in again.text
    assert "Autre nom" in again.text


def test_only_administrators_see_accounts(app: Flask, client: FlaskClient, sign_in: Any) -> None:
    with stored(app):
        organiser = make_account(role="organiser")
    sign_in(client, organiser)
    assert client.get("/gestion/comptes").status_code == 403


def test_the_last_administrator_cannot_be_closed_or_demoted(
    client: FlaskClient, administrator: Account
) -> None:
    address = f"/gestion/comptes/{administrator.id}"
    assert client.post(f"{address}/fermeture").status_code == 409
    assert client.post(address, data={"role": "secretary", "scope": ""}).status_code == 422
    assert client.get("/gestion/comptes").status_code == 200


def test_closing_an_account_ends_its_sessions(
    app: Flask, client: FlaskClient, administrator: Account, sign_in: Any
) -> None:
    with stored(app):
        colleague = make_account(role="organiser")
    browser = app.test_client()
    sign_in(browser, colleague)
    assert browser.get("/gestion/mon-compte").status_code == 200
    client.post(f"/gestion/comptes/{colleague.id}/fermeture")
    assert browser.get("/gestion/mon-compte").status_code == 303


@pytest.mark.usefixtures("context")
def test_a_role_for_a_territory_holds_there_only() -> None:
    delegate = make_account(role="organiser", territory_code="32")
    scope = scope_of(delegate, Permission.MANAGE_MEETINGS)
    assert scope.includes(territory_code="32", meeting_id=1)
    assert not scope.includes(territory_code="84", meeting_id=1)
    assert scope_of(delegate, Permission.MANAGE_ACCOUNTS).is_empty()


def test_the_first_administrator_is_made_by_a_command(app: Flask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    made = runner.invoke(args=["accounts", "create-administrator", "dora@exemple.fr", "Dora"])
    assert made.exit_code == 0
    path = made.output.split("http://127.0.0.1:8000")[1].strip()
    assert client.post(path).status_code == 303
    assert client.get("/gestion/comptes").status_code == 200
    again = runner.invoke(args=["accounts", "create-administrator", "dora@exemple.fr", "Dora"])
    assert again.exit_code == 1


def join(client: FlaskClient, meeting_id: int, **values: str) -> Any:
    data = {"email": "chloe@exemple.fr", "name": "Chloé", "role": "secretary", **values}
    return client.post(f"/gestion/rencontres/{meeting_id}/equipe", data=data)


def test_somebody_joins_the_team_of_one_meeting_and_sees_no_other(
    app: Flask, client: FlaskClient, administrator: Account, sign_in: Any
) -> None:
    with stored(app):
        mine, other = make_meeting(), make_meeting()
    assert join(client, mine.id).status_code == 303
    with app.app_context():
        chloe = find(app, "chloe@exemple.fr")
    browser = app.test_client()
    sign_in(browser, chloe)
    assert browser.get(f"/gestion/rencontres/{mine.id}/inscriptions").status_code == 200
    assert browser.get(f"/gestion/rencontres/{other.id}/inscriptions").status_code == 404
    client.post(f"/gestion/rencontres/{mine.id}/equipe/{chloe.id}/depart")
    assert browser.get(f"/gestion/rencontres/{mine.id}/inscriptions").status_code == 403


def test_joining_without_an_account_needs_a_name(
    app: Flask, client: FlaskClient, administrator: Account
) -> None:
    with stored(app):
        meeting = make_meeting()
    refused = join(client, meeting.id, name="")
    assert refused.status_code == 422
    assert "saisissez aussi le nom" in refused.text


def test_a_change_of_general_role_keeps_the_teams(
    app: Flask, client: FlaskClient, administrator: Account
) -> None:
    with stored(app):
        meeting = make_meeting()
        member = make_account(role="secretary", meeting_id=meeting.id)
    client.post(f"/gestion/comptes/{member.id}", data={"role": "organiser", "scope": ""})
    with app.app_context():
        held = {(x.role, x.meeting_id) for x in db.session.get_one(Account, member.id).role_grants}
    assert held == {("secretary", meeting.id), ("organiser", None)}
