"""French first, English second: texts, dates and numbers as people read them.

Source strings are French; ``translations/en`` holds the English. The typography that French asks
for (no-break spaces) is put here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, has_request_context, request, url_for
from flask_babel.speaklater import LazyString

LOCALES = ("fr", "en")
COOKIE = "langue"
NBSP = "\u00a0"

Text: TypeAlias = "str | LazyString"

_BEFORE = re.compile(r" ([:;?!»€]|%(?!\())")  # not the % of a placeholder
_AFTER = re.compile(r"« ")
_HOUR = re.compile(r"(\d) h(?= |\b)( (?=\d\d))?")


def french_spaces(text: str) -> str:
    """Return the text with U+00A0 where French typography forbids a line break.

    U+00A0 everywhere: the narrow U+202F is missing from the fonts.
    """
    text = _AFTER.sub("«" + NBSP, _BEFORE.sub(NBSP + r"\1", text))
    return _HOUR.sub(lambda m: f"{m[1]}{NBSP}h{NBSP if m[2] else ''}", text)


def current_locale() -> str:
    """Return 'fr' or 'en', the language of the page or message being made."""
    locale = flask_babel.get_locale()
    return locale.language if locale else "fr"


def _set_spaces(text: str) -> str:
    return french_spaces(text) if current_locale() == "fr" else text


def translate(message: str) -> str:
    return _translated(message, current_locale())


@lru_cache(maxsize=8192)  # a page has some fifty texts, and catalogues do not change while the process lives
def _translated(message: str, _locale: str) -> str:
    return _set_spaces(flask_babel.gettext(message))


def translate_in_context(context: str, message: str) -> str:
    """Return the message where English has several words for it; the context tells which."""
    return _set_spaces(flask_babel.get_translations().pgettext(context, message))


def translate_plural(singular: str, plural: str, count: int) -> str:
    # French counts 0 and 1 as singular; the catalogue's own rule applies to English.
    if current_locale() == "fr":
        return _set_spaces(singular if abs(count) < 2 else plural)
    return cast(str, flask_babel.get_translations().ungettext(singular, plural, count))


def _(message: str, **values: object) -> str:
    """Return the message in the current language, with %(name)s replaced."""
    return translate(message) % values if values else translate(message)


def _l(message: str, **values: object) -> LazyString:
    """Like ``_``, decided when the text is shown."""
    return LazyString(_, message, **values)


def _p(context: str, message: str) -> LazyString:
    """Like ``_l``, for a French word that English says differently in this context."""
    return LazyString(translate_in_context, context, message)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Return the singular or plural in the current language; %(num)s is the count."""
    return translate_plural(singular, plural, count) % {"num": count, **values}


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Make texts in the given language, whatever the language of the request (messages, documents)."""
    with flask_babel.force_locale(locale):
        yield


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


def init_app(app: Flask) -> None:
    """Choose each request's language and give templates the functions above."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "fr")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "../translations"
    flask_babel.Babel(app, locale_selector=_choose_locale)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translate, translate_plural, newstyle=True, pgettext=translate_in_context
    )
    app.after_request(_remember_choice)
    app.context_processor(_language_switch)


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
