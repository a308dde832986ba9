"""The map of régions: outlines, pins, words and weight."""

import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask, get_template_attribute

from eventsapp.geography.files import DATA
from eventsapp.geography.maps import RegionMap, draw_region_map
from eventsapp.geography.outlines import department_outlines, drawn_departments, region_outlines
from eventsapp.geography.pins import APART, Place, spread_pins
from eventsapp.geography.projection import project

Ring = list[tuple[int, int]]

CITIES = [
    ("Lille", "32", "59", 50.6292, 3.0573),
    ("Paris", "11", "75", 48.8566, 2.3522),
    ("Metz", "44", "57", 49.1193, 6.1757),
    ("Lyon", "84", "69", 45.7640, 4.8357),
    ("Rennes", "53", "35", 48.1173, -1.6778),
    ("Corte", "94", "2B", 42.3064, 9.1490),
    ("Saint-Denis", "04", "974", -20.8821, 55.4507),
]


def rings(path: str) -> Iterator[Ring]:
    for x, y, moves in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", path):
        ring = [(int(x), int(y))]
        numbers = [int(number) for number in re.findall(r"-?\d+", moves)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        yield ring


def is_inside(path: str, x: float, y: float) -> bool:
    crossings = 0
    for ring in rings(path):
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(("name", "region", "department", "latitude", "longitude"), CITIES)
def test_a_pin_falls_inside_its_region_and_department(
    name: str, region: str, department: str, latitude: float, longitude: float
) -> None:
    x, y = project(latitude, longitude, department)
    assert [o.code for o in region_outlines() if is_inside(o.path, x, y)] == [region]
    assert [o.code for o in department_outlines() if is_inside(o.path, x, y)] == [department]


def test_there_are_18_regions_and_101_departments_and_they_stay_light() -> None:
    assert len(region_outlines()) == 18
    assert len(drawn_departments()) == 101
    assert {o.region for o in department_outlines()} == {o.code for o in region_outlines()}
    assert sum((DATA / f"map_{level}.json").stat().st_size for level in ("regions", "departments")) < 110_000


def in_paris(number: int) -> Place:
    return Place(48.8566, 2.3522, "75", number, f"Paris, jour {number}", f"/rencontres/{number}")


def test_pins_of_one_town_are_spread_and_tied_to_it() -> None:
    pins = spread_pins(in_paris(number) for number in range(1, 41))
    assert not pins[0].is_moved
    assert all(pin.is_moved for pin in pins[1:])
    assert len({(pin.point_x, pin.point_y) for pin in pins}) == 1
    heads = [(pin.x, pin.y) for pin in pins]
    assert all(math.dist(a, b) >= APART - 2 for i, a in enumerate(heads) for b in heads[:i])


def test_a_pin_alone_stands_on_its_point_even_near_the_edge() -> None:
    ouessant = Place(48.4567, -5.0964, "29", 1, "Ouessant", "/rencontres/ouessant")
    assert not spread_pins([ouessant])[0].is_moved


def say_count(count: int) -> str:
    return f"{count} rencontre{'s' if count > 1 else ''}"


def drawn(places: list[Place], current: str | None = None) -> RegionMap:
    return draw_region_map(
        counts={"53": 3, "11": 12, "04": 1},
        title="Rencontres par région",
        say_count=say_count,
        places=places,
        hrefs={outline.code: f"/rencontres?region={outline.code}" for outline in region_outlines()},
        current=current,
    )


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


@pytest.mark.usefixtures("in_request")
def test_a_region_says_its_name_and_count() -> None:
    labels = {area.code: area.label for area in drawn([]).areas}
    assert labels["53"] == "Bretagne\u00a0: 3 rencontres"
    assert labels["06"] == "Mayotte\u00a0: 0 rencontre"


@pytest.mark.usefixtures("in_request")
def test_a_place_outside_the_map_is_listed_beside_it() -> None:
    noumea = Place(-22.27, 166.44, "988", 2, "Nouméa", "/rencontres/noumea")
    online = Place(None, None, None, 3, "En ligne", "/rencontres/en-ligne")
    drawing = drawn([in_paris(1), noumea, online])
    assert [pin.number for pin in drawing.pins] == [1]
    assert list(drawing.unplaced) == [noumea, online]


class Elements(HTMLParser):
    """Collects the elements of the page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def html_of(drawing: RegionMap) -> str:
    return str(get_template_attribute("components/region_map.html", "region_map")(drawing))


@pytest.mark.usefixtures("in_request")
def test_the_drawing_has_a_named_link_for_each_region_and_pin_and_no_style() -> None:
    elements = Elements(html_of(drawn([in_paris(1), in_paris(2)], current="53"))).found
    links = {a["href"]: a for tag, a in elements if tag == "a" and a.get("aria-label")}
    assert {f"/rencontres?region={o.code}" for o in region_outlines()} <= set(links)
    assert links["/rencontres?region=11"]["aria-label"] == "Île-de-France\u00a0: 12 rencontres"
    assert links["/rencontres?region=53"]["aria-current"] == "true"
    assert links["/rencontres/2"]["aria-label"] == "2. Paris, jour 2"
    assert not [tag for tag, attributes in elements if "style" in attributes or tag in ("style", "script")]
    ids = [a["id"] for _, a in elements if a.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("in_request")
def test_the_twin_table_starts_with_the_largest_count() -> None:
    html = html_of(drawn([]))
    table = html[html.index("<tbody>") :]
    assert table.index("Île-de-France") < table.index("Bretagne") < table.index("La Réunion")
    assert table.count('<th scope="row">') == 18


@pytest.mark.usefixtures("in_request")
def test_a_map_with_thirty_pins_stays_under_35_kilobytes() -> None:
    assert len(html_of(drawn([in_paris(number) for number in range(1, 31)], current="75")).encode()) < 35_000
