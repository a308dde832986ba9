"""Every pair of colours in use is readable, in the light theme and in the dark one (WCAG 2.2 AA, body text AAA)."""

import re

import pytest

from tests.architecture.source_tree import ROOT

BODY, TEXT, SHAPE = 7, 4.5, 3  # floors of contrast
PAIRS = [
    *[("text", paper, BODY) for paper in ("bg", "surface", "sunken", "accent-soft")],
    *[("text", f"{tone}-soft", BODY) for tone in ("danger", "warning", "success", "info")],
    *[("muted", paper, TEXT) for paper in ("bg", "surface", "sunken")],
    *[("link", paper, TEXT) for paper in ("bg", "surface", "sunken", "accent-soft")],
    *[("accent", paper, TEXT) for paper in ("bg", "surface", "sunken", "accent-soft")],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-accent", "danger", TEXT),
    *[("danger", paper, TEXT) for paper in ("bg", "surface", "danger-soft")],
    *[(tone, f"{tone}-soft", TEXT) for tone in ("success", "warning", "info")],
    *[(tone, "surface", TEXT) for tone in ("success", "warning", "info", "pin")],
    ("pin", "bg", TEXT),
    *[("border-field", paper, SHAPE) for paper in ("bg", "surface", "sunken")],
    *[("focus", paper, SHAPE) for paper in ("bg", "surface", "sunken", "accent-soft")],
    ("line-strong", "bg", SHAPE),
    ("pin", "q0", SHAPE),
    ("pin-ring", "pin", SHAPE),
    ("q5", "bg", SHAPE),
    ("line-strong", "q0", SHAPE),
    *[("text", f"q{step}", TEXT) for step in range(4)],  # names written on the map
    *[("bg", f"q{step}", TEXT) for step in (4, 5)],
]
TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")


def tokens():
    css = (ROOT / "static/css/tokens.css").read_text()
    return {name: {"light": light, "dark": dark} for name, light, dark in TOKEN.findall(css)}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "floor"), PAIRS)
def test_this_pair_of_colours_is_readable(ink, paper, floor, theme):
    colours = tokens()
    assert contrast(colours[ink][theme], colours[paper][theme]) >= floor


def test_black_on_white_has_the_greatest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_only_the_tokens_hold_colours():
    """A component that names a colour of its own escapes the dark theme and this test."""
    sheets = [
        path
        for path in (ROOT / "static/css").rglob("*.css")
        if path.name not in ("tokens.css", "document.css", "print.css")
    ]
    named = [path.name for path in sheets if re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*{)", path.read_text())]
    assert named == []


def test_a_theme_changes_colours_alone():
    """Browser tests ask in one theme only what does not depend on colours."""
    sheets = [path.read_text() for path in (ROOT / "static/css").rglob("*.css")]
    scripts = [path.read_text() for path in (ROOT / "static/js").rglob("*.js")]
    assert [text for text in [*sheets, *scripts] if "prefers-color-scheme" in text] == []
    colour = r"(?:#[0-9a-f]{6}|rgb\([^()]*\))"
    others = rf"light-dark\((?!{colour}, {colour}\))"
    assert [found for text in sheets for found in re.findall(others, text)] == []
    forced = re.findall(r"[^{}]*data-theme[^{}]*{([^}]*)}", "".join(sheets))
    assert sorted(rule.strip() for rule in forced) == ["color-scheme: dark;", "color-scheme: light;"]
