"""Messages about accounts."""

from __future__ import annotations

from datetime import datetime

from eventsapp.accounts.models import Account, MagicLink
from eventsapp.core.links import public_url
from eventsapp.mail.outbox import queue_mail


def queue_sign_in_link(account: Account, link: MagicLink, token: str, *, at: datetime) -> None:
    queue_mail(
        purpose="sign_in_link",
        recipient=account.email,
        recipient_name=account.name,
        occasion=f"link:{link.id}",
        template="accounts/mail/sign_in_link",
        context={
            "account": {"name": account.name},
            "url": public_url("accounts.open_link", token=token),
            "minutes": round((link.expires_at - at).total_seconds() / 60),
        },
        locale=account.locale,
        at=at,
        priority=1,
    )


def queue_welcome(account: Account, link: MagicLink, token: str, *, by: Account, at: datetime) -> None:
    queue_mail(
        purpose="sign_in_link",
        recipient=account.email,
        recipient_name=account.name,
        occasion=f"link:{link.id}",
        template="accounts/mail/welcome",
        context={
            "account": {"name": account.name},
            "by": {"name": by.name},
            "url": public_url("accounts.open_link", token=token),
            "expires_at": link.expires_at,
        },
        locale=account.locale,
        at=at,
        priority=1,
    )
