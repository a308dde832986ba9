"""A database made by the migrations alone is the one that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from eventsapp import create_app
from eventsapp.core.db import db


@pytest.fixture
def migrated(empty_place):
    app = create_app({"TESTING": True, "DATABASE_URL": empty_place, "LOG_LEVEL": "ERROR"})
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def checks_of(inspector):
    return {
        (table, check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_migrations_agree_with_models(migrated):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == [], 'type: flask --app wsgi db migrate -m "…"'


def test_migrations_make_every_check_of_the_models(migrated):
    """Autogenerate does not see CHECK constraints: they are written by hand, so they are compared here."""
    made = checks_of(inspect(db.engine))
    declared = {
        (table.name, str(constraint.name))
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint" and constraint.name
    }
    assert {(table, name) for table, name in declared if (table, name) not in made} == set()


def test_migrations_can_be_undone(migrated):
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
