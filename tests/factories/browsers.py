"""The browser of the tests: where it is, how it is started, and what it finds wrong with a page."""

from __future__ import annotations

import os
import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Chromium as in a container: no sandbox of its own, nothing that calls home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str:
    """Return the path of Chromium; without one the test is skipped, or fails where BROWSER_TESTS=required."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None and os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail("no Chromium found, and BROWSER_TESTS=required")
    if path is None:
        pytest.skip("no Chromium found: browser tests are skipped")
    return path


# The rules of axe: what WCAG 2.2 AA asks, and good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is broken comes back, in short: the whole report of a long list is a megabyte.
FIND = """
([tags, coloursOnly]) => {
  const others = axe.getRules().filter((rule) => coloursOnly && !rule.tags.includes("cat.color"));
  const options = {
    runOnly: { type: "tag", values: tags },
    rules: Object.fromEntries(others.map((rule) => [rule.ruleId, { enabled: false }])),
    resultTypes: ["violations"],
  };
  return axe.run(options).then(({ violations }) => violations.map(
    ({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))]
  ));
}
"""


def broken_rules(page: Page, *, of_colours_only: bool = False) -> list[tuple[str, list[str]]]:
    """Return each rule of accessibility that the page breaks, and where.

    With `of_colours_only`, ask the rules about colours alone: the theme changes nothing else
    (tests/design/test_contrast.py), so a page wholly checked in one needs no more in the other.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(rule, places) for rule, places in page.evaluate(FIND, [RULES, of_colours_only])]
