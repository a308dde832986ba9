"""What tests of meetings share."""

import pytest
from sqlalchemy import event

from eventsapp.core.db import db


@pytest.fixture
def statements(app, empty_database):
    """The statements sent to the database since the list was last cleared."""
    sent = []

    def note(_connection, _cursor, statement, *_more):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
