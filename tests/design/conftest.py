"""The gallery served to a real browser."""

from __future__ import annotations

import threading

import pytest
from werkzeug.serving import make_server

from eventsapp import create_app


@pytest.fixture(scope="session")
def site():
    """The address of an application that shows its gallery, on a free port; the gallery reads no table."""
    app = create_app(
        {
            "DEVELOPMENT": True,
            "SECRET_KEY": "a key for tests only, long enough to be one",
            "LOG_LEVEL": "ERROR",
        }
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser, site):
    """Open a page of the site; what the console complains of fails the test at its end."""
    contexts, complaints = [], []

    def open_page(path, *, width=1280, theme="light", scripts=True, answers=None):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on(
            "console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for pattern, answer in (answers or {}).items():
            page.route(pattern, answer)
        page.goto(site + path)
        if scripts:
            page.locator("html[data-scripts=ready]").wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
