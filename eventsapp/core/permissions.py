"""One vocabulary of permissions, roles as readable data, and one gate a view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import abort, g, redirect, request, url_for

from eventsapp.core.i18n import Text, _l
from eventsapp.core.tokens import read_token

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What somebody may do in the back office."""

    SEE_OFFICE = "office:see"
    MANAGE_MEETINGS = "meetings:manage"
    MANAGE_REGISTRATIONS = "registrations:manage"
    SEND_INVITATIONS = "invitations:send"
    CHECK_IN = "attendance:check_in"
    WRITE_MINUTES = "minutes:write"
    PUBLISH_MINUTES = "minutes:publish"
    WRITE_NEWS = "news:write"
    MANAGE_DIRECTORY = "directory:manage"
    SEE_MAIL = "mail:see"
    MANAGE_ACCOUNTS = "accounts:manage"


# What these open is one for the whole network: a role held for a région or a meeting does not give them.
# Otherwise the administrator of one région could make themselves administrator of all.
NETWORK_WIDE = frozenset({Permission.MANAGE_ACCOUNTS, Permission.MANAGE_DIRECTORY, Permission.WRITE_NEWS})


@dataclass(frozen=True)
class Role:
    """A named set of permissions, held for a scope: the network, a territory or one meeting."""

    code: str
    label: Text
    description: Text
    permissions: frozenset[Permission]


_SECRETARY = frozenset(
    {
        Permission.SEE_OFFICE,
        Permission.MANAGE_REGISTRATIONS,
        Permission.CHECK_IN,
        Permission.WRITE_MINUTES,
        Permission.PUBLISH_MINUTES,
    }
)
_ORGANISER = _SECRETARY | {
    Permission.MANAGE_MEETINGS,
    Permission.SEND_INVITATIONS,
    Permission.WRITE_NEWS,
    Permission.MANAGE_DIRECTORY,
    Permission.SEE_MAIL,
}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "administrator",
            _l("Administratrice ou administrateur"),
            _l("Tout, y compris les comptes et les réglages."),
            frozenset(Permission),
        ),
        Role(
            "organiser",
            _l("Organisatrice ou organisateur"),
            _l("Rencontres, programme, invitations, inscriptions, accueil, comptes rendus."),
            _ORGANISER,
        ),
        Role(
            "secretary",
            _l("Secrétaire"),
            _l("Inscriptions, accueil, feuilles d’émargement, comptes rendus et leur publication."),
            _SECRETARY,
        ),
    )
}


class Grant(Protocol):
    """A role held for a scope; no territory and no meeting means the whole network."""

    role: Any
    territory_code: Any
    meeting_id: Any


class Actor(Protocol):
    """Somebody signed in."""

    id: Any
    name: Any

    @property
    def role_grants(self) -> Iterable[Grant]: ...


@dataclass(frozen=True)
class Scope:
    """Where a permission holds: everywhere, or in some régions (INSEE codes) and meetings."""

    everywhere: bool = False
    territory_codes: frozenset[str] = frozenset()
    meeting_ids: frozenset[int] = frozenset()

    def is_empty(self) -> bool:
        return not (self.everywhere or self.territory_codes or self.meeting_ids)

    def includes(self, *, territory_code: str | None, meeting_id: int | None) -> bool:
        """Tell whether a meeting with this id, held in this région, is inside the scope."""
        return self.everywhere or territory_code in self.territory_codes or meeting_id in self.meeting_ids


def scope_of(actor: Actor | None, permission: Permission) -> Scope:
    """Return where the actor holds the permission; empty for a visitor."""
    grants = (
        [] if actor is None else [x for x in actor.role_grants if permission in ROLES[x.role].permissions]
    )
    everywhere = any(x.territory_code is None and x.meeting_id is None for x in grants)
    if everywhere or permission in NETWORK_WIDE:
        return Scope(everywhere=everywhere)
    return Scope(
        territory_codes=frozenset(x.territory_code for x in grants if x.territory_code),
        meeting_ids=frozenset(x.meeting_id for x in grants if x.meeting_id),
    )


def current_actor() -> Any:
    """Return the account signed in for this request, or None."""
    return g.get("account")


def may(permission: Permission) -> bool:
    """Tell whether the person signed in holds the permission somewhere."""
    return not scope_of(current_actor(), permission).is_empty()


def current_scope(permission: Permission) -> Scope:
    """Return where the person signed in holds the permission, for scoped queries."""
    return scope_of(current_actor(), permission)


def _gated(view: View, wrapped: Callable[..., Any], gate: str) -> View:
    wrapped.gate = gate  # type: ignore[attr-defined]  # read by the test that walks the URL map
    return wrapped  # type: ignore[return-value]


def public(view: View) -> View:
    """Open to everybody."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return _gated(view, wrapped, "public")


def signed_in(view: View) -> View:
    """Open to every account; visitors are sent to sign in and come back."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if current_actor() else _ask_to_sign_in()

    return _gated(view, wrapped, "signed_in")


def requires(permission: Permission) -> Callable[[View], View]:
    """Open to accounts that hold the permission somewhere; the scoped query does the rest."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if current_actor() is None:
                return _ask_to_sign_in()
            if not may(permission):
                abort(403)
            return view(*args, **kwargs)

        return _gated(view, wrapped, f"requires:{permission}")

    return decorate


def personal_link(purpose: str) -> Callable[[View], View]:
    """Open to whoever holds the signed link; the view receives ``subject`` and ``version`` besides ``token``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, token: str, **kwargs: Any) -> Any:
            g.personal = True  # core/security keeps the page out of caches
            subject, version = read_token(purpose, token)
            return view(*args, token=token, subject=subject, version=version, **kwargs)

        return _gated(view, wrapped, f"personal_link:{purpose}")

    return decorate


def _ask_to_sign_in() -> Any:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", suite=target), 303)
