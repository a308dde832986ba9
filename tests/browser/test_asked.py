"""Questions that wait for an answer, in a browser with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.browser import steps
from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DIET = "Végétarien"
with_scripts = pytest.mark.parametrize("tab", [True], indirect=True, ids=["with-scripts"])
without_scripts = pytest.mark.parametrize("tab", [False], indirect=True, ids=["without-scripts"])


@pytest.fixture
def tab(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Tab]:
    """The step of the questions."""
    context = browser.new_context(java_script_enabled=request.param, reduced_motion="reduce")
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    tab.goto(site.address("registering.show_details", {"slug": "asking_slug"}))
    steps.give_details(tab)
    if request.param:
        tab.locator("html[data-scripts=ready]").wait_for(state="attached")
    expect(tab.get_by_role("group", name="Déjeunez-vous avec nous")).to_be_visible()
    yield tab
    context.close()


@with_scripts
def test_a_question_shows_and_hides_at_once(tab: Tab) -> None:
    diet = tab.get_by_label(DIET)
    expect(diet).to_be_hidden()
    expect(diet).to_be_disabled()
    tab.get_by_label("Oui", exact=True).check()
    expect(diet).to_be_visible()
    diet.check()
    tab.get_by_label("Non", exact=True).check()
    expect(diet).to_be_hidden()
    tab.get_by_label("Oui", exact=True).check()
    expect(diet).to_be_checked()
    tab.locator("main form button.primary").click()
    expect(tab.get_by_role("heading", name="Vos ateliers")).to_be_visible()


@without_scripts
def test_a_question_comes_after_sending_and_has_the_focus(tab: Tab) -> None:
    expect(tab.get_by_label(DIET)).to_be_hidden()
    tab.get_by_label("Oui", exact=True).check()
    tab.get_by_label("De quelle commune").fill("Lille")
    tab.locator("main form button.primary").click()
    expect(tab.get_by_label(DIET)).to_be_visible()
    expect(tab.get_by_text("D’après votre réponse, une question s’ajoute")).to_be_focused()
    expect(tab.get_by_label("De quelle commune")).to_have_value("Lille")
    tab.keyboard.press("Tab")
    expect(tab.get_by_label(DIET)).to_be_focused()
    tab.locator("main form button.primary").click()
    expect(tab.get_by_role("heading", name="Vos ateliers")).to_be_visible()


@with_scripts
def test_communes_are_suggested_while_one_is_typed(tab: Tab) -> None:
    commune = tab.get_by_label("De quelle commune")
    commune.press_sequentially("renn")
    expect(tab.locator("datalist option[value^='Rennes (35']").first).to_be_attached()
    tab.get_by_label("Non", exact=True).check()
    commune.fill("Rennes (35000)")
    tab.locator("main form button.primary").click()
    expect(tab.get_by_role("heading", name="Vos ateliers")).to_be_visible()
