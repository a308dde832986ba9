"""The browser of the tests: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil

import pytest

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
