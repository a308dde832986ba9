"""Absolute addresses for messages, documents and feeds, made without a request too."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app


def public_url(endpoint: str, **values: object) -> str:
    """Return the address of a page as people type it: it begins with the setting PUBLIC_URL."""
    base = urlsplit(current_app.config["PUBLIC_URL"])
    urls = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return urls.build(endpoint, values, force_external=True)
