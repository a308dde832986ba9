"""Outlines of régions and départements, read once from the committed files."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Outline:
    """One territory as an SVG path in the map's units, with the best place for its label."""

    code: str
    name: str
    region: str
    path: str
    x: int
    y: int


@cache
def region_outlines() -> tuple[Outline, ...]:
    """Return the 18 régions of today, by name: the order of the Tab key."""
    return tuple(Outline(region=row["code"], **row) for row in _read("map_regions.json"))


@cache
def department_outlines() -> tuple[Outline, ...]:
    """Return the 101 départements."""
    return tuple(Outline(**row) for row in _read("map_departments.json"))


@cache
def drawn_departments() -> frozenset[str]:
    """Return the codes of the départements a pin can fall in."""
    return frozenset(outline.code for outline in department_outlines())


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return rows
