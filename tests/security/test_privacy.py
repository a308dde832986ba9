"""What a stranger must not learn, and what must not circulate."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from structlog.testing import capture_logs

from eventsapp.accounts.views import _safe_target
from eventsapp.core.db import db
from eventsapp.core.files import FileIsNotAccepted, recognise_file
from eventsapp.core.forms import one_line, tidy
from eventsapp.registrations.details import Details
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration

REFERENCE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def _register(client: FlaskClient, slug: str, details: Details, reference: str) -> Any:
    given = {name: value for name, value in vars(details).items() if value}
    return client.post(
        f"/rencontres/{slug}/inscription/confirmation",
        data={**given, "reference": reference},
        follow_redirects=True,
    )


def test_the_last_page_does_not_tell_that_an_address_was_registered(app: Flask, client: FlaskClient) -> None:
    with stored(app):
        meeting = make_meeting()
        make_registration(meeting, email="victime@exemple.fr", reference="ACDE-FGHJ")
    known, fresh = "victime@exemple.fr", "autre@exemple.fr"
    shown = []
    for email, form in ((known, "KKKK-3333"), (fresh, "LLLL-4444")):
        # The same form, sent twice for the address, then for one of the stranger's own.
        addresses = (email, email, f"moi-{form[:1]}@exemple.fr")
        pages = [_register(client, meeting.slug, make_details(email=one), form) for one in addresses]
        shown.append([REFERENCE.findall(page.text)[0] for page in pages])
        assert shown[-1][0] == shown[-1][1]
        assert shown[-1][1] != shown[-1][2]
    assert "ACDE-FGHJ" not in {reference for references in shown for reference in references}
    with app.app_context():
        stored_references = set(db.session.scalars(select(Registration.reference)))
    # In both cases the stranger's own registration has the reference that its form promised, whoever came before.
    assert {references[2] for references in shown} < stored_references


def test_the_last_page_of_a_reserved_meeting_is_for_who_registered_there(
    app: Flask, client: FlaskClient
) -> None:
    with stored(app):
        meeting, reserved = make_meeting(), make_meeting(visibility="invited")
    _register(client, meeting.slug, make_details(), "KKKK-3333")
    assert client.get(f"/rencontres/{reserved.slug}/inscription/confirmation").status_code == 404


@pytest.fixture
def logged_errors() -> Iterator[None]:
    """Errors are logged, whatever the application made last in this process has asked for."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**before)


def test_a_crash_is_logged_without_anybody_s_name_or_link(
    app: Flask, client: FlaskClient, logged_errors: None
) -> None:
    view = app.view_functions["my_registration.show"]

    def crash(**_given: object) -> None:
        raise RuntimeError("nothing works")

    app.view_functions["my_registration.show"] = crash
    try:
        with capture_logs() as lines:
            assert client.get("/mon-inscription/jeton-secret").status_code == 500
    finally:
        app.view_functions["my_registration.show"] = view
    assert lines[0]["rule"] == "/mon-inscription/<token>"
    assert "jeton-secret" not in str(lines)


def test_a_refused_statement_does_not_say_its_values(context: None) -> None:
    with pytest.raises((OperationalError, ProgrammingError)) as refused:
        db.session.execute(text("SELECT :name FROM nowhere"), {"name": "Ada Secrète"})
    assert "Ada" not in str(refused.value)


def test_links_and_names_stay_out_of_search_engines(client: FlaskClient) -> None:
    for href in ("/mon-inscription/x", "/invitation/x", "/connexion/lien/x"):
        answer = client.get(href)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_other_language_of_a_page_is_always_a_page_of_ours(client: FlaskClient) -> None:
    answer = client.get("/rencontres?_scheme=javascript&_external=1&_anchor=%0Aalert(1)&endpoint=x&q=é")
    assert answer.status_code == 200
    assert 'href="/rencontres?' in answer.text
    assert "javascript:" not in answer.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "/\t/evil.example", "http://[x", "/ /x"]
)
def test_signing_in_leads_to_no_other_site(app: Flask, target: str) -> None:
    with app.test_request_context("/connexion", query_string={"suite": target}):
        assert _safe_target("/gestion") == "/gestion"


def test_a_name_is_one_line_without_unseen_marks() -> None:
    assert one_line(tidy("Ada\r\nBcc: x@exemple.fr\u202e\x00")) == "Ada Bcc: x@exemple.fr"


def test_a_file_that_names_its_type_twice_is_refused() -> None:
    """The first entry is small and is the one looked at; the second would fill the memory."""
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("mimetype", "0" * 1_000_000)
    with pytest.raises(FileIsNotAccepted):
        recognise_file(sent.getvalue(), "texte.odt")
