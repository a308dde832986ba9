"""Commands about accounts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from eventsapp.accounts.errors import AccountExists
from eventsapp.accounts.services.managing import GrantedRole, create_account
from eventsapp.accounts.services.signing_in import WELCOME_LASTS, create_link
from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from eventsapp.core.links import public_url

accounts_cli = AppGroup("accounts", help="Accounts of the back office.")


@accounts_cli.command("create-administrator")
@click.argument("email")
@click.argument("name")
def create_administrator(email: str, name: str) -> None:
    """Create an account that administers everything, and print its first sign-in link."""
    at = now()
    try:
        with unit_of_work():
            account = create_account(
                name=name, email=email, roles=[GrantedRole("administrator")], by=None, at=at
            )
            _link, token = create_link(account, purpose="welcome", lasts=WELCOME_LASTS, at=at)
    except AccountExists as error:
        raise click.ClickException("Cette adresse a déjà un compte.") from error
    click.echo("Compte créé. Première connexion, par ce lien valable sept jours :")
    click.echo(public_url("accounts.open_link", token=token))
