"""A running site for each journey, and people who open it in a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from eventsapp import create_app
from eventsapp.accounts.services.passwords import set_password
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.journeys.organising import PASSWORD
from tests.journeys.running import RunningSite, running_site

SHOTS = "JOURNEY_SHOTS"
Someone = Callable[..., Page]
Shot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, new_database: Any
) -> Iterator[RunningSite]:
    """A running site for the journeys of one file: another may move its clock."""
    folder = tmp_path_factory.mktemp("journey")
    with new_database(folder, "journey") as database, running_site(folder, database) as site:
        yield site


@pytest.fixture
def someone(
    browser: Browser, site: RunningSite, shot: Shot, request: pytest.FixtureRequest
) -> Iterator[Someone]:
    """Return a function that gives somebody a browser of their own."""
    contexts = []

    def someone(*, scripts: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale="fr-FR",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield someone
    for number, context in enumerate(contexts, 1):
        for page in context.pages:
            shot(page, f"{request.node.name}-end-{number}")
        context.close()


@pytest.fixture
def shot() -> Shot:
    """Return a function that keeps a picture of a page in var/journey when JOURNEY_SHOTS is set."""
    folder = Path("var/journey")

    def shot(page: Page, name: str) -> None:
        if os.environ.get(SHOTS):
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return shot


@pytest.fixture
def records(site: RunningSite) -> Iterator[Flask]:
    """The application on the database of the running site, to put there what a journey starts from."""
    app = create_app({"DATABASE_URL": site.environment["DATABASE_URL"], "LOG_LEVEL": "ERROR"})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def open_meeting(records: Flask) -> Meeting:
    """A published meeting: a plenary, then two parallel workshops."""
    with stored(records):
        meeting = make_meeting(title="Rencontre d’essai")
        make_session(meeting, hour=1, kind="plenary", title="Plénière d’essai")
        for title in ("Covoiturage", "Tiers-lieux"):
            make_session(meeting, hour=4, title=title, capacity=10)
    return meeting


@pytest.fixture
def an_organiser(records: Flask) -> tuple[str, str]:
    """Return the address and the password of somebody who organises."""
    with stored(records):
        account = make_account(email="clavier.organisation@exemple.fr")
        set_password(account, PASSWORD)
    return account.email, PASSWORD
