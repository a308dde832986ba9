"""Long lists and sheets: several files, each whole and accessible by itself, or a refusal that says what to do."""

from __future__ import annotations

import re
from functools import partial

import pytest

from eventsapp.attendance import documents, services
from eventsapp.attendance.queries import everyone_expected, half_days_of, marks_of_meeting, recent_orders
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.i18n import speaking
from eventsapp.pdf.orders import sandbox
from eventsapp.pdf.wire import Job
from tests.attendance.test_pages import path
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration
from tests.pdf.conformity import assert_conforms, text_of

PEOPLE = [f"PERSONNE{number:02}" for number in range(14)]


@pytest.fixture
def crowd(app, meeting):
    """Twelve people who come and two who are excused."""
    with stored(app):
        meeting = db.session.merge(meeting)
        account, half_day = make_account(), half_days_of(meeting)[0].key
        for name in PEOPLE:
            person = make_registration(meeting, family_name=name, given_name="Zoé")
            if name in PEOPLE[-2:]:
                services.note_attendance(meeting, person, half_day, "excused", by=account, at=now())
    return meeting


@pytest.fixture
def files(app, crowd):
    """The list in files of nine rows."""
    with app.app_context(), speaking("fr"):
        here = db.session.merge(crowd)
        people, marks = everyone_expected(here.id), marks_of_meeting(here.id)
        return documents.files_of_list(documents.participant_list(here, people, marks, {}), most=9)


def names(rows):
    return [row["name"].split()[0] for row in rows]


def test_everybody_is_in_one_file_and_the_totals_in_the_last(files):
    assert [[names(group["rows"]) for group in file["groups"]] for file in files] == [
        [PEOPLE[:6]],
        [PEOPLE[6:12]],
        [],
    ]
    assert [names(file["excused"]) for file in files] == [[], [], PEOPLE[12:]]
    assert [file["file"]["is_last"] for file in files] == [False, False, True]
    assert {file["total"] for file in files} == {12}


def test_each_file_is_accessible_archival_and_says_which_it_is(app, files):
    with app.app_context(), speaking("fr"):
        sources = [documents.render_list(file) for file in files]
    made = [sandbox.render(Job(html, now(), [], [])).content for html in sources]
    for number, pdf in enumerate(made, 1):
        assert_conforms(pdf)
        assert f"Fichier {number} sur 3" in text_of(pdf)
    assert ["Totaux" in text_of(pdf) for pdf in made] == [False, False, True]
    assert ["suite" in text_of(pdf) for pdf in made] == [False, True, False]


def test_a_long_sheet_numbers_its_rows_through_and_ends_once(app, crowd):
    with app.app_context(), speaking("fr"):
        here = db.session.merge(crowd)
        sheet = documents.half_day_sheet(here, half_days_of(here), everyone_expected(here.id))
        files = documents.files_of_sheet(sheet, most=8)
        made = [sandbox.render(Job(documents.render_sheet(file), now(), [], [])).content for file in files]
    assert [[row["number"] for row in file["rows"]] for file in files] == [[*range(1, 9)], [*range(9, 15)]]
    for pdf in made:
        assert_conforms(pdf)
    assert ["Totaux et signature" in text_of(pdf) for pdf in made] == [False, True]


def test_a_short_list_is_one_file_without_a_number(app, files, crowd):
    with app.app_context(), speaking("fr"):
        here = db.session.merge(crowd)
        content = documents.participant_list(here, everyone_expected(here.id), {}, {})
        (file,) = documents.files_of_list(content)
        assert "Fichier" not in documents.render_list(file)


def test_a_long_list_is_ordered_as_numbered_files_that_the_page_shows(app, desk, crowd, monkeypatch):
    monkeypatch.setattr(documents, "files_of_list", partial(documents.files_of_list, most=9))
    ordered = desk.post(
        path(crowd, "documents-a-imprimer/liste"), data={"who": "registered", "grouping": "name"}
    )
    assert (ordered.status_code, ordered.location) == (303, path(crowd, "documents-a-imprimer"))
    page = desk.get(ordered.location).text
    assert "il se prépare en 3 fichiers numérotés" in page
    with app.app_context():
        orders = recent_orders(crowd.id, desk.account_id)
        assert [order.title.rpartition(" ")[2] for order in orders] == ["(1/3)", "(2/3)", "(3/3)"]
        assert len({order.filename for order in orders}) == 3
        assert all(order.token in page for order in orders)


@pytest.mark.parametrize("what", ["liste", "emargement"])
def test_beyond_a_bound_the_page_proposes_the_spreadsheet_and_keeps_the_choice(
    app, desk, crowd, monkeypatch, what
):
    monkeypatch.setattr(services, "MOST_LISTED", len(PEOPLE) - 1)
    with app.app_context():
        day = half_days_of(db.session.merge(crowd))[-1].key[:10]
    forms = {"liste": {"who": "present", "grouping": "kind"}, "emargement": {"occasion": day}}
    answer = desk.post(path(crowd, f"documents-a-imprimer/{what}"), data=forms[what])
    assert answer.status_code == 422
    assert "Exportez plutôt les inscriptions vers un tableur" in answer.text
    assert "10\N{NO-BREAK SPACE}000 personnes" in answer.text
    for value in forms[what].values():
        assert re.search(
            rf'value="{value}"[^>]* (?:checked|selected)|(?:checked|selected)[^>]* value="{value}"',
            answer.text,
        )
    with app.app_context():
        assert recent_orders(crowd.id, desk.account_id) == []


def test_a_meeting_at_the_bound_is_not_refused(app, desk, crowd, monkeypatch):
    monkeypatch.setattr(services, "MOST_LISTED", len(PEOPLE))
    form = {"who": "present", "grouping": "kind"}
    assert desk.post(path(crowd, "documents-a-imprimer/liste"), data=form).status_code == 303


def test_another_meeting_as_long_counts_for_nothing(app, desk, crowd, monkeypatch):
    with stored(app):
        other = make_meeting()
        for _number in range(3):
            make_registration(other)
    monkeypatch.setattr(services, "MOST_LISTED", len(PEOPLE))
    answer = desk.post(
        path(crowd, "documents-a-imprimer/liste"), data={"who": "registered", "grouping": "name"}
    )
    assert answer.status_code == 303
    with app.app_context(), unit_of_work():
        (order,) = recent_orders(crowd.id, desk.account_id)
        assert answer.location.endswith(order.token)
