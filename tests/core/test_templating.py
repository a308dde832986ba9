"""What texts become in messages without styles."""

from __future__ import annotations

import pytest

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
