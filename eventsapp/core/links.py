"""Absolute addresses for messages, documents and feeds, made without a request too."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.routing import Map, MapAdapter


def public_url(endpoint: str, **values: object) -> str:
    """Return the address of a page as people type it: it begins with the setting PUBLIC_URL."""
    urls = _addresses(current_app.url_map, current_app.config["PUBLIC_URL"])
    return urls.build(endpoint, values, force_external=True)


@lru_cache(maxsize=8)
def _addresses(url_map: Map, site: str) -> MapAdapter:
    base = urlsplit(site)
    return url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
