"""The map of régions as plain data: `templates/components/region_map.html` only draws it.

draw_region_map(
    counts={"53": 3, "11": 12},
    places=[Place(48.11, -1.68, "35", 1, "Rennes, 14 juin 2011", "/rencontres/rennes-2011")],
    hrefs={"53": "/rencontres?region=53"},
    current="53",
    title=_("Rencontres par région"),
    say_count=lambda n: ngettext("%(num)d rencontre", "%(num)d rencontres", n),
)
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventsapp.core.i18n import _
from eventsapp.geography.outlines import Outline, drawn_departments, region_outlines
from eventsapp.geography.pins import Pin, Place, is_on_map, spread_pins
from eventsapp.geography.projection import HEIGHT, INSET_SIDE, INSETS, WIDTH, Inset
from eventsapp.geography.steps import Step, shade_of, steps_up_to

LONGEST_LINE = 10
CORSICA = "94"
CAPTIONED = {CORSICA, *(inset.region for inset in INSETS.values())}
UNDER_INSET = 165


@dataclass(frozen=True, slots=True)
class Area:
    """One région, coloured by its count; `label` is what a screen reader says.

    `name_lines` is written on the région; empty when it is too small and has a caption beside it.
    """

    code: str
    name: str
    name_lines: tuple[str, ...]
    path: str
    x: int
    y: int
    count: int
    shade: int
    label: str
    href: str | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """A name written beside its région."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One colour and the counts it stands for."""

    shade: int
    label: str


@dataclass(frozen=True, slots=True)
class RegionMap:
    """Everything the macro draws: the picture, its words, its legend and its twin table."""

    title: str
    description: str
    width: int
    height: int
    inset_side: int
    areas: tuple[Area, ...]
    insets: tuple[Inset, ...]
    captions: tuple[Caption, ...]
    pins: tuple[Pin, ...]
    unplaced: tuple[Place, ...]
    legend: tuple[LegendEntry, ...]

    @property
    def rows(self) -> list[Area]:
        """The régions in the order of the twin table: the largest counts first, then by name."""
        return sorted(self.areas, key=lambda area: (-area.count, area.name))


def draw_region_map(
    *,
    counts: Mapping[str, int],
    title: str,
    say_count: Callable[[int], str],
    places: Iterable[Place] = (),
    hrefs: Mapping[str, str] | None = None,
    current: str | None = None,
) -> RegionMap:
    """Return the map of the 18 régions: shades for `counts`, numbered pins for `places`."""
    placed, unplaced = _part(places)
    steps = steps_up_to(max(counts.values(), default=0))
    links = hrefs or {}
    return RegionMap(
        title=title,
        description=_(
            "Chaque région est colorée selon son nombre. "
            "Les mêmes données sont dans le tableau qui suit la carte."
        ),
        width=WIDTH,
        height=HEIGHT,
        inset_side=INSET_SIDE,
        areas=tuple(
            _area(outline, counts.get(outline.code, 0), steps, say_count, links.get(outline.code), current)
            for outline in region_outlines()
        ),
        insets=tuple(INSETS.values()),
        captions=_captions(),
        pins=tuple(spread_pins(placed)),
        unplaced=tuple(unplaced),
        legend=tuple(_legend_entry(step) for step in steps),
    )


def _part(places: Iterable[Place]) -> tuple[list[Place], list[Place]]:
    drawn = drawn_departments()
    every = list(places)
    return (
        [place for place in every if is_on_map(place, drawn)],
        [place for place in every if not is_on_map(place, drawn)],
    )


def _area(
    outline: Outline,
    count: int,
    steps: Sequence[Step],
    say_count: Callable[[int], str],
    href: str | None,
    current: str | None,
) -> Area:
    return Area(
        code=outline.code,
        name=outline.name,
        name_lines=() if outline.code in CAPTIONED else _lines(outline.name),
        path=outline.path,
        x=outline.x,
        y=outline.y,
        count=count,
        shade=shade_of(count, steps),
        label=_("%(place)s : %(count)s", place=outline.name, count=say_count(count)),
        href=href,
        is_current=outline.code == current,
    )


def _captions() -> tuple[Caption, ...]:
    corsica = next(outline for outline in region_outlines() if outline.code == CORSICA)
    below = INSET_SIDE + UNDER_INSET
    return (
        *(Caption(inset.x + INSET_SIDE // 2, inset.y + below, inset.name) for inset in INSETS.values()),
        Caption(corsica.x, corsica.y, corsica.name),
    )


def _lines(name: str) -> tuple[str, ...]:
    """Cut a long name in two at the space or hyphen nearest to its middle."""
    if len(name) < LONGEST_LINE:
        return (name,)
    cuts = [match.end() for match in re.finditer(r"[ -]", name)]
    if not cuts:
        return (name,)
    cut = min(cuts, key=lambda position: abs(position - len(name) / 2))
    return name[:cut].rstrip(), name[cut:]


def _legend_entry(step: Step) -> LegendEntry:
    if step.low == step.high:
        return LegendEntry(step.shade, str(step.low))
    return LegendEntry(step.shade, _("%(low)d à %(high)d", low=step.low, high=step.high))
