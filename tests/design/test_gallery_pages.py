"""What a browser finds on the sample pages, in both themes and on a phone."""

import pytest

from tests.factories.browsers import broken_rules

pytestmark = pytest.mark.browser

PUBLIC = [
    "/galerie",
    "/galerie/accueil",
    "/galerie/rencontre",
    "/galerie/formulaire",
    "/galerie/formulaire-refuse",
]
OFFICE = ["/galerie/gestion", "/galerie/comportements"]
KILOBYTE = 1024


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
@pytest.mark.parametrize("path", [*PUBLIC, *OFFICE])
def test_a_page_breaks_no_rule_of_accessibility(open_page, path, theme, width):
    assert broken_rules(open_page(path, theme=theme, width=width)) == []


@pytest.mark.parametrize("path", [*PUBLIC, *OFFICE])
def test_a_page_needs_no_sideways_scrolling_at_320_pixels(open_page, path):
    assert open_page(path, width=320).evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["/galerie/accueil", "/galerie/rencontre", "/galerie/formulaire"])
def test_a_public_page_is_light_and_asks_nobody_else(browser, site, path):
    context = browser.new_context(reduced_motion="reduce")
    page, weights = context.new_page(), {}
    page.on("requestfinished", lambda sent: weights.update({sent.url: sent.sizes()["responseBodySize"]}))
    page.goto(site + path, wait_until="networkidle")
    context.close()
    assert len(weights) <= 10
    assert sum(weights.values()) <= 150 * KILOBYTE
    assert all(url.startswith(site) for url in weights)


def test_the_theme_can_be_forced_whatever_the_system_says(open_page):
    page = open_page("/galerie", theme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
