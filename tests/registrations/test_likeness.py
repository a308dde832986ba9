"""Who may be registered twice, told from names and addresses."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.registrations.likeness import Keys, is_one_slip_away, likely_pairs


def found(*people):
    keys = [Keys(number, *person) for number, person in enumerate(people, 1)]
    return [(one.first_id, one.second_id, one.reason) for one in likely_pairs(keys)]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("durand zoe", "zoe@a.fr"), ("durand zoe", "zdurand@b.fr"), "name"),
        (("zoe durand", "zoe@a.fr"), ("durand zoe", "zdurand@b.fr"), "name"),
        (("durand zoe", "zoe@a.fr", "lille"), ("durand zoe", "zd@b.fr", "lille"), "name_and_organisation"),
        (("durand zoe", "zoe@a.fr"), ("dupont zoe", "zoe+ess@a.fr"), "mailbox"),
        (("durand zoe", "zoe.durand@a.fr"), ("durnad zoe", "zoe.durnad@a.fr"), "address"),
        (("durand zoe", "zoe.durand@lille.fr"), ("durant zoe", "zoe.durand@lile.fr"), "address"),
        (("durand zoe", "zoe.durand@a.fr"), ("durand z", "zoe.durandd@a.fr"), "address"),
    ],
)
def test_these_two_look_alike(one, other, reason):
    assert found(one, other) == [(1, 2, reason)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("durand zoe", "a.durand@ville.fr"), ("martin alix", "b.durand@ville.fr")),
        (("un personne", "personne1@a.fr"), ("deux personne", "personne2@a.fr")),
        (("durand zoe", "zoe@a.fr"), ("durand alix", "alix@a.fr")),
        (("durand zoe", "abc@a.fr"), ("durand alix", "axy@a.fr")),
        (("durand zoe", "contact@lille.fr"), ("durand zoe marie", "contact@metz.fr")),
    ],
)
def test_these_two_do_not(one, other):
    assert found(one, other) == []


def test_a_pair_is_told_once_with_its_surest_reason_and_the_surest_come_first():
    people = [
        ("durand zoe", "zoe@a.fr", "lille"),
        ("durand zoe", "zoe+b@a.fr", "lille"),
        ("durand zoe", "zd@ailleurs.fr", ""),
    ]
    assert found(*people) == [(1, 2, "mailbox"), (1, 3, "name"), (2, 3, "name")]


def test_a_name_given_to_everybody_does_not_make_a_page_of_millions():
    people = [("a completer", f"personne{number}@a{number}.fr") for number in range(3000)]
    assert len(found(*people)) < 3000


@pytest.mark.parametrize(
    ("one", "other", "is_close"),
    [
        ("abcdef", "abcdef", False),
        ("abcdef", "abcdf", True),
        ("abcdef", "abcxdef", True),
        ("abcdef", "abxdef", True),
        ("abcdef", "abdcef", True),
        ("abcdef", "abdxef", False),
        ("abcdef", "abcdefgh", False),
        ("abc1", "abc2", False),
        ("abc", "abc1", False),
        ("", "a", True),
    ],
)
def test_one_slip_is_a_letter_forgotten_added_replaced_or_swapped(one, other, is_close):
    assert is_one_slip_away(one, other) is is_close
    assert is_one_slip_away(other, one) is is_close


locals_ = st.text("abc.", min_size=4, max_size=9)
domains = st.sampled_from(["aa.fr", "ab.fr", "aab.fr", "zz.org"])


@given(st.lists(st.tuples(locals_, domains), min_size=2, max_size=25, unique=True))
def test_every_address_one_slip_away_is_found(addresses):
    """The search in halves of addresses finds what comparing each with each other finds."""
    people = [Keys(n, f"personne {n}", f"{local}@{domain}") for n, (local, domain) in enumerate(addresses)]
    found = {(one.first_id, one.second_id) for one in likely_pairs(people) if one.reason == "address"}
    close = {
        (one.id, other.id)
        for one, other in combinations(people, 2)
        if is_one_slip_away(one.email, other.email)
    }
    crossing = {
        pair
        for pair in close
        if len({people[n].email.rpartition("@")[0] for n in pair}) == 2
        and len({people[n].email.rpartition("@")[2] for n in pair}) == 2
    }  # a slip of the «@» itself
    assert found == close - crossing
