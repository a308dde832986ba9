"""Runs migrations on the application's database, in one transaction, on SQLite and PostgreSQL."""

from alembic import context
from flask import current_app, g

from eventsapp.core.db import UtcDateTime, db


def render_item(kind, item, _autogen_context):
    """Write our type as the one the database knows, so that a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def skip_empty(_context, _revision, directives):
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run():
    options = {
        **current_app.extensions["migrate"].configure_args,
        "process_revision_directives": skip_empty,
        "render_item": render_item,
        "transaction_per_migration": False,
    }
    g.writing = True
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _set_foreign_keys(connection, "OFF")
        # SQLite can roll a change of tables back, now that the driver leaves transactions alone.
        context.configure(
            connection=connection, target_metadata=db.metadata, transactional_ddl=True, **options
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                _refuse_orphans(connection)
        if sqlite:
            connection.rollback()
            _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection, state):
    # A batch migration drops and renames tables: with foreign keys on, ON DELETE CASCADE would empty
    # the tables below. The pragma does nothing inside a transaction, so it goes straight to the driver.
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={state}")


def _refuse_orphans(connection):
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise RuntimeError(f"the migration would leave rows without their parent: {orphans[:5]}")


run()
