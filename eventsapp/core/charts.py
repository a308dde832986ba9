"""Geometry of charts drawn by the server: a curve in a box of 100 by 100, whatever its size on screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 4  # between the lines of the scale
_ROUND = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Curve:
    """What components/line_chart.html draws.

    ``scale`` holds the numbers beside the lines, the highest first; ``limit`` how far down its own line is.
    """

    points: str
    scale: tuple[int, ...]
    limit: float | None


def curve(values: Sequence[int], limit: int | None = None) -> Curve:
    """Return the curve of these values, evenly spaced from the left side to the right one.

    A limit more than three times as high as the values is left out: it would flatten them.
    """
    highest = max(values, default=0)
    if limit is not None and limit > 3 * max(highest, 1):
        limit = None
    top = round_top(max(highest, limit or 0))
    across = max(len(values) - 1, 1)
    points = " ".join(f"{100 * at / across:.2f},{_down(value, top):.2f}" for at, value in enumerate(values))
    scale = tuple(top * step // STEPS for step in range(STEPS, -1, -1))
    return Curve(points, scale, None if limit is None else round(_down(limit, top), 2))


def round_top(highest: int) -> int:
    """Return a round number, that or a little more, which STEPS divides into round numbers."""
    unit = 1
    while True:
        for number in _ROUND:
            if number * unit * STEPS >= highest:
                return number * unit * STEPS
        unit *= 10


def _down(value: int, top: int) -> float:
    return 100 - 100 * value / top
