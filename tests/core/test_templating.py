"""What texts become in messages without styles."""

from __future__ import annotations

import pytest

from eventsapp.core import i18n
from eventsapp.core.templating import plain_markdown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Bonjour **à vous**, *merci*.", "Bonjour à vous, merci."),
        ("- un\n- deux", "- un\n- deux"),
        ("* un\n* deux", "* un\n* deux"),
        ("### Titre\n\ntexte", "Titre\n\ntexte"),
        ("[le plan](https://exemple.fr/plan)", "le plan (https://exemple.fr/plan)"),
        ("2 * 3 * 4 et nom_de_fichier_long", "2 * 3 * 4 et nom_de_fichier_long"),
        (None, ""),
    ],
)
def test_a_message_without_styles_has_no_marks(written, shown):
    assert plain_markdown(written) == shown


def test_what_is_kept_is_made_once_a_language_and_never_for_a_person(app):
    made = []
    macros = '{% macro greeting(name) %}{{ heard(name) }}{{ _("Agenda") }} <b>{{ name }}</b>{% endmacro %}'
    shown = app.jinja_env.from_string(
        macros + "{{ kept(by, greeting, name) }}", {"heard": lambda name: made.append(name) or ""}
    )
    with app.test_request_context():
        for locale in ("fr", "en", "fr", "en"):
            with i18n.speaking(locale):
                assert shown.render(by="all", name="A&B").endswith("<b>A&amp;B</b>")
        assert len(made) == 2
        assert shown.render(by=None, name="Zoé") == "Agenda <b>Zoé</b>"
        assert shown.render(by=None, name="Ali") == "Agenda <b>Ali</b>"
    assert made == ["A&B", "A&B", "Zoé", "Ali"]
