"""A meeting that does not take place gives no place any more, whatever somebody clicks afterwards."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.errors import MeetingIsCancelled
from eventsapp.registrations.services import (
    admitting,
    changing,
    deciding,
    links,
    requests,
    transferring,
    waiting_list,
)
from eventsapp.registrations.services.wishes import change_wishes
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup

pytestmark = pytest.mark.usefixtures("context", "writing")


@pytest.fixture
def meeting(writing):
    meeting = make_meeting(capacity=5)
    meeting.workshop, meeting.other = (make_session(meeting, capacity=5) for _number in range(2))
    return meeting


def cancel(meeting):
    meeting.state, meeting.cancelled_at = "cancelled", now()
    db.session.flush()


def verify(one, account):
    admitting.verify_address(registration=one, at=now())


def approve(one, account):
    admitting.approve_registration(registration=one, by=account, at=now())


def change(one, account):
    ids = [one.meeting.other.id]
    changing.change_registration(registration=one, session_ids=ids, by=account, at=now())


def wish(one, account):
    change_wishes(registration=one, wishes=[[one.meeting.workshop.id]], at=now())


def transfer(one, account):
    transferring.transfer_registration(registration=one, details=make_details(), by=account, at=now())


def resend(one, account):
    links.resend_confirmation(registration=one, by=account, at=now())


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("unverified", verify),
        ("pending", approve),
        ("confirmed", change),
        ("confirmed", wish),
        ("confirmed", transfer),
        ("confirmed", resend),
    ],
)
def test_nobody_is_told_of_a_place_at_a_cancelled_meeting(meeting, state, act):
    if act is wish:
        make_setup(meeting, workshop_choice="wishes")
    until = now() if state == "unverified" else None
    registration = make_registration(meeting, state=state, held_until=until)
    cancel(meeting)
    with pytest.raises(MeetingIsCancelled):
        act(registration, make_account())
    assert registration.state == state
    assert db.session.scalars(select(OutgoingMail)).all() == []


def test_a_request_made_before_is_not_carried_out(meeting):
    make_setup(meeting, changes_close_at=now())
    registration = make_registration(meeting, sessions=[meeting.workshop])
    request = requests.ask_for_workshops(registration=registration, session_ids=[meeting.other.id], at=now())
    cancel(meeting)
    with pytest.raises(MeetingIsCancelled):
        deciding.accept_request(request=request, by=make_account(), at=now())
    db.session.refresh(request)
    assert request.state == "open"
    deciding.refuse_request(request=request, by=make_account(), at=now())
    assert request.state == "refused"


def test_a_place_is_still_given_back_and_an_offer_still_impossible(meeting):
    registration, waiting = make_registration(meeting), make_registration(meeting, state="waiting")
    cancel(meeting)
    changing.cancel_registration(registration=registration, by=make_account(), at=now())
    waiting_list.resume_offers(meeting_id=meeting.id, at=now())
    assert (registration.state, waiting.state) == ("cancelled", "waiting")
