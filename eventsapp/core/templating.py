"""What templates may call: filters, site facts, asset addresses."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

import nh3
from flask import Flask
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import Context, Macro
from markdown_it import MarkdownIt
from markupsafe import Markup

from eventsapp.core import i18n
from eventsapp.core.permissions import ROLES, Permission, current_actor, may
from eventsapp.core.widgets import control, described_by, field_kind

# "js-default" escapes raw HTML; nh3 is the second lock.
_markdown = MarkdownIt("js-default", {"typographer": False})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "code"}
_ATTRIBUTES = {"a": {"href", "title"}}

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)


@lru_cache(maxsize=256)  # the same texts are shown again and again
def render_markdown(text: str | None) -> Markup:
    """Return sanitised HTML: a short list of tags, https and mailto links only."""
    html = nh3.clean(
        _markdown.render(text or ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener",
    )
    return Markup(html)  # noqa: S704 - sanitised just above


def plain_markdown(text: str | None) -> str:
    """Return the text as people write it in a message without styles: marks go, addresses of links stay."""
    text = _LINK.sub(r"\1 (\2)", text or "")
    text = _STRONG.sub(r"\2", text)
    return _HEADING.sub("", _EMPHASIS.sub(r"\2", text))


def kept(by: Hashable, macro: Macro, *arguments: Any) -> Markup:
    """Return what the macro shows, made once for all that ``by`` says; None: it is made now.

    ``by`` says everything it shows that may change, but for the language, and takes few values: it never has anything of
    a person. No two kept macros have one name.
    """
    if by is None:
        return Markup(macro(*arguments))  # noqa: S704 - a macro escapes what it shows
    key = (macro.name, i18n.current_locale(), by)
    if key not in _kept:
        _kept[key] = Markup(macro(*arguments))  # noqa: S704
    return _kept[key]


_kept: dict[Hashable, Markup] = {}


class SameGlobals(Template):
    """A template of which every import is the same: no template here is given globals of its own.

    Jinja compares the globals of both sides at each import, which is a tenth of a page's time.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give templates their filters and the facts every page shows."""
    app.jinja_env.filters.update(
        date_parts=i18n.date_parts,
        day=i18n.format_day,
        day_short=i18n.format_day_short,
        month=i18n.format_month,
        time=i18n.format_time,
        hours=i18n.format_hours,
        number=i18n.format_number,
        rank=i18n.format_rank,
        fr=i18n.french_spaces,
        markdown=render_markdown,
        plain=plain_markdown,
    )
    app.jinja_env.globals.update(may=may, Permission=Permission, roles=ROLES)
    app.jinja_env.globals.update(kept=kept)
    app.jinja_env.globals.update(field_kind=field_kind, described_by=described_by, control=control)
    app.jinja_env.template_class = SameGlobals
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    site = {
        "name": app.config["SITE_NAME"],
        "network_name": app.config["NETWORK_NAME"],
        "network_address": app.config["NETWORK_ADDRESS"],
        "contact_email": app.config["CONTACT_EMAIL"],
        "url": app.config["PUBLIC_URL"],
    }
    app.jinja_env.globals["site"] = site
    app.context_processor(_person)


def _person() -> dict[str, Any]:
    return {"current_account": current_actor()}
