"""Pins of a map that stay apart, so that each can be clicked. Pure."""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from eventsapp.geography.projection import HEIGHT, WIDTH, project

APART = 330  # between the centres of two heads; a head is 250 wide, a third more on phones
FROM_TIPS = 170  # no head hides the tip of another pin
HEAD = 205  # a pin that stands on its point carries its head this much above
EDGE = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A numbered thing to show on the map. Without a position it is listed beside the map."""

    latitude: float | None
    longitude: float | None
    department: str | None
    number: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A head (x, y) and the point it shows: stood on it, or moved aside and tied to it by a line."""

    x: int
    y: int
    point_x: int
    point_y: int
    number: int
    label: str
    href: str

    @property
    def is_moved(self) -> bool:
        """True when a line must tie the head to its point."""
        return (self.x, self.y) != (self.point_x, self.point_y - HEAD)


def is_on_map(place: Place, departments: Collection[str]) -> bool:
    """True when the place has a position in a département that is drawn."""
    return place.latitude is not None and place.longitude is not None and place.department in departments


def spread_pins(places: Iterable[Place]) -> list[Pin]:
    """Pin each place at its point, or at the nearest free spot around when another pin is there."""
    pins: list[Pin] = []
    for place in places:
        if place.latitude is None or place.longitude is None:
            continue
        x, y = (round(v) for v in project(place.latitude, place.longitude, place.department))
        spot = next(spot for spot in _spots_around(x, y - HEAD) if _is_free(spot, pins))
        pins.append(Pin(*spot, x, y, place.number, place.label, place.href))
    return pins


def _spots_around(x: int, y: int) -> Iterator[tuple[int, int]]:
    """The head's own spot, then rings wider and wider; the edge of the drawing cuts them."""
    yield x, y
    for ring in count(1):
        for rank in range(6 * ring):
            angle = math.tau * rank / (6 * ring)
            spot = x + round(APART * ring * math.cos(angle)), y - round(APART * ring * math.sin(angle))
            if EDGE <= spot[0] <= WIDTH - EDGE and EDGE <= spot[1] <= HEIGHT - EDGE:
                yield spot


def _is_free(spot: tuple[int, int], pins: Iterable[Pin]) -> bool:
    return all(
        math.dist(spot, (pin.x, pin.y)) >= APART - 2
        and (pin.is_moved or math.dist(spot, (pin.point_x, pin.point_y)) >= FROM_TIPS)
        for pin in pins
    )
