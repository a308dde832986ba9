"""News: drafts stay hidden, published articles keep their address."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.news.models import Article
from tests.factories.accounts import make_account
from tests.factories.database import stored

DRAFT = {
    "kind": "news",
    "title": "Énergie : une journée",
    "summary": "En bref.",
    "body": "**Gras** <script>x</script>",
}


@pytest.fixture
def organiser(app: Flask, client: FlaskClient, sign_in: Any) -> FlaskClient:
    """A browser in which an organiser is signed in."""
    with stored(app):
        account = make_account(role="organiser")
    sign_in(client, account)
    return client


def write(client: FlaskClient, **values: str) -> Any:
    return client.post("/gestion/actualites/nouvelle", data={**DRAFT, **values})


def test_a_draft_is_not_public_until_it_is_published(app: Flask, organiser: FlaskClient) -> None:
    address = write(organiser).headers["Location"]
    visitor = app.test_client()
    assert visitor.get("/actualites/energie-une-journee").status_code == 404
    organiser.post(f"{address}/publication")
    assert "<strong>Gras</strong>" in visitor.get("/actualites/energie-une-journee").text
    organiser.post(f"{address}/retrait")
    assert visitor.get("/actualites/energie-une-journee").status_code == 404


def test_nothing_typed_runs_as_script(app: Flask, organiser: FlaskClient) -> None:
    organiser.post(write(organiser).headers["Location"] + "/publication")
    page = app.test_client().get("/actualites/energie-une-journee").text
    assert "<script>x" not in page


def test_two_articles_of_the_same_title_have_two_addresses(app: Flask, organiser: FlaskClient) -> None:
    write(organiser)
    write(organiser)
    with app.app_context():
        slugs = set(db.session.scalars(select(Article.slug)))
    assert slugs == {"energie-une-journee", "energie-une-journee-2"}


def test_an_incomplete_article_is_refused_and_nothing_typed_is_lost(organiser: FlaskClient) -> None:
    page = write(organiser, title="", body="Un long texte à ne pas perdre")
    assert page.status_code == 422
    assert "Saisissez un titre." in page.text
    assert "Un long texte à ne pas perdre" in page.text
    assert "<title>Erreur" in page.text


def test_a_secretary_does_not_write_news(app: Flask, client: FlaskClient, sign_in: Any) -> None:
    with stored(app):
        account = make_account(role="secretary")
    sign_in(client, account)
    assert client.get("/gestion/actualites").status_code == 403
