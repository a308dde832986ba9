"""Latitude and longitude to the units of the map.

The same function serves `bin/build-geography` (outlines) and the request (pins), so a pin can only
fall where its outline was drawn. Units are tenths of a drawing unit, whole numbers: they keep the SVG
small.
"""

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 6200, 6700
INSET_SIDE = 880
INSET_MARGIN = 50


@dataclass(frozen=True, slots=True)
class Inset:
    """A square frame for one overseas département: what it shows, and where its corner is."""

    department: str
    region: str
    name: str
    latitude: float
    longitude: float
    span: float
    x: int
    y: int


INSETS = {
    inset.department: inset
    for inset in (
        Inset("971", "01", "Guadeloupe", 16.17, -61.42, 0.95, 40, 5560),
        Inset("972", "02", "Martinique", 14.64, -61.02, 0.62, 1060, 5560),
        Inset("973", "03", "Guyane", 3.95, -53.10, 4.5, 2080, 5560),
        Inset("974", "04", "La Réunion", -21.13, 55.53, 0.68, 3100, 5560),
        Inset("976", "06", "Mayotte", -12.82, 45.15, 0.50, 4120, 5560),
    )
}

# The mainland and Corsica: the parallels and origin of Lambert 93, on a sphere.
_SOUTH, _NORTH = math.radians(44), math.radians(49)
_ORIGIN_LATITUDE, _ORIGIN_LONGITUDE = math.radians(46.5), math.radians(3)
_SCALE, _ORIGIN_X, _ORIGIN_Y = 34_000.0, 3_220.0, 2_780.0


def _meridian_stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_CONE = math.log(math.cos(_SOUTH) / math.cos(_NORTH)) / math.log(
    _meridian_stretch(_NORTH) / _meridian_stretch(_SOUTH)
)
_FACTOR = math.cos(_SOUTH) * _meridian_stretch(_SOUTH) ** _CONE / _CONE
_ORIGIN_RADIUS = _FACTOR / _meridian_stretch(_ORIGIN_LATITUDE) ** _CONE


def project(latitude: float, longitude: float, department: str | None) -> tuple[float, float]:
    """Return x and y on the map; `department` tells an overseas point, drawn in its own frame."""
    inset = INSETS.get(department or "")
    if inset is not None:
        return _project_in(inset, latitude, longitude)
    radius = _FACTOR / _meridian_stretch(math.radians(latitude)) ** _CONE
    angle = _CONE * (math.radians(longitude) - _ORIGIN_LONGITUDE)
    return (
        _ORIGIN_X + _SCALE * radius * math.sin(angle),
        _ORIGIN_Y - _SCALE * (_ORIGIN_RADIUS - radius * math.cos(angle)),
    )


def _project_in(inset: Inset, latitude: float, longitude: float) -> tuple[float, float]:
    scale = (INSET_SIDE - 2 * INSET_MARGIN) / inset.span
    east = (longitude - inset.longitude) * math.cos(math.radians(inset.latitude)) * scale
    north = (latitude - inset.latitude) * scale
    return inset.x + INSET_SIDE / 2 + east, inset.y + INSET_SIDE / 2 - north
