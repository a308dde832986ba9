"""The whole site under a real browser: one server, one database, one signed-in account a process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from eventsapp import create_app
from eventsapp.cli.demo.command import PASSWORD
from eventsapp.core.db import db
from tests.browser.site import Facts, load_site


@dataclass(frozen=True)
class Site:
    """A running site and what its addresses are made of."""

    app: Flask
    url: str
    facts: Facts
    folder: Path

    def address(self, endpoint: str, args: dict[str, str]) -> str:
        values = {name: self.facts.get(value, value) for name, value in args.items()}
        with self.app.test_request_context():
            return self.url + str(self.app.url_for(endpoint, **values))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served by threads of this process; what it looks like does not depend on the database."""
    folder = tmp_path_factory.mktemp("site")
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "SECRET_KEY": "a key for tests only, long enough to be one",
            "LOG_LEVEL": "CRITICAL",
        }
    )
    with app.app_context():
        db.create_all()
    facts = load_site(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}", facts, folder)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the administrator."""
    return _cookies_of(browser, site, site.facts["admin_email"])


@pytest.fixture(scope="session")
def signed_in_as_secretary(browser: Browser, site: Site) -> Any:
    """The cookies of somebody who may not open everything."""
    return _cookies_of(browser, site, "secretariat@rencontres.example")


def _cookies_of(browser: Browser, site: Site, email: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.address("accounts.sign_in", {}))
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.wait_for_url("**/gestion")
    state = context.storage_state()
    context.close()
    return state
