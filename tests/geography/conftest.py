"""The territories are loaded once a module: tests read them, and what a test writes is rolled back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from eventsapp.core.db import db, unit_of_work
from eventsapp.geography.models import Territory
from eventsapp.geography.services import load_territories

LOADED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def territories(app: Flask) -> Iterator[None]:
    with app.app_context(), unit_of_work():
        load_territories(at=LOADED_AT)
    yield
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Territory))


@pytest.fixture
def reading(app: Flask, territories: None) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.rollback()


@pytest.fixture
def visitor(app: Flask, territories: None) -> FlaskClient:
    return app.test_client()
