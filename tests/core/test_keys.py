"""Keys compare what people type in several ways."""

import pytest

from eventsapp.core.keys import email_key, name_key, search_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prenom.Nom@Exemple.FR", "prenom.nom@exemple.fr"),
        (" a@exemple.fr ", "a@exemple.fr"),
        ("e\u0301lue@exemple.fr", "élue@exemple.fr"),
        ("a@mairie-été.fr", "a@xn--mairie-t-h1ab.fr"),
    ],
)
def test_two_spellings_of_one_address_have_one_key(one, other):
    assert email_key(one) == email_key(other)


def test_two_addresses_have_two_keys():
    assert email_key("a@exemple.fr") != email_key("a@exemple.com")


def test_search_forgets_accents_case_and_punctuation():
    assert search_key("  L’Haÿ-les-Roses, Œuvre ") == "l hay les roses oeuvre"
    assert name_key("D’Été", "Zoé") == "d ete zoe"
