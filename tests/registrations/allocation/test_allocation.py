"""What an allocation gives, why somebody has nothing, and what makes it impossible, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.registrations.allocation.allocate import allocate
from eventsapp.registrations.allocation.case import Person, Workshop, make_case
from eventsapp.registrations.allocation.outcome import WHY_NOT, Filling, Unplaced, Why, explain, measure
from eventsapp.registrations.allocation.problems import AllocationIsImpossible

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
MORNING, AFTERNOON = 1, 2


def workshop(id_, *, slot=MORNING, hour=0, hours=1, **others):
    starts_at = NINE + timedelta(hours=hour + 5 * (slot - 1))
    return Workshop(
        id=id_,
        slot=slot,
        title=f"Atelier {id_}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        **others,
    )


def person(id_, *morning, afternoon=(), confirmed=(), pinned=(), **others):
    wishes = {MORNING: morning, AFTERNOON: tuple(afternoon)}
    held = {"confirmed": frozenset(confirmed), "pinned": frozenset(pinned)}
    return Person(id=id_, name=f"Personne {id_}", wishes=wishes, **held, **others)


def problems_of(people, workshops):
    with pytest.raises(AllocationIsImpossible) as refusal:
        allocate(people, workshops)
    return refusal.value.problems


def sentence_of(people, workshops, kind):
    [problem] = problems_of(people, workshops)
    assert problem.kind == kind
    return str(problem.text).replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def _speak(app):
    with app.app_context():
        yield


def test_everybody_has_their_first_choice_when_there_is_room():
    outcome = allocate([person(1, 10), person(2, 11, 10)], [workshop(10), workshop(11)])
    assert outcome.places == {(1, MORNING): 10, (2, MORNING): 11}
    assert outcome.figures.share(1) == 1
    assert outcome.is_proven


def test_as_many_as_possible_come_in_before_first_choices_count():
    people = [person(1, 10, 11), person(2, 10)]
    outcome = allocate(people, [workshop(10, capacity=1), workshop(11, capacity=1)])
    assert outcome.places == {(1, MORNING): 11, (2, MORNING): 10}


def test_nobody_has_two_last_choices_while_another_has_two_first_ones():
    offered = [
        *(workshop(id_, capacity=1) for id_ in (10, 11)),
        *(workshop(id_, slot=AFTERNOON, capacity=1) for id_ in (20, 21)),
    ]
    people = [person(n, 10, 11, afternoon=(20, 21)) for n in (1, 2)]
    outcome = allocate(people, offered)
    assert outcome.figures.ranks == (2, 2)
    assert outcome.figures.worst == 1


def test_who_got_little_in_the_morning_comes_first_in_the_afternoon():
    offered = [workshop(10), workshop(11), *(workshop(n, slot=AFTERNOON, capacity=1) for n in (20, 21))]
    people = [
        person(1, 10, 11, afternoon=(20, 21), confirmed=[10]),
        person(2, 10, 11, afternoon=(20, 21), confirmed=[11], steps_held=1),
    ]
    assert allocate(people, offered).places == {(1, AFTERNOON): 21, (2, AFTERNOON): 20}


def test_a_confirmed_place_stays_whatever_others_wish():
    offered = [workshop(10, capacity=1), workshop(11)]
    outcome = allocate([person(1, 11, confirmed=[10]), person(2, 10, 11)], offered)
    assert outcome.places == {(2, MORNING): 11}


def test_a_speaker_has_no_place_at_the_same_time_and_takes_none():
    offered = [workshop(10, capacity=1), workshop(11)]
    outcome = allocate([person(1, 11, pinned=[10]), person(2, 10)], offered)
    assert outcome.places == {(2, MORNING): 10}
    assert outcome.unplaced == (Unplaced(1, MORNING, Why.CLASH, ((11, Why.CLASH),)),)


def test_a_speaker_may_follow_another_workshop_before_or_after_in_the_slot():
    offered = [workshop(10, hours=1), workshop(11, hour=1)]
    assert allocate([person(1, 11, pinned=[10])], offered).places == {(1, MORNING): 11}


def test_workshops_of_two_slots_that_overlap_are_not_both_given():
    offered = [workshop(10, hours=6), workshop(11), workshop(20, slot=AFTERNOON)]
    outcome = allocate([person(1, 10, 11, afternoon=[20])], offered)
    assert outcome.places == {(1, MORNING): 11, (1, AFTERNOON): 20}


def test_a_delegation_spreads_over_the_workshops():
    offered = [workshop(10, most_per_organisation=2), workshop(11)]
    outcome = allocate([person(n, 10, 11, organisation="lille") for n in range(1, 5)], offered)
    assert sorted(outcome.places.values()) == [10, 10, 11, 11]


def test_people_without_an_organisation_are_no_delegation():
    outcome = allocate([person(n, 10) for n in range(1, 5)], [workshop(10, most_per_organisation=1)])
    assert len(outcome.places) == 4


def test_a_balanced_workshop_leaves_each_type_its_share():
    people = [
        *(person(n, 10, kind="officer") for n in range(1, 5)),
        *(person(n, 10, kind="elected") for n in range(5, 9)),
    ]
    [figures] = allocate(people, [workshop(10, capacity=4, balances_types=True)]).figures.workshops
    assert figures.kinds == {"elected": 2, "officer": 2}
    assert figures.excess == 0


def test_balance_never_leaves_a_place_empty():
    people = [person(1, 10, kind="elected"), *(person(n, 10, kind="officer") for n in range(2, 6))]
    [figures] = allocate(people, [workshop(10, capacity=5, balances_types=True)]).figures.workshops
    assert figures.taken == 5


def test_each_reason_is_given_for_each_wish():
    offered = [workshop(10, capacity=1), workshop(11, most_per_organisation=1), workshop(12, hours=6)]
    offered += [workshop(20, slot=AFTERNOON)]
    people = [
        person(1, 10, confirmed=[10]),
        person(2, 11, organisation="lille", confirmed=[11]),
        person(3, 10, 11, 12, organisation="lille", confirmed=[20]),
    ]
    [one] = [x for x in allocate(people, offered).unplaced if x.person_id == 3]
    assert one.wishes == ((10, Why.FULL), (11, Why.ORGANISATION), (12, Why.CLASH))
    assert one.why is Why.ORGANISATION
    assert str(WHY_NOT[one.why]) == "limite par organisme atteinte"


def test_figures_say_what_was_given():
    offered = [workshop(10, capacity=1), workshop(11, capacity=1)]
    people = [person(1, 10), person(2, 10, 11), person(3, 10, 11), person(4)]
    outcome = allocate(people, offered)
    figures = outcome.figures
    assert (figures.people, figures.asks, figures.placed, figures.ranks) == (4, 3, 2, (1, 1))
    assert (figures.share(1), figures.share(2), figures.share(3)) == (0.5, 0.5, 0)
    assert figures.unplaced == {Why.NO_WISH: 1, Why.FULL: 1}
    first, second = figures.workshops
    assert (first.wished, first.wished_first, first.taken) == (3, 3, 1)
    assert (second.wished, second.wished_first, second.taken) == (2, 0, 1)


def test_a_place_given_by_hand_and_one_left_free_are_told_apart():
    offered = [workshop(10, capacity=1), workshop(11)]
    case = make_case([person(1, 10), person(2, 10)], offered)
    filling = Filling(case, {(2, MORNING): 11})
    unplaced = explain(filling)
    assert unplaced == (Unplaced(1, MORNING, Why.FREE, ((10, Why.FREE),)),)
    assert measure(filling, unplaced).placed == 1
    assert measure(filling, unplaced).ranks == (0,)


def test_nobody_and_no_workshop_make_an_empty_allocation():
    assert allocate([], []).places == {}
    assert allocate([person(1)], [workshop(10)]).unplaced == (Unplaced(1, MORNING, Why.NO_WISH),)
    assert allocate([person(1, 10)], [workshop(10, capacity=0)]).figures.placed == 0


def test_more_people_confirmed_than_places_is_refused():
    people = [person(1, confirmed=[10]), person(2, confirmed=[10])]
    assert sentence_of(people, [workshop(10, capacity=1)], "more_confirmed_than_places") == (
        "« Atelier 10 » : le nombre de personnes confirmées (2) dépasse celui des places (1). "
        "Ajoutez des places ou libérez-en."
    )


def test_a_speaker_in_two_workshops_at_once_is_refused():
    people = [person(1, pinned=[10, 11])]
    assert sentence_of(people, [workshop(10), workshop(11)], "pinned_twice") == (
        "Personne 1 intervient dans « Atelier 10 » et dans « Atelier 11 », qui ont lieu en même temps."
    )


def test_a_speaker_with_a_place_elsewhere_at_the_same_time_is_refused():
    people = [person(1, confirmed=[10], pinned=[11])]
    assert sentence_of(people, [workshop(10), workshop(11)], "confirmed_while_pinned") == (
        "Personne 1 intervient dans « Atelier 11 » et a une place dans « Atelier 10 », en même temps."
    )


def test_two_places_in_one_slot_are_refused():
    people = [person(1, confirmed=[10, 11])]
    assert sentence_of(people, [workshop(10), workshop(11, hour=1)], "confirmed_twice") == (
        "Personne 1 a une place dans « Atelier 10 » et dans « Atelier 11 », dans le même créneau."
    )


def test_more_confirmed_people_of_an_organisation_than_its_limit_is_refused():
    people = [
        person(n, confirmed=[10], organisation="lille", organisation_name="Ville de Lille") for n in (1, 2)
    ]
    assert sentence_of(people, [workshop(10, most_per_organisation=1)], "organisation_over_limit") == (
        "« Atelier 10 » : 2 personnes de Ville de Lille sont déjà confirmées, pour une limite de 1 par organisme."
    )


def test_wishes_that_cannot_be_read_are_refused():
    offered = [workshop(10), workshop(20, slot=AFTERNOON)]
    assert sentence_of([person(1, 99)], offered, "workshop_unknown") == (
        "Personne 1 a un vœu ou une place dans un atelier supprimé."
    )
    assert (
        sentence_of([person(1, 10, 10)], offered, "wish_twice")
        == "Personne 1 a classé deux fois « Atelier 10 »."
    )
    assert sentence_of([person(1, 20)], offered, "wish_in_another_slot") == (
        "Personne 1 a classé « Atelier 20 » dans un créneau qui n’est pas le sien."
    )


def test_workshops_that_make_no_sense_are_refused():
    assert sentence_of([], [workshop(10, hours=-1)], "hours_reversed") == (
        "« Atelier 10 » finit avant de commencer : corrigez ses heures."
    )
    assert sentence_of([], [workshop(10, capacity=-1)], "capacity_negative") == (
        "« Atelier 10 » a un nombre de places négatif."
    )
    assert sentence_of([], [workshop(10, most_per_organisation=0)], "limit_below_one") == (
        "« Atelier 10 » n’admet personne d’un même organisme : la limite doit être d’au moins 1."
    )


def test_the_same_person_or_workshop_twice_is_refused():
    assert problems_of([person(1), person(1)], [])[0].kind == "person_twice"
    assert problems_of([], [workshop(10), workshop(10)])[0].kind == "workshop_twice"


def test_every_problem_is_told_at_once_with_whom_and_what_it_concerns():
    people = [person(1, confirmed=[10]), person(2, confirmed=[10], pinned=[11, 12])]
    offered = [workshop(10, capacity=1), workshop(11), workshop(12)]
    found = {(x.kind, x.people, x.workshops) for x in problems_of(people, offered)}
    assert ("more_confirmed_than_places", (1, 2), (10,)) in found
    assert ("pinned_twice", (2,), (11, 12)) in found


@pytest.mark.slow
def test_the_optimum_of_four_hundred_people_is_proven():
    offered = [
        workshop(
            100 * slot + n, slot=slot, capacity=30 + 5 * (n % 3), most_per_organisation=3, balances_types=True
        )
        for slot in (MORNING, AFTERNOON)
        for n in range(10)
    ]
    people = [
        person(
            n,
            *(100 + (n * 7 + k * k * 3) % 10 for k in (0, 1, 2)),
            afternoon=[200 + (n * 3 + k * k * 7) % 4 for k in (0, 1)],
            organisation=f"organisme {n % 60}",
            kind=("elected", "officer", "network")[n % 3],
        )
        for n in range(400)
    ]
    outcome = allocate(people, offered)
    assert outcome.is_proven
    assert all(one.taken <= one.capacity for one in outcome.figures.workshops)
