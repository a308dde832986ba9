"""Every page, in both themes: accessible, silent, alone, light, and no wider than a narrow phone."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, Response
from playwright.sync_api import Page as Tab

from eventsapp import create_app
from tests.browser.conftest import Site
from tests.browser.pages import NOT_PAGES, TEAM, VISITORS, Page
from tests.factories.browsers import broken_rules

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES, MOST_REQUESTS = 150 * 1024, 10
PAGES = [*VISITORS, *TEAM]


@dataclass
class Visit:
    """A page shown, and what happened meanwhile."""

    tab: Tab
    said: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    @property
    def answer(self) -> Response:
        """The last document."""
        return self.answers[-1]

    def listen(self) -> None:
        self.tab.on(
            "console", lambda one: self.said.append(one.text) if one.type in ("error", "warning") else None
        )
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda sent: self.requests.append(sent))
        self.tab.on("response", self._keep_document)

    def _keep_document(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.answers.append(response)

    def complaints(self, status: int) -> list[str]:
        # Chromium says on its console that an error page is one.
        return [said for said in self.said if status == 200 or not said.startswith("Failed to load resource")]


def _visit(context: BrowserContext, site: Site, page: Page) -> Visit:
    visit = Visit(context.new_page())
    visit.tab.set_default_timeout(15_000)
    visit.listen()
    visit.tab.goto(site.address(page.endpoint, page.args))
    if page.act:
        page.act(visit.tab)
    visit.tab.wait_for_load_state()
    visit.tab.locator("html[data-scripts=ready]").wait_for(state="attached")
    visit.tab.evaluate("document.fonts.ready.then(() => true)")
    return visit


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_sound(browser: Browser, site: Site, signed_in: Any, page: Page) -> None:
    _look_at(browser, site, page, cookies=signed_in if page.is_office else None)


def test_the_page_of_a_closed_door_is_sound(
    browser: Browser, site: Site, signed_in_as_secretary: Any
) -> None:
    page = Page("accounts.list_accounts", status=403)
    _look_at(browser, site, page, cookies=signed_in_as_secretary)


def _look_at(browser: Browser, site: Site, page: Page, *, cookies: Any) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",
        storage_state=cookies,
    )
    try:
        visit = _visit(context, site, page)
        assert visit.answer.status == page.status
        assert broken_rules(visit.tab) == []
        if page.is_public and page.act is None:
            assert len(visit.requests) <= MOST_REQUESTS
            assert _weight(visit) <= MOST_BYTES
        _dump(visit.answer.text(), page)
        assert _widest(visit.tab, 320) <= 320
        visit.tab.set_viewport_size({"width": 1280, "height": 900})
        visit.tab.emulate_media(color_scheme="dark")
        assert broken_rules(visit.tab, of_colours_only=True) == []
        assert visit.complaints(page.status) == []
        assert [sent.url for sent in visit.requests if not sent.url.startswith(site.url)] == []
    finally:
        context.close()


def _weight(visit: Visit) -> int:
    return sum(sent.sizes()["responseBodySize"] for sent in visit.requests)


def _widest(tab: Tab, width: int) -> int:
    tab.set_viewport_size({"width": width, "height": 700})
    return int(tab.evaluate("document.documentElement.scrollWidth"))


def _dump(html: str, page: Page) -> None:
    """Keep the page for the HTML validator of .ci/run."""
    if folder := os.environ.get("PAGES_DUMP"):
        path = Path(folder) / f"{page.name}-{page.status}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html)


def test_no_page_is_missing_from_the_table() -> None:
    app = create_app({"SECRET_KEY": "a key for tests only, long enough to be one", "LOG_LEVEL": "ERROR"})
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    known = {page.endpoint for page in PAGES} | NOT_PAGES
    assert sorted(opened - known) == []
    assert sorted(known - opened) == []
