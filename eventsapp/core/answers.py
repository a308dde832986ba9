"""What a page answers once something was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, redirect, url_for

from eventsapp.core.db import read_only
from eventsapp.core.errors import DomainError


def see_other(endpoint: str, **values: Any) -> Response:
    """Return the way to another page, read anew: 303 See Other (RFC 9110 §15.4.4)."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def attempt(act: Callable[[], Any]) -> Any:
    """Run one service and return what it returns, True for nothing.

    When a rule refuses, what the service had begun to write is undone, the next page says why, and this is None.
    """
    try:
        done = act()
    except DomainError as refusal:
        read_only()  # the answer is a redirection, which would commit
        flash(str(refusal.message), "danger")
        return None
    return True if done is None else done


def flash_outcome(act: Callable[[], object], said: str) -> None:
    """Run one service; the next page says that it is done, or why a rule refused."""
    if attempt(act) is not None:
        flash(said, "success")
