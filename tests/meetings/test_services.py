"""What organisers may do with a meeting, and what they are kept from."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.permissions import Scope
from eventsapp.core.zones import instant_at, local_hour
from eventsapp.meetings import errors
from eventsapp.meetings.facts import meeting_cancelled, meeting_rescheduled
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.plans import MeetingPlan, Place, SessionPlan, Speaker
from eventsapp.meetings.rules import slots
from eventsapp.meetings.services.duplication import duplicate_meeting, duplicate_series
from eventsapp.meetings.services.editing import create_meeting, edit_meeting
from eventsapp.meetings.services.programme import add_session, edit_session, move_session, remove_session
from eventsapp.meetings.services.publication import (
    cancel_meeting,
    mark_held,
    postpone_meeting,
    publish_meeting,
)
from tests.factories.accounts import make_account
from tests.factories.meetings import in_days, make_meeting, make_series, make_session, make_session_role
from tests.factories.registrations import make_registration

EVERYWHERE = Scope(everywhere=True)
ZONE = "Europe/Paris"
LYON = Place("Lyon", "69123", "69", "84", 45.76, 4.85)
DAY = date(2030, 10, 24)  # three days before the clocks change


def plan(**changes):
    at = {"starts_at": instant_at(DAY, time(9), ZONE), "ends_at": instant_at(DAY, time(17), ZONE)}
    return MeetingPlan(**{"title": "Rencontre de Lyon", "place": LYON, "time_zone": ZONE, **at, **changes})


def session_plan(meeting, start=1, minutes=90, **changes):
    starts_at = meeting.starts_at + timedelta(hours=start)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    return SessionPlan(**{"kind": "workshop", "title": "Mobilités", **times, **changes})


@pytest.fixture
def organiser(context):
    with unit_of_work():
        return make_account()


@pytest.fixture
def heard(context):
    """The facts sent, as (name, meeting)."""
    facts = []

    def note_rescheduled(meeting, **_more):
        facts.append(("rescheduled", meeting))

    def note_cancelled(meeting, **_more):
        facts.append(("cancelled", meeting))

    with meeting_rescheduled.connected_to(note_rescheduled), meeting_cancelled.connected_to(note_cancelled):
        yield facts


@pytest.fixture
def meeting(organiser):
    with unit_of_work():
        return create_meeting(plan(), EVERYWHERE, by=organiser, at=now())


def make_complete(meeting, organiser):
    """Give the meeting all that publication asks for."""
    meeting.venue = "Hôtel de la Métropole"
    add_session(meeting, session_plan(meeting, capacity=30), by=organiser)


def test_a_new_meeting_is_a_draft_with_a_readable_address(meeting):
    assert (meeting.state, meeting.slug) == ("draft", "rencontre-de-lyon-2030-10-24")


def test_two_meetings_of_one_name_and_day_have_two_addresses(meeting, organiser):
    with unit_of_work():
        second = create_meeting(plan(), EVERYWHERE, by=organiser, at=now())
    assert second.slug == f"{meeting.slug}-2"


def test_an_organiser_of_one_region_creates_nothing_elsewhere(organiser):
    brittany = Scope(territory_codes=frozenset({"53"}))
    with pytest.raises(errors.PlaceIsOutsideScope), unit_of_work():
        create_meeting(plan(), brittany, by=organiser, at=now())


def test_an_organiser_of_one_region_does_not_move_a_meeting_out_of_it(meeting, organiser):
    scope = Scope(territory_codes=frozenset({"84"}))
    elsewhere = Place("Rennes", "35238", "35", "53")
    with pytest.raises(errors.PlaceIsOutsideScope), unit_of_work():
        edit_meeting(meeting, plan(place=elsewhere), scope, by=organiser, at=now())


def test_a_meeting_may_begin_a_new_series(organiser):
    with unit_of_work():
        meeting = create_meeting(plan(new_series="Cycle 2030"), EVERYWHERE, by=organiser, at=now())
    assert (meeting.series.title, meeting.series.slug) == ("Cycle 2030", "cycle-2030")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ends_at": instant_at(DAY, time(9), ZONE)}, errors.MeetingEndsBeforeItBegins),
        ({"registration_closes_at": instant_at(DAY, time(18), ZONE)}, errors.RegistrationWindowIsImpossible),
        ({"registration_opens_at": instant_at(DAY, time(9), ZONE)}, errors.RegistrationWindowIsImpossible),
    ],
)
def test_impossible_hours_are_refused(organiser, changes, error):
    with pytest.raises(error), unit_of_work():
        create_meeting(plan(**changes), EVERYWHERE, by=organiser, at=now())


def test_the_programme_follows_a_meeting_moved_over_the_autumn_change(meeting, organiser):
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting), by=organiser)
        week = timedelta(days=7)
        moved = plan(
            starts_at=instant_at(DAY + week, time(9), ZONE), ends_at=instant_at(DAY + week, time(17), ZONE)
        )
        edit_meeting(meeting, moved, EVERYWHERE, by=organiser, at=now())
    assert local_hour(session.starts_at, ZONE) == time(10)
    assert session.starts_at - meeting.starts_at == timedelta(hours=1)


def test_the_programme_keeps_its_hours_when_the_meeting_crosses_the_ocean(meeting, organiser):
    island = Place("Saint-Denis", "97411", "974", "04")
    zone = "Indian/Reunion"
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting), by=organiser)
        there = plan(
            place=island,
            time_zone=zone,
            starts_at=instant_at(DAY, time(9), zone),
            ends_at=instant_at(DAY, time(17), zone),
        )
        edit_meeting(meeting, there, EVERYWHERE, by=organiser, at=now())
    assert local_hour(session.starts_at, zone) == time(10)


def test_hours_too_short_for_the_programme_are_refused(meeting, organiser):
    with unit_of_work():
        add_session(meeting, session_plan(meeting, start=6), by=organiser)
    with pytest.raises(errors.ProgrammeDoesNotFit), unit_of_work():
        edit_meeting(
            meeting, plan(ends_at=instant_at(DAY, time(12), ZONE)), EVERYWHERE, by=organiser, at=now()
        )


def test_a_capacity_below_the_registrations_is_refused_with_the_figure(meeting, organiser):
    with unit_of_work():
        for _number in range(3):
            make_registration(meeting)
    with pytest.raises(errors.CapacityIsBelowPlacesTaken) as refusal, unit_of_work():
        edit_meeting(meeting, plan(capacity=2), EVERYWHERE, by=organiser, at=now())
    assert "3" in str(refusal.value.message)
    with unit_of_work():
        edit_meeting(meeting, plan(capacity=3), EVERYWHERE, by=organiser, at=now())


def test_moving_a_published_meeting_is_told_once_and_renews_calendars(meeting, organiser, heard):
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
        kept = plan(venue=meeting.venue)
        edit_meeting(meeting, replace(kept, summary="Nouveau"), EVERYWHERE, by=organiser, at=now())
        assert heard == []
        before = meeting.revision
        later = replace(kept, ends_at=kept.ends_at + timedelta(hours=1))
        edit_meeting(meeting, later, EVERYWHERE, by=organiser, at=now())
    assert heard == [("rescheduled", meeting)]
    assert meeting.revision == before + 1


def test_moving_a_draft_is_told_to_nobody(meeting, organiser, heard):
    with unit_of_work():
        edit_meeting(meeting, plan(venue="Ailleurs"), EVERYWHERE, by=organiser, at=now())
    assert (heard, meeting.revision) == ([], 0)


def test_publication_refuses_an_incomplete_meeting(meeting, organiser):
    with pytest.raises(errors.MeetingIsIncomplete), unit_of_work():
        publish_meeting(meeting, by=organiser, at=now())
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
    assert meeting.state == "published"


def test_a_meeting_followed_only_from_afar_needs_no_commune(organiser):
    afar = plan(place=Place(), venue="", online_url="https://visio.exemple.fr/rencontre")
    with unit_of_work():
        meeting = create_meeting(afar, EVERYWHERE, by=organiser, at=now())
        add_session(meeting, session_plan(meeting, capacity=30), by=organiser)
        publish_meeting(meeting, by=organiser, at=now())
    assert (meeting.state, meeting.place) == ("published", "")


def test_publication_asks_for_a_capacity_in_each_workshop(meeting, organiser):
    with unit_of_work():
        make_complete(meeting, organiser)
        add_session(meeting, session_plan(meeting), by=organiser)
    with pytest.raises(errors.MeetingIsIncomplete), unit_of_work():
        publish_meeting(meeting, by=organiser, at=now())


def test_a_cancellation_says_why_and_is_told(meeting, organiser, heard):
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
        with pytest.raises(errors.ReasonIsMissing):
            cancel_meeting(meeting, "  ", by=organiser, at=now())
        cancel_meeting(meeting, "Neige.", by=organiser, at=now())
    assert (meeting.state, meeting.cancellation_reason) == ("cancelled", "Neige.")
    assert heard == [("cancelled", meeting)]


def test_a_postponed_meeting_is_told_and_told_again_with_its_new_date(meeting, organiser, heard):
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
        postpone_meeting(meeting, by=organiser, at=now())
        assert meeting.state == "postponed"
        with pytest.raises(errors.ChangeIsNotPossibleNow):
            postpone_meeting(meeting, by=organiser, at=now())
        publish_meeting(meeting, by=organiser, at=now())
    assert heard == [("rescheduled", meeting), ("rescheduled", meeting)]
    assert (meeting.state, meeting.revision) == ("published", 2)


def test_a_cancelled_meeting_is_not_cancelled_twice(meeting, organiser, heard):
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
        cancel_meeting(meeting, "Neige.", by=organiser, at=now())
        with pytest.raises(errors.ChangeIsNotPossibleNow):
            cancel_meeting(meeting, "Neige.", by=organiser, at=now())
    assert len(heard) == 1


def test_a_meeting_is_held_only_once_it_has_begun(meeting, organiser):
    with unit_of_work():
        make_complete(meeting, organiser)
        publish_meeting(meeting, by=organiser, at=now())
        with pytest.raises(errors.MeetingHasNotBegun):
            mark_held(meeting, by=organiser, at=meeting.starts_at - timedelta(minutes=1))
        mark_held(meeting, by=organiser, at=meeting.starts_at)
    assert meeting.state == "held"


def test_a_session_keeps_its_speakers_in_order(meeting, organiser):
    speakers = (
        Speaker("moderator", "Dominique Exemple"),
        Speaker("speaker", "Camille Exemple", "maire", "Ville"),
    )
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting, speakers=speakers), by=organiser)
    db.session.refresh(session)
    assert [(role.role, role.name) for role in session.roles] == [
        ("moderator", "Dominique Exemple"),
        ("speaker", "Camille Exemple"),
    ]


def test_a_session_outside_the_meeting_is_refused(meeting, organiser):
    with pytest.raises(errors.SessionIsOutsideMeeting), unit_of_work():
        add_session(meeting, session_plan(meeting, start=8), by=organiser)
    with pytest.raises(errors.SessionEndsBeforeItBegins), unit_of_work():
        add_session(meeting, session_plan(meeting, minutes=0), by=organiser)


def test_a_session_capacity_below_the_places_taken_is_refused(meeting, organiser):
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting, capacity=30), by=organiser)
        for _number in range(2):
            make_registration(meeting, sessions=[session])
    with pytest.raises(errors.CapacityIsBelowPlacesTaken), unit_of_work():
        edit_session(session, session_plan(meeting, capacity=1), by=organiser, at=now())


def test_a_moved_session_takes_the_hours_of_its_slot_and_comes_last(meeting, organiser):
    with unit_of_work():
        first = add_session(meeting, session_plan(meeting, start=1), by=organiser)
        second = add_session(meeting, session_plan(meeting, start=4), by=organiser)
        move_session(first, slots(meeting.sessions)[1], by=organiser, at=now())
    db.session.expire_all()
    assert (first.starts_at, first.ends_at) == (second.starts_at, second.ends_at)
    assert [slot.sessions for slot in slots(meeting.sessions)] == [(second, first)]


def test_a_session_is_not_moved_onto_another_that_its_people_chose(meeting, organiser):
    with unit_of_work():
        first = add_session(meeting, session_plan(meeting, start=1), by=organiser)
        second = add_session(meeting, session_plan(meeting, start=4), by=organiser)
        make_registration(meeting, sessions=[first, second])
    with pytest.raises(errors.SessionsWouldOverlap), unit_of_work():
        move_session(first, slots(meeting.sessions)[1], by=organiser, at=now())
    with pytest.raises(errors.SessionsWouldOverlap), unit_of_work():
        edit_session(first, session_plan(meeting, start=4), by=organiser, at=now())


def test_a_session_with_places_taken_is_not_removed(meeting, organiser):
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting), by=organiser)
        make_registration(meeting, sessions=[session])
    with pytest.raises(errors.SessionHasPlacesTaken), unit_of_work():
        remove_session(session, by=organiser, at=now())


def test_an_empty_session_is_removed(meeting, organiser):
    with unit_of_work():
        session = add_session(meeting, session_plan(meeting), by=organiser)
        remove_session(session, by=organiser, at=now())
    db.session.expire_all()
    assert meeting.sessions == []


def test_a_copy_has_the_programme_at_the_same_hours_and_nobody_registered(meeting, organiser):
    with unit_of_work():
        make_complete(meeting, organiser)
        make_session_role(meeting.sessions[0], name="Camille Exemple")
        meeting.registration_opens_at = instant_at(DAY - timedelta(days=30), time(8), ZONE)
        publish_meeting(meeting, by=organiser, at=now())
        make_registration(meeting, sessions=meeting.sessions)
        db.session.expire_all()
        copy = duplicate_meeting(meeting, days=7, by=organiser, at=now())
    assert (copy.state, copy.revision, copy.published_at) == ("draft", 0, None)
    assert copy.slug == "rencontre-de-lyon-2030-10-31"
    assert local_hour(copy.starts_at, ZONE) == time(9)
    assert local_hour(copy.registration_opens_at, ZONE) == time(8)
    session = copy.sessions[0]
    assert (session.title, session.capacity, session.roles[0].name) == ("Mobilités", 30, "Camille Exemple")
    assert local_hour(session.starts_at, ZONE) == time(10)


def test_a_copied_series_moves_all_its_meetings_by_the_same_days(organiser):
    with unit_of_work():
        series = make_series(title="Réunions 2014")
        for days in (10, 12, 20):
            make_session(make_meeting(series_id=series.id, starts_at=in_days(days)))
        copy = duplicate_series(series, title="Réunions 2015", days=364, by=organiser, at=now())
    db.session.expire_all()
    assert copy.slug == "reunions-2015"
    gaps = [
        later.starts_at.date() - earlier.starts_at.date()
        for earlier, later in zip(series.meetings, copy.meetings, strict=True)
    ]
    assert gaps == [timedelta(days=364)] * 3
    assert all(meeting.state == "draft" and len(meeting.sessions) == 1 for meeting in copy.meetings)
    assert db.session.query(Meeting).count() == 6
