"""From facts to texts: done by the worker just before a message leaves, and by the page that shows one.

Not by whoever causes the message: others wait for the database meanwhile. Composing changes nothing
and gives the same text each time, so a crash in the middle loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app

from eventsapp.core.i18n import speaking
from eventsapp.core.links import public_url
from eventsapp.mail.calendar import CalendarEntry, write_entry
from eventsapp.mail.context import pack, unpack

CALENDAR = "calendar_entry"  # in the context: the facts of the entry that goes with the message


@dataclass(frozen=True)
class Texts:
    """A message as it leaves."""

    body_text: str
    body_html: str
    calendar: bytes | None = None


class Stored(Protocol):
    """What of a row of the ledger makes its texts: they are there already, or the facts are."""

    @property
    def context(self) -> Any: ...

    @property
    def template(self) -> Any: ...

    @property
    def locale(self) -> Any: ...

    @property
    def body_text(self) -> Any: ...

    @property
    def body_html(self) -> Any: ...

    @property
    def calendar(self) -> Any: ...


def kept_context(context: Mapping[str, Any], calendar: CalendarEntry | None) -> str:
    """Return what the row keeps; raise FactIsNotPlain."""
    return pack(context if calendar is None else {**context, CALENDAR: vars(calendar)})


def compose(mail: Stored) -> Texts:
    """Return the texts of the message: those that the row holds, or else those that its facts make."""
    if mail.context is None:
        return Texts(mail.body_text, mail.body_html, mail.calendar)
    return texts_of(mail.template, mail.locale, mail.context)


def texts_of(template: str, locale: str, kept: str) -> Texts:
    """Return the texts that these kept facts make, in this language."""
    context = unpack(kept)
    entry = context.pop(CALENDAR, None)
    with speaking(locale):
        return Texts(
            body_text=render(template, "body.txt", context, locale).strip() + "\n",
            body_html=render(template, "body.html", context, locale),
            calendar=write_entry(CalendarEntry(**entry)) if entry else None,
        )


def render(template: str, part: str, context: Mapping[str, Any], locale: str) -> str:
    """Return one part of a message; the caller speaks its language."""
    # Not render_template: it would add what belongs to the page of the person who clicks.
    made = current_app.jinja_env.get_template(f"{template}/{part}")
    return made.render(context, current_locale=locale, public_url=public_url)
