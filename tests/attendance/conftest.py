"""A meeting, somebody registered for it, and the desk of a secretary."""

from __future__ import annotations

import pytest

from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration


@pytest.fixture
def meeting(app, empty_database):
    with stored(app):
        meeting = make_meeting(title="Rencontre d’essai")
        make_session(meeting, title="Monnaies locales")
    return meeting


@pytest.fixture
def person(app, meeting):
    with stored(app):
        return make_registration(meeting, family_name="de l’Été", given_name="Élise", organisation="Région")


@pytest.fixture
def desk(app, meeting, sign_in):
    with stored(app):
        account = make_account(role="secretary")
    browser = app.test_client()
    sign_in(browser, account)
    browser.account_id = account.id
    return browser
