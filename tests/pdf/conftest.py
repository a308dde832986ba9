"""The engine alone: no application, no database."""

import pytest

from eventsapp.pdf.fetching import static_assets
from eventsapp.pdf.render import render_document
from eventsapp.pdf.sandbox import FIXED
from tests.pdf.documents import CREATED_AT, PROJECT, minutes, sign_in_sheet


@pytest.fixture(scope="session", autouse=True)
def _the_environment_of_the_sandbox():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in FIXED.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def assets():
    return static_assets(PROJECT / "static")


@pytest.fixture(scope="session")
def render(assets):
    """Renders HTML in this process and gives the bytes."""

    def made(html, **options):
        return render_document(html, assets, created_at=CREATED_AT, **options).content

    return made


@pytest.fixture(scope="session")
def minutes_pdf(render):
    return render(minutes())


@pytest.fixture(scope="session")
def sheet_pdf(render):
    return render(sign_in_sheet())
