"""French first, English second: texts, dates and numbers as people read them.

Source strings are French; ``translations/en`` holds the English. The typography that French asks
for (no-break spaces) is put here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TypeAlias
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, has_request_context, request, url_for
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from config import ROOT

LOCALES = ("fr", "en")
COOKIE = "langue"
NBSP = "\u00a0"

Text: TypeAlias = "str | LazyString"


class Later(LazyString):  # type: ignore[misc]  # flask_babel says no types
    """A text decided when it is shown; ``__html__`` spares templates looking for what it is."""

    def __html__(self) -> Markup:
        return escape(str(self))


_BEFORE = re.compile(r" ([:;?!»€]|%(?!\())")  # not the % of a placeholder
_AFTER = re.compile(r"« ")
_HOUR = re.compile(r"(\d) h(?= |\b)( (?=\d\d))?")


def french_spaces(text: str) -> str:
    """Return the text with U+00A0 where French typography forbids a line break.

    U+00A0 everywhere: the narrow U+202F is missing from the fonts.
    """
    text = _AFTER.sub("«" + NBSP, _BEFORE.sub(NBSP + r"\1", text))
    return _HOUR.sub(lambda m: f"{m[1]}{NBSP}h{NBSP if m[2] else ''}", text)


# Said by a request for its page and by ``speaking`` for a message; asked some hundred times a page.
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def current_locale() -> str:
    """Return 'fr' or 'en', the language of the page or message being made."""
    return _spoken.get() or _choose_locale()


def _set_spaces(text: str) -> str:
    return french_spaces(text) if current_locale() == "fr" else text


def translate(message: str) -> str:
    return _translated(message, current_locale())


@lru_cache(maxsize=8192)  # a page has some fifty texts, and catalogues do not change while the process lives
def _translated(message: str, locale: str) -> str:
    text: str = _catalogue(locale).gettext(message)
    return french_spaces(text) if locale == "fr" else text


@lru_cache(maxsize=8192)
def _marked_up(message: str, locale: str) -> Markup:
    return Markup(_translated(message, locale))  # noqa: S704 - our own text, not somebody's


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(ROOT / "translations", [locale])


def translate_in_context(context: str, message: str) -> str:
    """Return the message where English has several words for it; the context tells which."""
    return _set_spaces(str(_catalogue(current_locale()).pgettext(context, message)))


def translate_plural(singular: str, plural: str, count: int) -> str:
    # French counts 0 and 1 as singular; the catalogue's own rule applies to English.
    if current_locale() == "fr":
        return _set_spaces(singular if abs(count) < 2 else plural)
    return _catalogue(current_locale()).ngettext(singular, plural, count)


def _(message: str, **values: object) -> str:
    """Return the message in the current language, with %(name)s replaced."""
    return translate(message) % values if values else translate(message)


def _l(message: str, **values: object) -> LazyString:
    """Like ``_``, decided when the text is shown."""
    return Later(_, message, **values)


def _p(context: str, message: str) -> LazyString:
    """Like ``_l``, for a French word that English says differently in this context."""
    return Later(translate_in_context, context, message)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Return the singular or plural in the current language; %(num)s is the count."""
    return translate_plural(singular, plural, count) % {"num": count, **values}


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Make texts in the given language, whatever the language of the request (messages, documents)."""
    before = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(before)


def _zone(tz: str | None) -> ZoneInfo:
    """The meeting's zone, or the site's where no meeting is concerned."""
    return ZoneInfo(tz or current_app.config["TIME_ZONE"])


def format_day(value: date | datetime, tz: str | None = None) -> str:
    """«mardi 14 juin 2011», «jeudi 1er mai 2014»; in English «Tuesday 14 June 2011»."""
    day = value.astimezone(_zone(tz)).date() if isinstance(value, datetime) else value
    return _day_in_words(day, current_locale())


@lru_cache(maxsize=1024)
def _day_in_words(day: date, locale: str) -> str:
    if locale == "en":
        return format_date(day, "EEEE d MMMM y", locale="en_GB")
    first = "1er" if day.day == 1 else str(day.day)
    return f"{format_date(day, 'EEEE', locale='fr')} {first} {format_date(day, 'MMMM y', locale='fr')}"


def date_parts(value: datetime, tz: str | None = None) -> dict[str, str]:
    """Return the pieces of a calendar leaf: weekday, day («1» and «er»), month, year, and the whole date."""
    return dict(_parts_of_day(value.astimezone(_zone(tz)).date(), current_locale()))


@lru_cache(maxsize=1024)
def _parts_of_day(day: date, language: str) -> dict[str, str]:
    locale = "fr" if language == "fr" else "en_GB"
    return {
        "iso": day.isoformat(),
        "full": _day_in_words(day, language),
        "weekday": format_date(day, "EEE", locale=locale),
        "day": str(day.day),
        "suffix": "er" if locale == "fr" and day.day == 1 else "",
        "month": format_date(day, "MMM", locale=locale),
        "year": str(day.year),
    }


def format_day_short(value: date | datetime, tz: str | None = None) -> str:
    """«14 juin 2011», «1er mai 2014»."""
    return format_day(value, tz).split(" ", 1)[1]


def format_month(day: date) -> str:
    """«juin 2011»; in English «June 2011»."""
    return format_date(day, "MMMM y", locale=current_locale())


def format_time(value: datetime, tz: str | None = None) -> str:
    """«9 h 30», «14 h»; in English «09:30»."""
    local = value.astimezone(_zone(tz))
    if current_locale() == "en":
        return f"{local:%H:%M}"
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def format_hours(start: datetime, end: datetime, tz: str | None = None) -> str:
    """«de 9 h 30 à 17 h»; in English «09:30 to 17:00»."""
    return _("de %(start)s à %(end)s", start=format_time(start, tz), end=format_time(end, tz))


def format_number(value: float) -> str:
    """«12 345,6» with no-break spaces."""
    shown = format_decimal(value, locale="fr" if current_locale() == "fr" else "en_GB")
    return shown.replace("\u202f", NBSP)


def format_rank(number: int) -> str:
    """«1re», «2e», as one says of a position; in English «1st», «2nd», «3rd», «11th»."""
    if current_locale() == "fr":
        return "1re" if number == 1 else f"{number}e"
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def init_app(app: Flask) -> None:
    """Choose each request's language and give templates the functions above."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "fr")
    flask_babel.Babel(app, locale_selector=current_locale)  # for extensions that ask which language is spoken
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translate, translate_plural, newstyle=True, pgettext=translate_in_context
    )
    app.jinja_env.globals["_"] = _in_template
    app.before_request(_speak_as_chosen)
    app.teardown_request(_fall_silent)
    app.after_request(_remember_choice)
    app.context_processor(_language_switch)


@pass_eval_context
def _in_template(template: EvalContext, message: str, **values: object) -> str:
    # What Jinja's own does, without looking up itself, the language and the catalogue each time.
    locale = current_locale()
    text = _marked_up(message, locale) if template.autoescape else _translated(message, locale)
    return text % values if values else text


def _speak_as_chosen() -> None:
    _spoken.set(_choose_locale())


def _fall_silent(_error: BaseException | None) -> None:
    _spoken.set(None)


def _choose_locale() -> str:
    # French unless the person chose: many browsers in France announce English first. Commands and
    # workers, which nobody browses, say so with speaking().
    if not has_request_context():
        return "fr"
    chosen = request.args.get("lang") or request.cookies.get(COOKIE, "")
    return chosen if chosen in LOCALES else "fr"


def _remember_choice(response: Response) -> Response:
    if request.args.get("lang") in LOCALES:
        response.set_cookie(COOKIE, request.args["lang"], max_age=31536000, samesite="Lax", httponly=True)
    return response


def _language_switch() -> dict[str, object]:
    other = "en" if current_locale() == "fr" else "fr"
    return {"current_locale": current_locale(), "switch_language_href": _same_page_in(other)}


def _same_page_in(locale: str) -> str:
    if not request.endpoint or request.method != "GET":
        return url_for("portal.home", lang=locale)
    # What the address carries is never given to url_for, which takes orders from some names (_scheme).
    kept = {**request.args.to_dict(), "lang": locale}
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{urlencode(kept)}"
