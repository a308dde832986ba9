"""Commands about accounts."""

from flask.cli import AppGroup

accounts_cli = AppGroup("accounts", help="Accounts of the back office.")
