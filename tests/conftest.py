"""One application and one real database a test process; each test starts from empty tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from eventsapp import create_app
from eventsapp.core.clock import now
from eventsapp.core.db import db
from tests.factories.browsers import FLAGS, chromium
from tests.factories.servers import scratch_database

CATALOGUES = Path(__file__).parent.parent / "translations"


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    """The application reads .mo files, which are not kept in the repository."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        written = compiled.with_suffix(f".{os.getpid()}")  # test processes compile at the same time
        with source.open("rb") as catalogue, written.open("wb") as file:
            write_mo(file, read_po(catalogue))
        written.replace(compiled)


@pytest.fixture(scope="session")
def new_database() -> Callable[[Path, str], AbstractContextManager[str]]:
    """Return what makes an empty database of the kind under test; whoever opens one gets it from here."""
    return scratch_database


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, new_database: Any) -> Iterator[Flask]:
    with new_database(tmp_path_factory.mktemp("database"), "test") as url:
        yield from _application(url)


def _application(url: str) -> Iterator[Flask]:
    app = create_app(
        {
            "TESTING": True,
            "DATABASE_URL": url,
            "SECRET_KEY": "a key for tests only, long enough to be one",
            "WTF_CSRF_ENABLED": False,
            "DEVELOPMENT": True,
            "SERVER_NAME": "localhost",
            "LOG_LEVEL": "ERROR",
            "REGISTRATIONS_PER_ADDRESS": 0,  # every visitor of a test comes from one address
        }
    )
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def empty_database(app: Flask) -> Iterator[None]:
    yield
    with app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            tables = reversed(db.metadata.sorted_tables)
            deletions = [f'DELETE FROM "{table.name}"' for table in tables]  # noqa: S608 - our own names
            if connection.dialect.name == "sqlite":
                for order in ("PRAGMA defer_foreign_keys = ON", *deletions):
                    connection.exec_driver_sql(order)
            else:  # all in one message to the server
                orders = ("SET LOCAL session_replication_role = replica", *deletions)
                connection.exec_driver_sql(f"DO $$ BEGIN {'; '.join(orders)}; END $$")


@pytest.fixture
def context(app: Flask, empty_database: None) -> Iterator[None]:
    """An application context in which services can be called; commit with unit_of_work()."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask, empty_database: None) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Any:
    """Return a function that signs an account in on a client, as its session would."""

    def sign_in(client: FlaskClient, account: Any) -> None:
        with app.app_context():
            account = db.session.merge(account, load=True)
            identity, version = account.id, account.session_version
        with client.session_transaction() as session:
            session.update(account=identity, version=version, opened_at=now().isoformat())

    return sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for every browser test of this process: Playwright starts only once in a thread."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
