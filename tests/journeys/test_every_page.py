"""Follows every link of the site with its demo data, as a visitor and as each demo account, and keeps the pages.

With PAGES_DUMP set, the pages are written there; .ci/run validates their HTML.
"""

import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from sqlalchemy import select

from eventsapp.accounts.models import Account, RoleGrant
from eventsapp.core.db import db

SITE = "http://localhost"
ADDRESSES_PER_VIEW = 4  # a list of 200 registrations needs not be read 200 times
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Links(HTMLParser):
    """Every address a page names, and every id it defines."""

    def __init__(self, html):
        super().__init__()
        self.found, self.ids = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if values.get("id") else []
        if tag in {"a", "link"} and values.get("href") and values.get("rel") != "preload":
            self.found.append(values["href"])
        if tag in {"img", "script", "source"} and values.get("src"):
            self.found.append(values["src"])


class Walk:
    """One reader going through the site, breadth first."""

    def __init__(self, app, client, reader):
        self.app, self.client, self.reader = app, client, reader
        self.seen, self.visits = set(), Counter()
        self.broken, self.pages = [], 0

    def from_page(self, start):
        waiting = [(start, "")]
        while waiting:
            address, origin = waiting.pop(0)
            waiting += [(link, address) for link in self.visit(address, origin)]

    def is_worth_a_visit(self, address):
        if address in self.seen or not address.startswith(f"{SITE}/") or "/deconnexion" in address:
            return False
        self.seen.add(address)
        path = urlsplit(address).path
        view, _arguments = self.app.url_map.bind("localhost").match(path) if self.exists(path) else (path, {})
        self.visits[view] += 1
        return view == "static" or self.visits[view] <= ADDRESSES_PER_VIEW

    def exists(self, path):
        return self.app.url_map.bind("localhost").test(path)

    def visit(self, address, origin):
        address, _fragment = urldefrag(address)
        if not self.is_worth_a_visit(address):
            return []
        answer = self.client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            self.broken.append(f"{self.reader}: {address} answers {answer.status_code}, linked from {origin}")
            return []
        if answer.mimetype != "text/html":
            answer.close()
            return []
        return self.read(address, answer.get_data(as_text=True))

    def read(self, address, html):
        links = Links(html)
        self.pages += 1
        self.keep(address, html)
        doubled = [name for name, times in Counter(links.ids).items() if times > 1]
        missing = [link for link in links.found if link.startswith("#") and link[1:] not in links.ids]
        if doubled or missing:
            self.broken.append(f"{self.reader}: {address} doubles ids {doubled}, misses {missing}")
        return [
            urljoin(address, link) for link in links.found if not link.startswith(("#", "mailto:", "tel:"))
        ]

    def keep(self, address, html):
        if folder := os.environ.get("PAGES_DUMP"):
            name = re.sub(r"\W+", "_", address.removeprefix(SITE)).strip("_") or "home"
            path = Path(folder) / self.reader / f"{name[:120]}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(html, encoding="utf-8")


@pytest.fixture
def demo(app, empty_database):
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output


def account_with(role):
    return db.session.scalars(
        select(Account).join(RoleGrant).where(RoleGrant.role == role).order_by(Account.id).limit(1)
    ).one()


def test_a_visitor_finds_no_broken_link(app, demo):
    walk = Walk(app, app.test_client(), "visitor")
    walk.from_page(f"{SITE}/")
    assert not walk.broken, "\n".join(walk.broken)
    assert walk.pages > 10


@pytest.mark.parametrize("role", ["administrator", "organiser", "secretary"])
def test_a_colleague_finds_no_broken_link(app, demo, sign_in, role):
    client = app.test_client()
    with app.app_context():
        sign_in(client, account_with(role))
    walk = Walk(app, client, role)
    walk.from_page(f"{SITE}/gestion")
    assert not walk.broken, "\n".join(walk.broken)
    assert walk.pages > 5
