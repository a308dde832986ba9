"""How many tries to sign in are allowed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
FAILURES_BY_EMAIL = 5  # wrong passwords for one address
LINKS_BY_EMAIL = 3  # links asked for one address
TRIES_BY_ADDRESS = 40  # failures and links from one IP address: an office shares one

PASSWORD_LENGTH = 12  # at least; length protects better than symbols (ANSSI, NIST SP 800-63B)


@dataclass(frozen=True)
class RecentTries:
    """What was counted during the last WINDOW."""

    failures_by_email: int
    links_by_email: int
    by_address: int


def may_try_password(tries: RecentTries) -> bool:
    return tries.failures_by_email < FAILURES_BY_EMAIL and tries.by_address < TRIES_BY_ADDRESS


def may_ask_link(tries: RecentTries) -> bool:
    return tries.links_by_email < LINKS_BY_EMAIL and tries.by_address < TRIES_BY_ADDRESS
