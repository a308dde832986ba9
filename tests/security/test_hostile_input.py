"""Whatever is sent, by whomever, the answer is a page: never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.forms import Form
from tests.security.scene import Scene, address, make_scene

LONG = "é" * 3_000
ROUNDS = 1  # of every form: each meets another value each time
PARTS = (
    "0",
    "99999999999999999999",
    "2147483648",
    "%00",
    "%ED%A0%80",
    "..%2f..%2fetc%2fpasswd",
    "%C3%A9'\"<x>",
)
QUERY_NAMES = (
    "q", "page", "region", "etat", "type", "theme", "mois", "lang", "creneau", "moment", "day", "what", "annee",
    "adresse", "nature", "atelier", "tri", "resultat", "suite", "invitation", "_scheme", "_external", "_anchor",
    "_method", "endpoint", "self",
)  # fmt: skip
QUERIES = ("-99999999999999999999", "99999999999999999999", "0001-01-01", "9999-12-31", "0001-01", "9999-12", "%",
           "'\"><script>alert(1)</script>", "http://[", "//evil.example", "٣", "9" * 5000, LONG)  # fmt: skip
FIELD_NAMES = ("registration", "half_day", "occasion", "reference", "sens", "slot", "column[]", "valid_only",
               "creneau_1", "invitation", "preview", "more", "q", "page")  # fmt: skip
VALUES = ("", "0", "-99999999999999999999", "99999999999999999999", "9" * 5000, "0001-01-01", "9999-12-31", "23:59",
          "'\"><script>alert(1)</script>", "a\r\nBcc: b@exemple.fr", "\u202e\x01\x7f", "=1+1", "{{7*7}}", "٣",
          "a@exemple.fr", LONG)  # fmt: skip
ROWS = ("relations-0-", "mandates-0-", "speakers-0-", "themes-0-", "interventions-nouveau-")
WHO = ("nobody", "secretary of a meeting", "organiser of a region", "administrator")


@pytest.fixture
def scene(app: Flask, empty_database: None) -> Scene:
    return make_scene(app)


def _forms(form: type[Form] = Form) -> Iterator[type[Form]]:
    yield form
    for child in form.__subclasses__():
        yield from _forms(child)


def _field_names() -> list[str]:
    names = {name for form in _forms() for name in dir(form) if hasattr(getattr(form, name), "field_class")}
    inner = ("kind", "since", "until", "title", "organisation", "starts_on", "ends_on", "name", "rank", "theme_id",
             "role", "text", "speaker", "version")  # fmt: skip
    return sorted({*names, *FIELD_NAMES, *(row + name for row in ROWS for name in inner)})


def _rules(app: Flask) -> list[Any]:
    """The most destructive last, so that there is something left to attack."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ("static", "stylesheet")]
    return sorted(rules, key=lambda rule: ("POST" in rule.methods, "sessions" in rule.rule, rule.rule))


def _client(app: Flask, scene: Scene, sign_in: Any, who: str) -> FlaskClient:
    client = app.test_client()
    if who in scene.accounts:
        sign_in(client, scene.accounts[who])
    return client


def _crashes(client: FlaskClient, tries: Iterator[tuple[str, str, dict[str, Any]]]) -> list[Any]:
    return [
        (method, href[:120], {name: str(value)[:60] for name, value in list(more.items())[:1]})
        for method, href, more in tries
        if client.open(href, method=method, **more).status_code >= 500
    ]


@pytest.mark.parametrize("who", ["visitor", *WHO])
def test_no_address_crashes(app: Flask, scene: Scene, sign_in: Any, who: str) -> None:
    queries, odd = cycle(QUERIES), cycle(PARTS)

    def tries() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for rule in _rules(app):
            if "GET" not in rule.methods or "deconnexion" in rule.rule:
                continue
            right = scene.lille.parts
            yield "GET", address(rule, right), {"query_string": {name: next(queries) for name in QUERY_NAMES}}
            for name in right:
                if f"{name}>" in rule.rule:
                    yield "GET", address(rule, {**right, name: next(odd)}), {}

    assert _crashes(_client(app, scene, sign_in, who), tries()) == []


@pytest.mark.parametrize("who", ["visitor", *WHO])
def test_no_form_crashes(app: Flask, scene: Scene, sign_in: Any, who: str) -> None:
    names, odd = _field_names(), cycle(PARTS)
    values = cycle(VALUES)

    def tries() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for rule in _rules(app) * ROUNDS:
            if "POST" in rule.methods and "/fermeture" not in rule.rule and "deconnexion" not in rule.rule:
                yield "POST", address(rule, scene.lille.parts), {"data": dict.fromkeys(names, next(values))}
        for rule in _rules(app):
            for name in scene.lille.parts:
                if "POST" in rule.methods and f"{name}>" in rule.rule:
                    yield "POST", address(rule, {**scene.lille.parts, name: next(odd)}), {}

    assert _crashes(_client(app, scene, sign_in, who), tries()) == []
