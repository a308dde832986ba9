"""The audit after a storm finds what it is there to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update

from bench import storm as storms
from bench.dataset import scratch_site
from bench.figures import BrokenPromise
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import waiting_list
from tests.factories.details import make_details
from tests.factories.registering import register_person


@pytest.fixture
def storm(monkeypatch: pytest.MonkeyPatch) -> Iterator[storms.Storm]:
    """Two places of a small meeting are taken, one person waits; nothing is wrong."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(storms, "PLACES", 2)
    monkeypatch.setattr(storms, "LEAVING", 0)
    with scratch_site() as site:
        found = storms.prepare(site, 0, of_workshop=False)
        with site.writing():
            meeting = db.session.get_one(Meeting, found.meeting_id)
            for _number in range(3):
                one = register_person(meeting=meeting, details=make_details(), at=now())
                found.registered.append(one.email)
        yield found


def test_a_storm_in_which_nothing_went_wrong_passes(storm: storms.Storm) -> None:
    assert storms.audit(storm) == {"places": 2, "waiting": 1}


def found_after(storm: storms.Storm, change: object) -> str:
    with storm.site.writing():
        db.session.execute(change)  # type: ignore[call-overload]
    with pytest.raises(BrokenPromise) as broken:
        storms.audit(storm)
    return str(broken.value)


def test_a_place_too_many_is_found(storm: storms.Storm) -> None:
    one_more = update(Registration).where(Registration.state == "waiting")
    values = {"state": "confirmed", "queue_rank": None, "place_number": 3}
    assert "3 places given of 2" in found_after(storm, one_more.values(values))


def test_a_place_left_free_is_found(storm: storms.Storm) -> None:
    left = update(Registration).where(Registration.place_number == 2)
    values = {"state": "cancelled", "place_number": None, "cancelled_at": now()}
    assert "1 places free while 1 people wait" in found_after(storm, left.values(values))


def test_a_registration_lost_or_without_its_message_is_found(storm: storms.Storm) -> None:
    assert "1 registrations without their message" in found_after(
        storm, delete(OutgoingMail).where(OutgoingMail.recipient == storm.registered[0])
    )
    gone = delete(Registration).where(Registration.email == storm.registered[1])
    assert "1 acknowledged registrations are not there once; 1 registrations without" in found_after(
        storm, gone
    )


def test_an_offer_made_twice_is_found(storm: storms.Storm) -> None:
    with storm.site.writing():
        person = db.session.query(Registration).filter_by(state="waiting").one()
        for _time in range(2):
            waiting_list.record_event(person, "place_offered", at=now())
    with pytest.raises(BrokenPromise, match="1 people offered a place twice; 1 offers without their message"):
        storms.audit(storm)


def test_an_answer_of_the_server_that_is_no_answer_is_found(storm: storms.Storm) -> None:
    storm.answers["registered: 500"] = 2
    with pytest.raises(BrokenPromise, match="2 answers «registered: 500»"):
        storms.audit(storm)
