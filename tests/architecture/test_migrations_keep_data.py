"""What a site already holds is still there after each migration, and after going back."""

from itertools import pairwise

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, create_engine, func, insert, select, text

from eventsapp import create_app
from eventsapp.core.clock import now
from eventsapp.core.db import db

# A value for every type, given to every column that may not be empty: a table needs no other description.
SAMPLES = {bool: False, int: 1, float: 1.0, str: "x", bytes: b"x", dict: {}, list: []}
KNOWN = {
    ("meeting", "kind"): "regional",
    ("meeting", "state"): "published",
    ("meeting", "visibility"): "public",
    ("meeting", "time_zone"): "Europe/Paris",
    ("session", "kind"): "workshop",
    ("registration", "state"): "confirmed",
    ("registration", "participant_kind"): "other",
    ("registration", "place_number"): 1,
    ("outgoing_mail", "state"): "queued",
    ("organisation", "kind"): "association",
    ("attendance", "state"): "present",
}
FILLED = ("account", "organisation", "meeting", "session", "registration", "session_place", "outgoing_mail")


@pytest.fixture
def site(empty_place):
    app = create_app({"TESTING": True, "DATABASE_URL": empty_place, "LOG_LEVEL": "ERROR"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def revisions(app):
    script = ScriptDirectory(app.extensions["migrate"].directory)
    return [revision.revision for revision in script.walk_revisions()][::-1]


def sample(table, column):
    if (table.name, column.name) in KNOWN:
        return KNOWN[table.name, column.name]
    if column.name == "ends_at":
        return now().replace(year=now().year + 1)
    kind = column.type.python_type
    return SAMPLES[kind] if kind in SAMPLES else now()


def is_filled(table, column):
    return (table.name, column.name) in KNOWN or (not column.nullable and not column.primary_key)


def fill(engine):
    """Store one row in each of the tables; every reference is to the row numbered 1."""
    tables = MetaData()
    tables.reflect(engine, only=FILLED)
    with engine.begin() as connection:
        for name in FILLED:
            table = tables.tables[name]
            row = {x.name: sample(table, x) for x in table.columns if is_filled(table, x)}
            connection.execute(insert(table).values(**row))


def held(engine):
    """What each table holds, in the columns that it had at the first revision."""
    tables = MetaData()
    tables.reflect(engine, only=FILLED)
    with engine.connect() as connection:
        return {
            name: (
                connection.scalar(select(func.count()).select_from(tables.tables[name])),
                rows(connection, tables.tables[name]),
            )
            for name in FILLED
        }


def rows(connection, table):
    return [dict(row._mapping) for row in connection.execute(select(table))]


def test_every_row_is_kept_by_each_migration_and_by_going_back(site, empty_place):
    first, *_later = every = revisions(site)
    upgrade(revision=first)
    engine = create_engine(empty_place)
    fill(engine)
    before = held(engine)
    assert {count for count, _rows in before.values()} == {1}
    for _earlier, later in pairwise(every):
        upgrade(revision=later)
    assert_kept(before, held(engine))
    downgrade(revision=first)
    assert held(engine) == before
    engine.dispose()


def test_registrations_that_were_there_look_alike_as_later_ones_do(site, empty_place):
    upgrade(revision=revisions(site)[0])
    engine = create_engine(empty_place)
    fill(engine)
    with engine.begin() as connection:
        table = MetaData()
        table.reflect(connection, only=["registration"])
        keys = {"name_key": "durand zoe alix", "email_key": "zoe+ess@exemple.fr"}
        connection.execute(table.tables["registration"].update().values(**keys))
    upgrade()
    with engine.connect() as connection:
        (row,) = connection.execute(text("SELECT likeness_key, mailbox_key FROM registration"))
    assert tuple(row) == ("alix durand zoe", "zoe@exemple.fr")
    engine.dispose()


def assert_kept(before, after):
    for name, (count, kept) in before.items():
        assert after[name][0] == count
        assert {key: after[name][1][0][key] for key in kept[0]} == kept[0]
