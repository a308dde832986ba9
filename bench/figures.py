"""Arithmetic and presentation of measures: medians, ratios, the table and the JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

LONGEST = 100.0  # seconds of rounds; with what is loaded before, a row stays under five minutes


class BrokenPromise(Exception):
    """What was measured was wrong: the figure means nothing and the command must fail."""


@dataclass(frozen=True)
class Figure:
    """What a row found: ours and the floor in the same unit (a rate: more is better), and the ratio aimed at."""

    row: str
    value: float
    unit: str
    floor: float
    bar: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else 0.0

    @property
    def is_below_bar(self) -> bool:
        return self.bar is not None and self.ratio < self.bar

    def as_json(self) -> str:
        """One line: row, value, unit, floor, ratio, details."""
        shown = {
            "row": self.row,
            "value": rounded(self.value),
            "unit": self.unit,
            "floor": rounded(self.floor),
            "ratio": rounded(self.ratio),
            "details": {"bar": self.bar, **self.details},
        }
        return json.dumps(shown, ensure_ascii=False)


@dataclass(frozen=True)
class Pairs:
    """Rates of ours and of the floor, taken in turn: the nth of each ran next to each other."""

    ours: Sequence[float]
    floor: Sequence[float]

    @property
    def value(self) -> float:
        return median(self.ours)

    @property
    def floor_value(self) -> float:
        return median(self.floor)

    def spread(self) -> dict[str, Any]:
        """Return the ratio of each pair, from the lowest to the highest: how noisy the run was."""
        ratios = sorted(ours / floor for ours, floor in zip(self.ours, self.floor, strict=True) if floor)
        return {
            "rounds": len(self.ours),
            "ratio_lowest": rounded(ratios[0]) if ratios else 0.0,
            "ratio_highest": rounded(ratios[-1]) if ratios else 0.0,
        }


def take_turns(
    ours: Callable[[], float], floor: Callable[[], float], rounds: int, seconds: float = LONGEST
) -> Pairs:
    """Measure A B B A A B…: each rate next to its floor, none always first.

    No round but the first begins after ``seconds``: a slow machine gets fewer of them.
    """
    pairs: list[tuple[float, float]] = []
    began = time.monotonic()
    for turn in range(rounds):
        if pairs and time.monotonic() - began > seconds:
            break
        if turn % 2:
            below = floor()
            pairs.append((ours(), below))
        else:
            above = ours()
            pairs.append((above, floor()))
    return Pairs([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def rounded(number: float) -> float:
    """Keep three significant digits: noise fills the others."""
    return float(f"{number:.3g}")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures for people."""
    lines = [f"{'row':18} {'ours':>9} {'floor':>9}  {'unit':16} {'ratio':>7}  {'bar':>6}"]
    lines += [_line(figure) for figure in figures]
    return "\n".join(lines)


def _line(figure: Figure) -> str:
    bar = "" if figure.bar is None else f"{figure.bar:.0%}"
    verdict = "  BELOW" if figure.is_below_bar else ""
    return (
        f"{figure.row:18} {figure.value:9.4g} {figure.floor:9.4g}  {figure.unit:16} "
        f"{figure.ratio:7.1%}  {bar:>6}{verdict}"
    )
