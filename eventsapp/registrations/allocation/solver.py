"""A programme in whole numbers settled one objective after another with HiGHS, each optimum proven.

After an objective is settled, only its optimal solutions remain for the next one. When the linear relaxation
reaches the optimum, its prices describe them exactly (complementary slackness): columns with a price stay where
they are, rows with a price leave nothing over. The programme shrinks from one objective to the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

Terms: TypeAlias = "Sequence[tuple[int, int]]"  # column and whole factor
Vector: TypeAlias = "NDArray[np.float64]"

# One thread and one seed: the same programme has the same solution. The count of nodes, and not a clock, ends a
# search without end, so that a slower machine finds the same. Between whole numbers a gap below one is none.
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.9,
    "mip_max_nodes": 1_000,
}
_NOISE = 1e-6  # of floating-point arithmetic


class SolverFailed(Exception):
    """HiGHS found no solution although one is known to exist: a fault of the programme, not of the input."""


@dataclass(frozen=True)
class Settled:
    """The value of an objective, what it cannot be below, and a solution that has it."""

    value: int
    bound: int
    solution: Sequence[int]


@dataclass(frozen=True)
class _Relaxed:
    """The optimum of the linear relaxation, and what it would cost to depart from it."""

    value: float
    solution: Vector
    column_prices: Vector
    row_prices: Vector


class Programme:
    """Columns, rows, and objectives to minimise one after another. All numbers are whole."""

    def __init__(self) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._choices: list[int] = []
        self._most: list[float] = []  # of each column
        self._rows: list[tuple[Terms, float, float]] = []  # not given to HiGHS yet: terms, least, most

    def add_choices(self, count: int) -> range:
        """Add columns that are nought or one."""
        columns = self.add_amounts(count, 1)
        self._choices += columns
        return columns

    def add_amounts(self, count: int, most: float = math.inf) -> range:
        """Add columns from nought to ``most``; their rows and objective make them whole when the choices are."""
        first = len(self._most)
        self._most += [most] * count
        return range(first, len(self._most))

    def keep_at_most(self, limit: int, terms: Terms) -> None:
        """The sum of the terms never exceeds the limit."""
        self._rows.append((terms, -math.inf, limit))

    def keep_at(self, value: int, terms: Terms) -> None:
        """The sum of the terms has this value."""
        self._rows.append((terms, value, value))

    def bounds(self) -> tuple[Sequence[float], Sequence[float]]:
        """Return what each column is at least and at most in the solutions that remain."""
        programme = self._highs.getLp()
        return programme.col_lower_, programme.col_upper_

    def forbid(self, columns: Sequence[int]) -> None:
        """Leave these columns at nought."""
        self._hand_over()
        zeros = np.zeros(len(columns))
        self._highs.changeColsBounds(len(columns), _indices(columns), zeros, zeros)

    def probe(self, objective: Mapping[int, int], known: Sequence[int] = ()) -> Settled:
        """Return the least value of the objective. ``known`` values of the first columns begin the search."""
        return self._minimise(objective, known)[1]

    def settle(self, objective: Mapping[int, int], known: Sequence[int] = ()) -> Settled:
        """Like ``probe``; from now on only solutions that have this value remain."""
        relaxed, settled = self._minimise(objective, known)
        self._keep_optimal(objective, relaxed, settled)
        return settled

    def _minimise(self, objective: Mapping[int, int], known: Sequence[int]) -> tuple[_Relaxed, Settled]:
        self._hand_over()
        self._set_objective(objective)
        relaxed = self._relax()
        return relaxed, self._rounded(relaxed) or self._search(known, relaxed)

    def _hand_over(self) -> None:
        """Give HiGHS the columns and rows added since the last objective."""
        known = self._highs.getNumCol()
        most = np.array(self._most[known:])
        self._highs.addVars(len(most), np.zeros(len(most)), most)
        whole = [column for column in self._choices if column >= known]
        self._highs.changeColsIntegrality(
            len(whole), _indices(whole), np.full(len(whole), highspy.HighsVarType.kInteger)
        )
        terms = [term for row in self._rows for term in row[0]]
        starts = [0, *accumulate(len(row[0]) for row in self._rows)][:-1]
        self._highs.addRows(
            len(self._rows),
            np.array([row[1] for row in self._rows], float),
            np.array([row[2] for row in self._rows], float),
            len(terms),
            _indices(starts),
            _indices(column for column, _factor in terms),
            np.array([factor for _column, factor in terms], float),
        )
        self._rows.clear()

    def _set_objective(self, objective: Mapping[int, int]) -> None:
        costs = np.zeros(self._highs.getNumCol())
        costs[list(objective)] = list(objective.values())
        self._highs.changeColsCost(len(costs), _indices(range(len(costs))), costs)

    def _relax(self) -> _Relaxed:
        self._run(relaxed=True)
        found = self._highs.getSolution()
        value = self._highs.getInfo().objective_function_value
        return _Relaxed(value, *map(np.array, (found.col_value, found.col_dual, found.row_dual)))

    def _rounded(self, relaxed: _Relaxed) -> Settled | None:
        """The relaxation's own solution, if it leaves no choice undecided."""
        chosen = relaxed.solution[self._choices]
        if np.abs(chosen - np.round(chosen)).max(initial=0) > _NOISE:
            return None
        value = round(relaxed.value)
        return Settled(value, value, _whole_numbers(relaxed.solution))

    def _search(self, known: Sequence[int], relaxed: _Relaxed) -> Settled:
        if known:
            self._highs.setSolution(len(known), _indices(range(len(known))), np.array(known, float))
        self._run(relaxed=False)
        info = self._highs.getInfo()
        bound = math.ceil(max(info.mip_dual_bound, relaxed.value) - _NOISE)
        solution = _whole_numbers(np.array(self._highs.getSolution().col_value))
        return Settled(round(info.objective_function_value), bound, solution)

    def _run(self, *, relaxed: bool) -> None:
        if not self._most:  # nothing to decide
            return
        self._highs.setOptionValue("solve_relaxation", relaxed)
        self._highs.run()
        if self._highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise SolverFailed(str(self._highs.getModelStatus()))

    def _keep_optimal(self, objective: Mapping[int, int], relaxed: _Relaxed, settled: Settled) -> None:
        """Without a gap the prices say all; with one, a choice dearer than the gap is in no optimal solution."""
        gap = settled.value - relaxed.value
        if gap > _NOISE:
            self.keep_at_most(settled.value, list(objective.items()))
            self._fix_columns(relaxed.column_prices, gap + _NOISE, self._choices)
        else:
            self._fix_columns(relaxed.column_prices, _NOISE, range(len(relaxed.solution)))
            self._tighten_rows(relaxed.row_prices)

    def _fix_columns(self, prices: Vector, limit: float, columns: Sequence[int]) -> None:
        """A column whose price exceeds the limit stays at the bound where the relaxation has it."""
        programme = self._highs.getLp()
        least, most = np.array(programme.col_lower_), np.array(programme.col_upper_)
        concerned = np.zeros(len(prices), bool)
        concerned[columns] = True
        low, high = concerned & (prices > limit), concerned & (prices < -limit)
        most[low], least[high] = least[low], most[high]
        self._highs.changeColsBounds(len(least), _indices(range(len(least))), least, most)

    def _tighten_rows(self, prices: Vector) -> None:
        """A row that has a price leaves nothing over."""
        limits = self._highs.getLp().row_upper_
        for row in np.flatnonzero(np.abs(prices) > _NOISE):
            self._highs.changeRowBounds(int(row), limits[row], limits[row])


def _indices(values: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(values, np.int32)


def _whole_numbers(values: Vector) -> list[int]:
    return [int(value) for value in np.round(values)]
