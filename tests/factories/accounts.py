"""Accounts and the roles they hold."""

from __future__ import annotations

from itertools import count
from typing import Any

from eventsapp.accounts.models import Account, RoleGrant
from eventsapp.core.clock import now
from eventsapp.core.keys import email_key
from tests.factories.database import store

_numbers = count(1)


def make_account(
    *,
    role: str | None = "organiser",
    territory_code: str | None = None,
    meeting_id: int | None = None,
    **values: Any,
) -> Account:
    """Store an account; its role holds for the network, or for one région or one meeting. role=None: no role."""
    number = next(_numbers)
    email = values.pop("email", f"compte{number}@exemple.fr")
    values = {"name": f"Compte {number}", "created_at": now(), **values}
    account = Account(email=email, email_key=email_key(email), **values)
    if role:
        grant = RoleGrant(role=role, territory_code=territory_code, meeting_id=meeting_id, granted_at=now())
        account.role_grants.append(grant)
    return store(account)
