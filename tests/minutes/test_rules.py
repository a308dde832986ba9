"""What may be published, fingerprints, order of the points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.minutes.rules import contacts_in, find_contacts, fingerprint, moved, reference_of


@pytest.mark.parametrize(
    "text",
    [
        "Écrire à prenom.nom@exemple.fr pour la suite",
        "contact [at] exemple.fr",
        "contact(arobase)exemple.org",
        "PRENOM+LISTE@EXEMPLE.CO.UK.",
        "[le message](mailto:nom@exemple.fr)",
        "Appeler le 01 23 45 67 89.",
        "Tél. 01.23.45.67.89",
        "0123456789",
        "06-12-34-56-78",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "0590 12 34 56",
        "+590 590 12 34 56",
        "01\N{NO-BREAK SPACE}23\N{NO-BREAK SPACE}45\N{NO-BREAK SPACE}67\N{NO-BREAK SPACE}89",
    ],
)
def test_addresses_and_phone_numbers_are_found(text):
    assert list(contacts_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "Le 1er décembre 2026 à 9 h 30, salle 0123",
        "SIRET 123 456 789 00012",
        "Budget : 12 345 678 €, soit 1 234 567 890 sur dix ans",
        "INSEE 01004, code postal 01500",
        "2026-12-01T09:30:00+00:00",
        "CR-2026-0007-v1",
        "Twitter : @reseau, taux de 24,5 %",
        "1 + 33 = 34",
    ],
)
def test_dates_amounts_and_codes_are_not_taken_for_phone_numbers(text):
    assert list(contacts_in(text)) == []


def test_what_is_found_says_where_it_is():
    content = {"items": [{"summary": ""}, {"interventions": [{"text": "a@b.fr"}]}]}
    (contact,) = find_contacts(content)
    assert contact.path == ("items", 1, "interventions", 0, "text")


def test_the_fingerprint_does_not_depend_on_the_order_of_the_keys():
    assert fingerprint({"a": 1, "b": "é"}) == fingerprint({"b": "é", "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_a_reference_names_the_year_the_minutes_and_the_version():
    assert reference_of(2026, 7, 1) == "CR-2026-0007-v1"


@given(st.lists(st.integers(), min_size=1, unique=True), st.data(), st.integers(-3, 3))
def test_moving_a_point_loses_and_repeats_none(keys, data, step):
    key = data.draw(st.sampled_from(keys))
    order = moved(keys, key, step)
    assert sorted(order) == sorted(keys)
    assert order.index(key) == max(0, min(len(keys) - 1, keys.index(key) + step))
