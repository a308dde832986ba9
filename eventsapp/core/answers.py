"""What a page answers once something was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, redirect, url_for

from eventsapp.core.errors import DomainError


def see_other(endpoint: str, **values: Any) -> Response:
    """Return the way to another page, read anew: 303 See Other (RFC 9110 §15.4.4)."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def flash_outcome(act: Callable[[], object], said: str) -> None:
    """Run one service; the next page says that it is done, or why a rule refused."""
    try:
        act()
    except DomainError as refusal:
        flash(str(refusal.message), "danger")
    else:
        flash(said, "success")
