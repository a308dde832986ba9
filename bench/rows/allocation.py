"""The best allocation of two thousand people's wishes, proven, against the solver's first answer alone.

The floor is HiGHS by itself on the same wishes: one linear programme that fills the workshops and adds up ranks,
without fairness, balance, or reasons. Every figure of ours must be proven best, and no worse than first come,
first served.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import highspy
import numpy as np

from bench.figures import BrokenPromise, Figure, take_turns
from eventsapp.registrations.allocation.allocate import Outcome, allocate
from eventsapp.registrations.allocation.case import Case, Person, Places, Workshop, make_case
from eventsapp.registrations.allocation.outcome import Filling

PEOPLE, SLOTS, WORKSHOPS, WISHES = 2000, 3, 30, 3
ROUNDS = 3
KINDS = ("elected", "officer", "network", "association", "university", "state")


def measure() -> list[Figure]:
    """Return allocations a minute: three slots of thirty workshops each, three wishes a slot."""
    case = make(WORKSHOPS)
    found: list[Outcome] = []
    pairs = take_turns(lambda: _ours(case, found), lambda: _bare(case), ROUNDS)
    if len({repr(outcome) for outcome in found}) != 1:
        raise BrokenPromise("the same wishes gave two allocations")
    fewer = make(WORKSHOPS // SLOTS)
    details = {
        **pairs.spread(),
        "seconds": [round(60 / rate, 2) for rate in pairs.ours],
        "seconds_thirty_workshops_in_all": round(60 / _ours(fewer, []), 2),
        **_described(case, found[0]),
    }
    return [Figure("allocation", pairs.value, "allocations/min", pairs.floor_value, None, details)]


def make(workshops: int) -> Case:
    """Return wishes as people have them: some workshops sought by many, some organisations with large delegations."""
    chance = random.Random(2014)
    nine = datetime(2026, 6, 2, 9, tzinfo=UTC)
    offered = [
        Workshop(
            id=100 * slot + n,
            slot=slot,
            starts_at=nine + timedelta(hours=2 * slot),
            ends_at=nine + timedelta(hours=2 * slot + 1),
            capacity=PEOPLE * chance.choice((6, 8, 10, 12, 14)) // (10 * workshops),
            most_per_organisation=4,
            balances_types=True,
        )
        for slot in range(SLOTS)
        for n in range(workshops)
    ]
    return make_case((_person(n, workshops, chance) for n in range(PEOPLE)), offered)


def _person(id_: int, workshops: int, chance: random.Random) -> Person:
    organisation = min(299, int(chance.expovariate(1 / 60)))
    wishes = {slot: _wished(slot, workshops, chance) for slot in range(SLOTS)}
    return Person(id=id_, organisation=str(organisation), kind=KINDS[organisation % 6], wishes=wishes)


def _wished(slot: int, workshops: int, chance: random.Random) -> tuple[int, ...]:
    sought = [chance.random() * (n + 1) ** 0.7 for n in range(workshops)]
    return tuple(100 * slot + n for n in sorted(range(workshops), key=sought.__getitem__)[:WISHES])


def _ours(case: Case, found: list[Outcome]) -> float:
    began = time.perf_counter()
    outcome = allocate(case.people, list(case.workshops.values()))
    seconds = time.perf_counter() - began
    if not outcome.is_proven:
        raise BrokenPromise(f"not proven best: {outcome.stages}")
    found.append(outcome)
    return 60 / seconds


def _bare(case: Case) -> float:
    """Build and solve one linear programme: a place is worth more than any rank."""
    began = time.perf_counter()
    options = [(ask, id_) for ask in case.asks for id_ in ask.options]
    rows: dict[Any, tuple[int, list[int]]] = {}
    for column, (ask, id_) in enumerate(options):
        workshop = case.workshops[id_]
        rows.setdefault(ask.key, (1, []))[1].append(column)
        rows.setdefault(id_, (workshop.capacity or 0, []))[1].append(column)
        rows.setdefault((id_, ask.person.organisation), (4, []))[1].append(column)
    _solve([ask.steps(id_) - case.longest for ask, id_ in options], list(rows.values()))
    return 60 / (time.perf_counter() - began)


def _solve(costs: list[int], rows: list[tuple[int, list[int]]]) -> None:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.addVars(len(costs), np.zeros(len(costs)), np.ones(len(costs)))
    highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), np.array(costs, float))
    columns = [column for _limit, row in rows for column in row]
    starts = np.cumsum([0, *(len(row) for _limit, row in rows)])[:-1].astype(np.int32)
    most = np.array([limit for limit, _row in rows], float)
    least = np.full(len(rows), -highspy.kHighsInf)
    highs.addRows(
        len(rows), least, most, len(columns), starts, np.array(columns, np.int32), np.ones(len(columns))
    )
    highs.run()


def _described(case: Case, outcome: Outcome) -> Mapping[str, Any]:
    served = _first_come(case)
    steps = Counter(ask.steps(served[ask.key]) for ask in case.asks if ask.key in served)
    figures = outcome.figures
    if figures.placed < len(served):
        raise BrokenPromise("first come, first served places more people")
    return {
        "people": PEOPLE,
        "slots": SLOTS,
        "workshops": len(case.workshops),
        "wishes": sum(len(ask.wishes) for ask in case.asks),
        "aims": {stage.name: {"value": stage.value, "bound": stage.bound} for stage in outcome.stages},
        "proven": outcome.is_proven,
        "placed": figures.placed,
        "ranks": figures.ranks,
        "first_come": {
            "placed": len(served),
            "ranks": [steps[n] for n in range(WISHES)],
            "worst": max(case.steps_borne(served).values()),
        },
    }


def _first_come(case: Case) -> Places:
    """First come, first served: each person in turn has the best workshop that still takes them."""
    places: dict[tuple[int, int], int] = {}
    filling = Filling(case, {})
    for ask in case.asks:
        for id_ in ask.options:
            if filling.refusal(ask.person, case.workshops[id_], ask.slot) is None:
                places[ask.key] = id_
                filling.holders[id_].append(ask.person)
                filling.colleagues[id_, ask.person.organisation] += 1
                break
    return places
