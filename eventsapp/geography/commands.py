"""Commands about territories."""

import click
from flask.cli import AppGroup

from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from eventsapp.geography.services import load_territories

geography_cli = AppGroup("geography", help="Régions, départements, EPCI and communes.")


@geography_cli.command("load")
def load() -> None:
    """Fill the table of territories from the files of this version. Safe to run again."""
    with unit_of_work():
        loading = load_territories(at=now())
    click.echo(f"{loading.added} added, {loading.changed} changed, {loading.unchanged} unchanged")
