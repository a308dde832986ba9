"""Inviting colleagues and deciding what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eventsapp.accounts import mails, queries
from eventsapp.accounts.errors import AccountExists, LastAdministrator, NameIsMissing, PasswordIsWrong
from eventsapp.accounts.models import Account, RoleGrant
from eventsapp.accounts.services.passwords import password_matches, set_password
from eventsapp.accounts.services.sessions import end_every_session
from eventsapp.accounts.services.signing_in import WELCOME_LASTS, create_link
from eventsapp.core.db import db
from eventsapp.core.keys import email_key


@dataclass(frozen=True)
class GrantedRole:
    """A role and where it holds: nowhere named means the whole network."""

    role: str
    territory_code: str | None = None
    meeting_id: int | None = None


def create_account(
    *,
    name: str,
    email: str,
    roles: Iterable[GrantedRole],
    by: Account | None,
    at: datetime,
    locale: str = "fr",
) -> Account:
    """Return a new account without a password. Raises AccountExists."""
    if queries.find_account(email) is not None:
        raise AccountExists
    account = Account(
        name=name,
        email=email,
        email_key=email_key(email),
        locale=locale,
        created_at=at,
        invited_by_id=by.id if by else None,
    )
    db.session.add(account)
    _give_roles(account, roles, at)
    db.session.flush()
    return account


def invite_colleague(
    *, name: str, email: str, roles: Iterable[GrantedRole], by: Account, at: datetime
) -> Account:
    """The colleague has an account and a welcome link on its way. Raises AccountExists."""
    account = create_account(name=name, email=email, roles=roles, by=by, at=at)
    send_welcome(account, by=by, at=at)
    return account


def send_welcome(account: Account, *, by: Account, at: datetime) -> None:
    """A fresh welcome link, usable for a week, is on its way."""
    link, token = create_link(account, purpose="welcome", lasts=WELCOME_LASTS, at=at)
    mails.queue_welcome(account, link, token, by=by, at=at)


def change_roles(account: Account, roles: Iterable[GrantedRole], *, by: Account, at: datetime) -> None:
    """For the network and its régions the account holds these roles and no other; those it holds for one
    meeting stay. Raises LastAdministrator."""
    wanted = set(roles)
    if GrantedRole("administrator") not in wanted:
        _keep_an_administrator(account)
    account.role_grants = [x for x in account.role_grants if x.meeting_id or _as_role(x) in wanted]
    _give_roles(account, wanted - {_as_role(x) for x in account.role_grants}, at)


def join_meeting_team(
    *, email: str, name: str, role: str, meeting_id: int, by: Account, at: datetime
) -> Account:
    """The account of that address holds the role for that meeting; without one, it is made and welcomed.

    Raises NameIsMissing when an account has to be made for somebody without a name.
    """
    granted = GrantedRole(role, meeting_id=meeting_id)
    account = queries.find_account(email)
    if account is None:
        if not name:
            raise NameIsMissing
        return invite_colleague(name=name, email=email, roles=[granted], by=by, at=at)
    account.role_grants = [x for x in account.role_grants if x.meeting_id != meeting_id]
    _give_roles(account, [granted], at)
    return account


def leave_meeting_team(account: Account, *, meeting_id: int) -> None:
    """The account no longer holds any role for that meeting alone."""
    account.role_grants = [x for x in account.role_grants if x.meeting_id != meeting_id]


def disable_account(account: Account, *, by: Account, at: datetime) -> None:
    """The account can no longer sign in and its sessions are over. Raises LastAdministrator."""
    _keep_an_administrator(account)
    account.disabled_at, account.disabled_by_id = at, by.id
    end_every_session(account)


def enable_account(account: Account) -> None:
    account.disabled_at = account.disabled_by_id = None


def sign_out_everywhere(account: Account) -> None:
    """Every session of the account is over, this one included."""
    end_every_session(account)


def edit_profile(account: Account, *, name: str, locale: str) -> None:
    account.name, account.locale = name, locale


def change_password(account: Account, *, current: str | None, new: str) -> None:
    """The account has the new password; its other sessions are over.

    ``current`` is None when the person just signed in by link. Raises PasswordIsWrong.
    """
    if current is not None and not password_matches(account, current):
        raise PasswordIsWrong
    set_password(account, new)


def _as_role(grant: RoleGrant) -> GrantedRole:
    return GrantedRole(grant.role, grant.territory_code, grant.meeting_id)


def _give_roles(account: Account, roles: Iterable[GrantedRole], at: datetime) -> None:
    for role in sorted(set(roles), key=repr):
        account.role_grants.append(
            RoleGrant(
                role=role.role, territory_code=role.territory_code, meeting_id=role.meeting_id, granted_at=at
            )
        )


def _keep_an_administrator(account: Account) -> None:
    administers = GrantedRole("administrator") in {_as_role(x) for x in account.role_grants}
    if administers and queries.count_other_administrators(account) == 0:
        raise LastAdministrator
