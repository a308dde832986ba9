"""How often the access code of a meeting may be tried: wrong ones are counted, see ``core.limits``.

By network address, and for all addresses together: whoever has many has no more tries. Past the limit the right code is
refused too, or trying would go on.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request

from eventsapp.core.clock import now
from eventsapp.core.limits import Limit
from eventsapp.registrations import rules
from eventsapp.registrations.errors import AccessCodeIsWrong, TooManyWrongCodes

EVERYBODY = ""  # in the place of an address
ADDRESSES = 10  # how many addresses may use up all their tries before everybody waits
wrong_codes = Limit(timedelta(minutes=10))


def check_tries() -> None:
    """Raise TooManyWrongCodes when enough wrong codes were typed for now at the meeting of this page."""
    at, meeting = now(), _meeting()
    if not all(wrong_codes.has_room(who, most, at=at, about=meeting) for who, most in _limits()):
        raise TooManyWrongCodes


def check_code(expected: str, given: str) -> None:
    """Raise TooManyWrongCodes, or AccessCodeIsWrong for one that is not the code expected, which counts."""
    check_tries()
    if rules.is_right_code(expected, given):
        return
    for who, most in _limits():
        wrong_codes.allows(who, most, at=now(), about=_meeting())
    raise AccessCodeIsWrong


def _limits() -> tuple[tuple[str, int], ...]:
    most = current_app.config["WRONG_CODES_PER_ADDRESS"]
    return (request.remote_addr or "unknown", most), (EVERYBODY, ADDRESSES * most)


def _meeting() -> str:
    return str((request.view_args or {}).get("slug", ""))
