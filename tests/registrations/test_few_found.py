"""A search that finds few people reads them otherwise than one that finds many, and shows the same."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from eventsapp.core.db import db
from eventsapp.registrations.filters import Filters
from eventsapp.registrations.queries import listing
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration

SEARCHES = [
    Filters(text="personne"),
    Filters(text="personne 1"),
    Filters(text="personne", order="-date"),
    Filters(text="personne", state="active", order="-name"),
    Filters(needs="oui", order="organisation"),
    Filters(text="nulle part"),
]


@pytest.fixture
def meeting_id(app, empty_database):
    with stored(app):
        meeting, other = make_meeting(), make_meeting()
        for number in range(70):
            names = {"family_name": f"Personne{number * 37 % 70:02}", "organisation": f"Ville {number % 7}"}
            make_registration(meeting, **names, needs="Boucle" if number % 3 else "")
        make_registration(other, family_name="Personne99")
    return meeting.id


def shown(meeting_id, filters, number):
    page = listing.list_registrations(meeting_id, filters, number)
    return [one.id for one in page.items], page.number, page.total, page.has_next


@pytest.mark.parametrize("filters", SEARCHES, ids=Filters.query)
@pytest.mark.parametrize("number", [1, 2, 9])
def test_few_are_the_same_people_in_the_same_order_as_many(app, meeting_id, monkeypatch, filters, number):
    with app.app_context():
        few = shown(meeting_id, filters, number)
        monkeypatch.setattr(listing, "FEW", -1)
        assert few == shown(meeting_id, filters, number)


@pytest.mark.parametrize(("most", "sorts_all"), [(70, False), (69, True)])
def test_people_are_looked_for_in_the_order_of_names_only_when_they_are_many(
    app, meeting_id, monkeypatch, most, sorts_all
):
    monkeypatch.setattr(listing, "FEW", most)
    with app.app_context():
        seen = []
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        shown(meeting_id, Filters(text="personne"), 1)
        event.remove(db.engine, "before_cursor_execute", listener)
    sorted_by_name = [statement for statement in seen if "ORDER BY registration.name_key" in statement]
    assert [("LIKE" in statement) for statement in sorted_by_name] == [sorts_all]
    assert len(seen) == (4 if sorts_all else 3)
