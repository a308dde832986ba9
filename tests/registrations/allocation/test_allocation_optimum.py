"""The solver's allocation is the best there is: compared, aim after aim, with every allocation of small cases."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from eventsapp.registrations.allocation.allocate import allocate
from eventsapp.registrations.allocation.case import Person, Workshop
from eventsapp.registrations.allocation.problems import AllocationIsImpossible

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
KINDS = ("elected", "officer")


@st.composite
def workshops(draw):
    """Two slots of workshops; the first ones may run on into the second."""
    return [
        Workshop(
            id=10 * slot + n,
            slot=slot,
            title=f"Atelier {10 * slot + n}",
            starts_at=NINE + timedelta(hours=2 * slot),
            ends_at=NINE + timedelta(hours=2 * slot + draw(st.sampled_from([1, 1, 3]))),
            capacity=draw(st.sampled_from([None, 0, 1, 1, 2, 2])),
            most_per_organisation=draw(st.sampled_from([None, None, 1, 2])),
            balances_types=draw(st.booleans()),
        )
        for slot in (1, 2)
        for n in range(draw(st.integers(1, 3)))
    ]


@st.composite
def cases(draw):
    offered = draw(workshops())
    count = draw(st.integers(1, 4))
    by_slot = {slot: [one.id for one in offered if one.slot == slot] for slot in (1, 2)}
    ids = [one.id for one in offered]
    few = st.frozensets(st.sampled_from(ids), max_size=1)
    people = [
        Person(
            id=n,
            name=f"Personne {n}",
            organisation=draw(st.sampled_from(["", "lille", "rennes"])),
            kind=draw(st.sampled_from(KINDS)),
            wishes={
                slot: tuple(draw(st.permutations(held)))[: draw(st.integers(0, 3 if count < 4 else 2))]
                for slot, held in by_slot.items()
            },
            confirmed=draw(few) if draw(st.booleans()) else frozenset(),
            steps_held=draw(st.integers(0, 2)),
            pinned=draw(few) if draw(st.integers(0, 3)) == 0 else frozenset(),
        )
        for n in range(1, count + 1)
    ]
    return people, offered


def at_once(one, other):
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


class Everything:
    """All allocations of a case that keep every rule, written without a line of the code under test."""

    def __init__(self, people, offered):
        self.people, self.offered = people, {one.id: one for one in offered}
        self.person = {one.id: one for one in people}
        self.longest = max((len(wishes) for one in people for wishes in one.wishes.values()), default=0)
        self.asked = [
            (one.id, slot)
            for one in people
            for slot, wishes in one.wishes.items()
            if wishes and slot not in {self.offered[id_].slot for id_ in one.confirmed}
        ]

    def held(self, person_id, places):
        one = self.person[person_id]
        given = {id_ for (someone, _slot), id_ in places.items() if someone == person_id}
        return given | one.confirmed | one.pinned

    def holders(self, id_, places):
        return [
            one
            for one in self.people
            if id_ in one.confirmed or id_ in {x for (who, _s), x in places.items() if who == one.id}
        ]

    def accepts(self, id_, person_id, places):
        workshop, one = self.offered[id_], self.person[person_id]
        inside = self.holders(id_, places)
        colleagues = [x for x in inside if x.organisation and x.organisation == one.organisation]
        return (
            (workshop.capacity is None or len(inside) < workshop.capacity)
            and (workshop.most_per_organisation is None or len(colleagues) < workshop.most_per_organisation)
            and not any(at_once(workshop, self.offered[x]) for x in self.held(person_id, places))
        )

    def all(self, places=None, depth=0):
        places = places or {}
        if depth == len(self.asked):
            yield places
            return
        key = self.asked[depth]
        yield from self.all(places, depth + 1)
        for id_ in self.person[key[0]].wishes[key[1]]:
            if self.accepts(id_, key[0], places):
                yield from self.all({**places, key: id_}, depth + 1)

    def steps(self, key, id_):
        return self.person[key[0]].wishes[key[1]].index(id_)

    def concerned(self):
        """Those to whom something may be given, as far as their own hours go."""
        return {
            who
            for who, slot in self.asked
            for id_ in self.person[who].wishes[slot]
            if not any(at_once(self.offered[id_], self.offered[x]) for x in self.held(who, {}))
        }

    def borne(self, who, places):
        one = self.person[who]
        asked = [key for key in self.asked if key[0] == who]
        return one.steps_held + sum(self.steps(k, places[k]) if k in places else self.longest for k in asked)

    def excess(self, places):
        total = 0
        kinds = Counter(one.kind for one in self.people)
        for id_, workshop in self.offered.items():
            if workshop.balances_types:
                wanting = [
                    1
                    for who, slot in self.asked
                    if id_ in self.person[who].wishes[slot]
                    and not any(at_once(workshop, self.offered[x]) for x in self.held(who, {}))
                ]
                demand = len(wanting) + sum(id_ in one.confirmed for one in self.people)
                size = demand if workshop.capacity is None else min(workshop.capacity, demand)
                inside = Counter(one.kind for one in self.holders(id_, places))
                for kind, count in inside.items():
                    share = -(-size * kinds[kind] // len(self.people))
                    total += max(0, count - share)
        return total

    def values(self, places):
        totals = [self.borne(who, places) for who in self.concerned()]
        worst = max(totals, default=0)
        return (
            len(self.asked) - len(places),
            sum(self.steps(key, id_) for key, id_ in places.items()),
            worst,
            totals.count(worst) if worst else 0,
            sum(total * (total + 1) // 2 for total in totals),
            self.excess(places),
        )


@settings(max_examples=300, deadline=None)
@given(cases())
def test_no_allocation_is_better_aim_after_aim(case):
    everything = Everything(*case)
    try:
        outcome = allocate(*case)
    except AllocationIsImpossible:
        assume(False)
    best = min(map(everything.values, everything.all()))
    event(f"places to give: {len(everything.asked)}")
    assert tuple(stage.value for stage in outcome.stages) == best
    assert everything.values(outcome.places) == best
    assert outcome.is_proven


@settings(max_examples=100, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(case, chance):
    people, offered = case
    try:
        outcome = allocate(people, offered)
    except AllocationIsImpossible:
        assume(False)
    shuffled = [
        Person(**{**vars(one), "wishes": dict(sorted(one.wishes.items(), key=lambda _: chance.random()))})
        for one in chance.sample(people, len(people))
    ]
    assert allocate(shuffled, chance.sample(offered, len(offered))) == outcome


@settings(max_examples=100, deadline=None)
@given(cases())
def test_everybody_without_a_place_is_told_why(case):
    everything = Everything(*case)
    try:
        outcome = allocate(*case)
    except AllocationIsImpossible:
        assume(False)
    explained = {(one.person_id, one.slot) for one in outcome.unplaced if one.wishes}
    assert explained == set(everything.asked) - set(outcome.places)
    for one in outcome.unplaced:
        assert [id_ for id_, _why in one.wishes] == list(
            everything.person[one.person_id].wishes.get(one.slot, ())
        )
        assert not any(everything.accepts(id_, one.person_id, outcome.places) for id_, _why in one.wishes)
