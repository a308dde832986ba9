"""The calendar entry, read back as a calendar would."""

from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from eventsapp.core.db import unit_of_work
from eventsapp.core.zones import instant_at
from eventsapp.meetings.calendar import build_event
from tests.factories.meetings import make_meeting, make_session

URL = "https://rencontres.example/rencontres/lyon"
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def meeting(context):
    with unit_of_work():
        return make_meeting(
            title="Mobilités : où en est-on ?",
            starts_at=instant_at(date(2027, 10, 28), time(9, 30), "Europe/Paris"),
            ends_at=instant_at(date(2027, 10, 28), time(17), "Europe/Paris"),
            city="Lyon",
            address="20 rue du Lac",
            latitude=45.76,
            longitude=4.85,
        )


def read(content):
    calendar = Calendar.from_ical(content)
    return calendar, calendar.walk("VEVENT")[0]


def test_the_entry_says_when_in_the_meetings_zone_and_where(meeting):
    content = build_event(meeting, method="PUBLISH", url=URL)
    calendar, entry = read(content)
    assert b"DTSTART;TZID=Europe/Paris:20271028T093000" in content
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert entry.decoded("dtend").astimezone(UTC) == datetime(2027, 10, 28, 15, tzinfo=UTC)
    assert str(entry["location"]) == "Hôtel de Région, 20 rue du Lac, Lyon"
    assert str(entry["summary"]) == "Mobilités : où en est-on ?"
    assert str(entry["url"]) == URL
    assert str(calendar["method"]) == "PUBLISH"


def test_a_moved_meeting_updates_the_same_entry(meeting):
    _calendar, before = read(build_event(meeting, method="REQUEST", url=URL))
    meeting.revision += 1
    _calendar, after = read(build_event(meeting, method="REQUEST", url=URL))
    assert before["uid"] == after["uid"]
    assert after["sequence"] == before["sequence"] + 1


def test_a_cancellation_cancels_the_entry(meeting):
    calendar, entry = read(build_event(meeting, method="CANCEL", url=URL))
    assert str(calendar["method"]) == "CANCEL"
    assert str(entry["status"]) == "CANCELLED"


def test_an_invitation_names_the_person_and_lists_the_sessions_chosen(meeting):
    session = make_session(meeting, title="Covoiturage", room="Salle Ain", hour=1)
    content = build_event(
        meeting,
        method="REQUEST",
        attendee=("Camille, Exemple", "camille@exemple.fr"),
        sessions=[session],
        url=URL,
    )
    _calendar, entry = read(content)
    assert str(entry["attendee"]) == "mailto:camille@exemple.fr"
    assert entry["attendee"].params["CN"] == "Camille, Exemple"
    assert (
        "Covoiturage (de 10\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30 à 12\N{NO-BREAK SPACE}h), Salle Ain"
        in str(entry["description"])
    )


def test_lines_are_short_enough_for_every_calendar(meeting):
    meeting.summary = "é" * 400
    assert all(len(line) <= 75 for line in build_event(meeting, method="PUBLISH", url=URL).split(b"\r\n"))
