"""A message to send, and a real SMTP server that answers as the test says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

TEMPLATES = {
    "essai/mail/simple/subject.txt": "{{ _('Bonjour') }} {{ name }}\n",
    "essai/mail/simple/body.txt": "Bonjour {{ name }}, rendez-vous {{ when|day }}.\n",
    "essai/mail/simple/body.html": "<p>Bonjour {{ name }}, rendez-vous {{ when|day }}.</p>",
}


@pytest.fixture(scope="session", autouse=True)
def trial_templates(app: Flask) -> Iterator[None]:
    before = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), before])
    yield
    app.jinja_env.loader = before


def draft(**changes: Any) -> dict[str, Any]:
    """Fields of a message; the test says what matters to it."""
    return {
        "purpose": "reminder",
        "recipient": "camille@exemple.example",
        "recipient_name": "Camille Exemple",
        "occasion": "registration:1:rule:1",
        "template": "essai/mail/simple",
        "context": {"name": "Camille", "when": AT},
        "locale": "fr",
        **changes,
    }
