"""A link that only a rare state shows must lead somewhere too."""

import re

from eventsapp import create_app
from tests.architecture.source_tree import ROOT, TEMPLATES, name_of

NAMED = re.compile(r"""(?:url_for|public_url|href_of|see_other)\(\s*['"]([a-z_]+\.[a-z_]+)['"]""")

ANOTHER_SITE = "mail_catcher."  # the local mailbox is an application of its own


def test_every_endpoint_named_in_the_sources_exists():
    app = create_app({"SECRET_KEY": "a key for tests only, long enough to be one", "DEVELOPMENT": True})
    files = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt"), *(ROOT / "eventsapp").rglob("*.py")]
    wrong = [
        f"{name_of(path)}: {endpoint}"
        for path in files
        for endpoint in NAMED.findall(path.read_text())
        if endpoint not in app.view_functions and not endpoint.startswith(ANOTHER_SITE)
    ]
    assert wrong == []
