"""What a form asks, in which order, and what it keeps: for any form and any answers."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.rules import Line


@dataclass(frozen=True)
class Asked:
    id: int
    shown_if_id: int | None = None
    shown_if_value: str = ""


VALUES = st.one_of(st.booleans(), st.sampled_from("abc"), st.lists(st.sampled_from("abc"), unique=True))
WANTED = st.sampled_from([rules.YES, rules.NO, *"abc"])


@st.composite
def forms(draw):
    """Questions of which each may depend on one before it."""
    number = draw(st.integers(0, 12))
    sources = [draw(st.none() | st.integers(1, at - 1)) if at > 1 else None for at in range(1, number + 1)]
    return [Asked(at, source, draw(WANTED)) for at, source in enumerate(sources, 1)]


def answers(form):
    return st.dictionaries(st.sampled_from([one.id for one in form] or [1]), VALUES)


@given(forms().flatmap(lambda form: st.tuples(st.just(form), answers(form))))
def test_a_question_is_asked_only_when_every_answer_on_its_way_calls_for_it(drawn):
    form, values = drawn
    by_id = {one.id: one for one in form}

    def is_called_for(one):
        if one.shown_if_id is None:
            return True
        source = by_id[one.shown_if_id]
        return is_called_for(source) and rules.says(values.get(source.id), one.shown_if_value)

    assert rules.shown(form, values) == [one for one in form if is_called_for(one)]


@given(forms().flatmap(lambda form: st.tuples(st.just(form), answers(form))))
def test_what_is_kept_calls_for_the_same_questions_and_is_kept_again(drawn):
    form, values = drawn
    kept = rules.kept(form, values)
    assert kept.items() <= values.items()
    assert rules.shown(form, kept) == rules.shown(form, values)
    assert rules.kept(form, kept) == kept
    assert kept.keys() == {one.id for one in rules.shown(form, values)} & values.keys()


def test_an_answer_to_a_question_no_longer_asked_calls_for_nothing():
    form = [Asked(1), Asked(2, 1, rules.YES), Asked(3, 2, "a")]
    assert [one.id for one in rules.shown(form, {1: True, 2: "a"})] == [1, 2, 3]
    assert [one.id for one in rules.shown(form, {1: False, 2: "a"})] == [1]
    assert rules.kept(form, {1: False, 2: "a", 3: "x"}) == {1: False}


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        (True, "yes", True),
        (False, "no", True),
        (False, "yes", False),
        ("rail", "rail", True),
        ("rail", "ra", False),
        (["rail", "bus"], "bus", True),
        ([], "bus", False),
        (None, "no", False),
    ],
)
def test_an_answer_says_what_is_wanted_or_not(value, wanted, said):
    assert rules.says(value, wanted) is said


# --- Order -----------------------------------------------------------------------------------------


@st.composite
def orders(draw):
    """Questions grouped in sections, each depending on none or on one before it."""
    sections = [section for section in ("", "A", "B", "C") for _n in range(draw(st.integers(0, 3)))]
    return [
        Line(at, section, draw(st.none() | st.integers(1, at - 1)) if at > 1 else None)
        for at, section in enumerate(sections, 1)
    ]


def has_whole_sections(order):
    met = [line.section for at, line in enumerate(order) if not at or order[at - 1].section != line.section]
    return len(met) == len(set(met))


@given(
    orders().filter(bool).flatmap(lambda o: st.tuples(st.just(o), st.sampled_from(o))),
    st.sampled_from([-1, 1]),
)
def test_moving_loses_no_question_and_splits_no_section(drawn, step):
    order, line = drawn
    moved = rules.moved(order, line.id, step)
    assert sorted(one.id for one in moved) == sorted(one.id for one in order)
    assert has_whole_sections(moved)


@given(
    orders().filter(bool).flatmap(lambda o: st.tuples(st.just(o), st.sampled_from(o))),
    st.sampled_from([-1, 1]),
)
def test_moving_within_a_section_is_undone_by_the_opposite(drawn, step):
    order, line = drawn
    moved = rules.moved(order, line.id, step)
    if next(one for one in moved if one.id == line.id).section == line.section:
        assert moved == order or rules.moved(moved, line.id, -step) == order


@given(orders(), st.sampled_from(["", "A", "B", "D"]))
def test_a_new_question_is_last_of_its_section(order, section):
    placed = rules.placed(order, Line(0, section))
    assert [one for one in placed if one.id] == order
    assert has_whole_sections(placed)
    assert [one.id for one in placed if one.section == section][-1] == 0


def test_a_question_that_stays_in_its_section_stays_where_it_is():
    order = [Line(1, "A"), Line(2, "A"), Line(3, "A")]
    assert [one.id for one in rules.placed(order, Line(1, "A", None))] == [1, 2, 3]
    assert [one.id for one in rules.placed(order, Line(1, "B"))] == [2, 3, 1]


def test_a_question_before_the_one_that_decides_is_found():
    assert rules.too_early([Line(1, ""), Line(2, "", 1)]) is None
    assert rules.too_early([Line(2, "", 1), Line(1, "")]) == Line(2, "", 1)
    assert rules.too_early([Line(2, "", 9)]) == Line(2, "", 9)


# --- Options ---------------------------------------------------------------------------------------


LABELS = st.text(st.sampled_from("abcé +"), min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(st.lists(LABELS, max_size=4), max_size=5), st.data())
def test_an_option_once_chosen_can_always_be_read_and_keys_never_change_hands(additions, data):
    options, known = [], {}
    for added in additions:
        labels = {
            option["key"]: data.draw(st.sampled_from(["", option["label"], f"{option['label']} bis"]))
            for option in rules.offered(options)
        }
        options = rules.revised(options, labels, added, keeps_removed=True)
        keys = [option["key"] for option in options]
        assert len(keys) == len(set(keys))
        assert set(known) <= set(keys)
        offered = {option["key"]: option["label"] for option in rules.offered(options)}
        assert {key: label for key, label in labels.items() if label}.items() <= offered.items()
        known = {option["key"]: option["label"] for option in options}


def test_options_nobody_chose_are_forgotten_and_one_that_comes_back_has_its_key():
    first = rules.revised([], {}, ["Végétarien", "Sans gluten"], keeps_removed=False)
    assert first == [
        {"key": "vegetarien", "label": "Végétarien"},
        {"key": "sans-gluten", "label": "Sans gluten"},
    ]
    forgotten = rules.revised(
        first, {"vegetarien": "", "sans-gluten": "Sans gluten"}, [], keeps_removed=False
    )
    assert [option["key"] for option in forgotten] == ["sans-gluten"]
    retired = rules.revised(first, {"vegetarien": "", "sans-gluten": "Sans gluten"}, [], keeps_removed=True)
    assert [option["key"] for option in rules.offered(retired)] == ["sans-gluten"]
    back = rules.revised(retired, {"sans-gluten": "Sans gluten"}, ["végétarien"], keeps_removed=True)
    assert back[1] == {"key": "vegetarien", "label": "végétarien"}


def test_the_version_of_a_consent_tells_its_exact_text():
    text = rules.consent_text("J’accepte", "Pendant deux ans.")
    assert text == "J’accepte\nPendant deux ans."
    assert rules.consent_version(text) != rules.consent_version("J’accepte\nPendant trois ans.")
