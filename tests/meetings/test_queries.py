"""What each person may load, and in how many statements."""

import pytest
from sqlalchemy.exc import NoResultFound

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.permissions import Scope
from eventsapp.meetings import queries
from eventsapp.meetings.queries import MeetingFilters
from tests.factories.meetings import in_days, make_meeting, make_series, make_session, make_session_role
from tests.factories.registrations import make_registration
from tests.statements import count_statements

EVERYWHERE = Scope(everywhere=True)
pytestmark = pytest.mark.usefixtures("context")


def test_somebody_in_charge_of_a_region_loads_its_meetings_only():
    with unit_of_work():
        here, there = make_meeting(region_code="53"), make_meeting(region_code="32")
    scope = Scope(territory_codes=frozenset({"53"}))
    assert queries.get_managed_meeting(here.id, scope) is here
    with pytest.raises(NoResultFound):
        queries.get_managed_meeting(there.id, scope)
    with pytest.raises(NoResultFound):
        queries.get_managed_programme(there.id, scope)
    assert list(queries.list_managed_meetings(scope, MeetingFilters(), 1).items) == [here]


def test_somebody_in_charge_of_one_meeting_loads_that_one():
    with unit_of_work():
        mine, other = make_meeting(region_code=None), make_meeting(region_code=None)
    scope = Scope(meeting_ids=frozenset({mine.id}))
    assert queries.get_managed_meeting(mine.id, scope) is mine
    with pytest.raises(NoResultFound):
        queries.get_managed_meeting(other.id, scope)


def test_an_empty_scope_loads_nothing():
    with unit_of_work():
        meeting = make_meeting(region_code=None)
    with pytest.raises(NoResultFound):
        queries.get_managed_meeting(meeting.id, Scope())


def test_a_series_is_managed_by_whoever_manages_all_its_meetings():
    with unit_of_work():
        series = make_series()
        make_meeting(series_id=series.id, region_code="53")
        make_meeting(series_id=series.id, region_code="32")
    assert queries.get_managed_series(series.id, Scope(territory_codes=frozenset({"53", "32"}))) is series
    with pytest.raises(NoResultFound):
        queries.get_managed_series(series.id, Scope(territory_codes=frozenset({"53"})))


def test_the_public_does_not_find_a_draft():
    with unit_of_work():
        draft = make_meeting(state="draft")
    with pytest.raises(NoResultFound):
        queries.get_public_meeting(draft.slug)


@pytest.mark.parametrize("visibility", ["members", "invited"])
def test_a_reserved_meeting_is_found_only_by_those_it_is_for(visibility):
    with unit_of_work():
        meeting = make_meeting(visibility=visibility)
    with pytest.raises(NoResultFound):
        queries.get_public_meeting(meeting.slug)
    assert queries.upcoming_meetings(MeetingFilters(), at=now()) == []
    assert queries.get_public_meeting(meeting.slug, reserved=True) is meeting


@pytest.mark.parametrize("state", ["published", "cancelled", "postponed", "held", "archived"])
def test_the_public_finds_what_was_announced(state):
    with unit_of_work():
        meeting = make_meeting(state=state)
    assert queries.get_public_meeting(meeting.slug) is meeting


@pytest.mark.parametrize("sessions", [1, 12])
def test_a_meeting_page_costs_the_same_whatever_its_programme(app, sessions):
    with unit_of_work():
        meeting = make_meeting()
        for hour in range(sessions):
            session = make_session(meeting, hour=hour % 6)
            make_session_role(session)
            make_session_role(session)
        slug = meeting.slug
    db.session.expunge_all()
    with count_statements(app) as sent:
        found = queries.get_public_meeting(slug)
        shown = [(x.title, x.theme, [role.name for role in x.roles]) for x in found.sessions]
        assert (found.series, found.themes, found.documents) == (None, [], [])
    assert len(shown) == sessions
    assert len(sent) == 4


def test_what_is_to_come_is_listed_by_date_without_what_is_over():
    with unit_of_work():
        later, sooner = make_meeting(starts_at=in_days(9)), make_meeting(starts_at=in_days(2))
        over = make_meeting(starts_at=in_days(-3), state="held")
    assert list(queries.upcoming_meetings(MeetingFilters(), at=now())) == [sooner, later]
    assert list(queries.past_meetings(MeetingFilters(), 1, at=now()).items) == [over]


def test_the_list_of_what_is_to_come_is_bounded():
    with unit_of_work():
        for _number in range(3):
            make_meeting()
    assert len(queries.upcoming_meetings(MeetingFilters(), at=now(), limit=2)) == 2


def test_a_search_ignores_accents_and_capitals():
    with unit_of_work():
        found = make_meeting(title="Économie et œuvres", city="Saint-Étienne")
        make_meeting(title="Autre", city="Lyon")
    for text in ("economie", "SAINT etienne", "oeuvres", "étienne économie"):
        assert list(queries.upcoming_meetings(MeetingFilters(text=text), at=now())) == [found], text


def test_a_meeting_is_found_by_its_new_title():
    with unit_of_work():
        meeting = make_meeting(title="Ancien")
    with unit_of_work():
        meeting.title = "Énergie"
    assert list(queries.upcoming_meetings(MeetingFilters(text="energie"), at=now())) == [meeting]


def test_filters_narrow_by_region_month_and_state():
    with unit_of_work():
        here = make_meeting(region_code="53", starts_at=in_days(40))
        make_meeting(region_code="32", starts_at=in_days(2))
    month = f"{here.starts_at:%Y-%m}"
    assert list(queries.upcoming_meetings(MeetingFilters(region="53"), at=now())) == [here]
    assert list(queries.upcoming_meetings(MeetingFilters(month=month), at=now())) == [here]
    assert queries.upcoming_meetings(MeetingFilters(state="cancelled"), at=now()) == []
    assert len(queries.upcoming_meetings(MeetingFilters(month="nonsense"), at=now())) == 2
    assert queries.count_by_region(at=now()) == {"53": 1, "32": 1}


def test_a_series_is_public_once_one_of_its_meetings_is():
    with unit_of_work():
        series = make_series()
        make_meeting(series_id=series.id, state="draft")
    with pytest.raises(NoResultFound):
        queries.get_public_series(series.slug)
    assert queries.list_public_series() == []
    with unit_of_work():
        shown = make_meeting(series_id=series.id)
    assert queries.get_public_series(series.slug) == (series, [shown])
    assert queries.list_public_series() == [series]


def test_places_taken_are_counted_by_session():
    with unit_of_work():
        meeting = make_meeting()
        full, empty = make_session(meeting), make_session(meeting)
        make_registration(meeting, sessions=[full])
        make_registration(meeting, sessions=[full])
        make_registration(meeting, state="cancelled")
    assert queries.places_taken([full.id, empty.id]) == {full.id: 2}
    assert queries.registered_count(meeting.id) == 2


def test_people_who_hold_another_session_at_those_hours_are_counted():
    with unit_of_work():
        meeting = make_meeting()
        morning, noon = make_session(meeting, hour=1), make_session(meeting, hour=4)
        make_registration(meeting, sessions=[morning, noon])
        make_registration(meeting, sessions=[morning])
    assert queries.count_held_elsewhere(morning, noon.starts_at, noon.ends_at) == 1
    assert queries.count_held_elsewhere(morning, morning.starts_at, morning.ends_at) == 0
