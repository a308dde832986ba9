"""Classes of a coloured map: which shade a count takes, and what the legend says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SHADES = 5


@dataclass(frozen=True, slots=True)
class Step:
    """Counts from `low` to `high` take the shade (0 is the shade of nothing)."""

    low: int
    high: int
    shade: int


def steps_up_to(highest: int) -> list[Step]:
    """Return at most six steps: zero apart, then steps of the same round width."""
    if highest <= 0:
        return [Step(0, 0, 0)]
    width = _round_width(-(-highest // SHADES))
    lows = list(range(1, highest + 1, width))
    shades = [_spread_shade(rank, len(lows)) for rank in range(len(lows))]
    return [Step(0, 0, 0)] + [
        Step(low, low + width - 1, shade) for low, shade in zip(lows, shades, strict=True)
    ]


def shade_of(count: int, steps: Sequence[Step]) -> int:
    """Return the shade of the step that holds the count."""
    return next(step.shade for step in steps if count <= step.high)


def _round_width(least: int) -> int:
    """Return the first of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30… that is wide enough."""
    power = int(10 ** (len(str(least)) - 1))
    return next(digit * power for digit in (1, 2, 3, 4, 5, 6, 8, 10) if digit * power >= least)


def _spread_shade(rank: int, steps: int) -> int:
    """Few steps keep well apart: one takes the middle shade, two the second and fourth…"""
    return 1 + (SHADES * (2 * rank + 1)) // (2 * steps)
