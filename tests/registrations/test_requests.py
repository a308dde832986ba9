"""What is asked after the deadline: one open request, answered once, carried out by the usual services."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    NothingIsAsked,
    PlaceIsNotTheirs,
    RequestIsOpen,
    RequestIsSettled,
    RequestsAreNotTaken,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.models import ChangeRequest, Registration, RegistrationEvent
from eventsapp.registrations.services import changing, deciding, requests, transferring
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup

pytestmark = pytest.mark.usefixtures("context", "writing")


@pytest.fixture
def organiser(writing):
    return make_account()


@pytest.fixture
def late(writing):
    """A registration in one of two workshops, once changes are over."""
    meeting = make_meeting(capacity=10)
    make_setup(meeting, changes_close_at=now() - timedelta(hours=1))
    one, other = make_session(meeting, capacity=2), make_session(meeting, capacity=1)
    registration = make_registration(meeting, sessions=[one], email="zoe@exemple.fr")
    registration.of, registration.one, registration.other = meeting, one, other
    return registration


def ask(registration, *sessions, message="", at=None):
    return requests.ask_for_workshops(
        registration=registration,
        session_ids=[session.id for session in sessions],
        message=message,
        at=at or now(),
    )


def ask_for_substitute(registration, **values):
    details = make_details(**{"email": "yves@exemple.fr", "given_name": "Yves", **values})
    return transferring.pass_on_place(registration=registration, details=details, at=now())


def accept(request, by):
    deciding.accept_request(request=request, by=by, at=now())


def refuse(request, by, answer=""):
    deciding.refuse_request(request=request, by=by, at=now(), answer=answer)


def held(registration):
    db.session.expire_all()
    places = db.session.get_one(Registration, registration.id).places
    return {place.session_id for place in places if place.is_held()}


def mails(purpose=None):
    found = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    return [mail for mail in found if purpose in (None, mail.purpose)]


def events(registration):
    mine = RegistrationEvent.registration_id == registration.id
    return db.session.scalars(select(RegistrationEvent.kind).where(mine).order_by(RegistrationEvent.id)).all()


def test_asking_changes_nothing_and_says_so(late):
    request = ask(late, late.other, message="Je parle à 15 h.")
    assert (request.state, request.payload) == ("open", {"session_ids": [late.other.id]})
    assert held(late) == {late.one.id}
    assert events(late) == ["request_made"]
    (mail,) = mails()
    assert (mail.purpose, mail.recipient) == ("request", "zoe@exemple.fr")
    assert "D’ici là, rien ne change" in compose(mail).body_text


def test_one_request_is_open_at_a_time(late):
    request = ask(late, late.other)
    with pytest.raises(RequestIsOpen):
        ask(late)
    requests.withdraw_request(registration=late, at=now())
    requests.withdraw_request(registration=late, at=now())
    assert request.state == "withdrawn"
    assert ask(late).state == "open"
    assert events(late) == ["request_made", "request_withdrawn", "request_made"]


def test_what_one_has_is_not_asked_for(late):
    with pytest.raises(NothingIsAsked):
        ask(late, late.one)


def test_only_workshops_of_the_meeting_that_do_not_overlap_are_asked_for(late):
    with pytest.raises(SessionsOverlap):
        ask(late, late.one, late.other)
    with pytest.raises(WorkshopIsUnknown):
        ask(late, make_session(make_meeting()))


@pytest.mark.parametrize("when", ["before", "after", "off"])
def test_requests_are_taken_between_the_deadline_and_the_start(when):
    meeting = make_meeting()
    if when == "after":
        meeting.starts_at = now() - timedelta(minutes=1)
    elif when == "off":
        make_setup(meeting, changes_close_at=now() - timedelta(hours=1), takes_late_requests=False)
    with pytest.raises(RequestsAreNotTaken):
        ask(make_registration(meeting), make_session(meeting))


def test_somebody_without_a_place_asks_for_no_workshop(late):
    with pytest.raises(PlaceIsNotTheirs):
        ask(make_registration(late.of, state="waiting"), late.other)


def test_an_accepted_change_is_made_and_told_once(late, organiser):
    request = ask(late, late.other)
    accept(request, organiser)
    assert held(late) == {late.other.id}
    assert (request.state, request.decided_by_id, request.payload) == ("accepted", organiser.id, {})
    assert [mail.purpose for mail in mails()] == ["request", "decision"]
    assert mails()[-1].calendar_method == "REQUEST"
    assert late.other.title in compose(mails()[-1]).body_text
    assert events(late) == ["request_made", "request_accepted", "workshops_changed"]


def test_a_workshop_that_filled_up_leaves_the_request_open(late, organiser):
    request = ask(late, late.other)
    make_registration(late.of, sessions=[late.other])
    with pytest.raises(WorkshopIsFull):
        accept(request, organiser)
    db.session.refresh(request)
    assert (request.state, request.payload) == ("open", {"session_ids": [late.other.id]})
    assert held(late) == {late.one.id}
    assert events(late) == ["request_made"]
    assert mails("decision") == []


def test_a_refused_request_changes_nothing_and_the_person_reads_why(late, organiser):
    request = ask(late, late.other)
    refuse(request, organiser, "L’atelier est <complet>.")
    assert (request.state, request.answer) == ("refused", "L’atelier est <complet>.")
    assert held(late) == {late.one.id}
    (mail,) = mails("decision")
    assert "L’atelier est <complet>." in compose(mail).body_text
    assert "L’atelier est &lt;complet&gt;." in compose(mail).body_html
    assert events(late) == ["request_made", "request_refused"]


@pytest.mark.parametrize("first", [accept, refuse])
def test_a_request_is_answered_once(late, organiser, first):
    request = ask(late, late.other)
    first(request, organiser)
    for again in (accept, refuse):
        with pytest.raises(RequestIsSettled):
            again(request, organiser)
    assert len(mails("decision")) == 1


def test_an_accepted_substitute_has_the_place_and_both_are_told(late, organiser):
    request = ask_for_substitute(late)
    accept(request, organiser)
    db.session.expire_all()
    assert (late.email, late.given_name) == ("yves@exemple.fr", "Yves")
    assert held(late) == {late.one.id}
    assert request.state == "accepted"
    assert [(mail.purpose, mail.recipient) for mail in mails()] == [
        ("request", "zoe@exemple.fr"),
        ("cancellation", "zoe@exemple.fr"),
        ("confirmation", "yves@exemple.fr"),
    ]


def test_a_substitute_registered_meanwhile_leaves_the_request_open(late, organiser):
    request = ask_for_substitute(late)
    make_registration(late.of, email="YVES@exemple.fr")
    with pytest.raises(AlreadyRegistered):
        accept(request, organiser)
    db.session.refresh(request)
    assert request.state == "open"
    assert request.payload["details"]["given_name"] == "Yves"
    assert late.email == "zoe@exemple.fr"


def test_what_was_said_of_a_substitute_is_erased_with_the_answer(late, organiser):
    request = ask_for_substitute(late)
    refuse(request, organiser)
    assert request.payload == {}


def test_whoever_cancels_asks_for_nothing_any_more(late):
    request = ask(late, late.other)
    changing.cancel_registration(registration=late, at=now())
    db.session.expire_all()
    assert (request.state, request.payload) == ("withdrawn", {})
    assert request.decided_at


def test_the_registration_is_held_before_a_request_is_read(late, organiser):
    request = ask(late, late.other)
    changing.cancel_registration(registration=late, at=now())
    with pytest.raises(RequestIsSettled):
        accept(request, organiser)
    assert db.session.scalars(select(ChangeRequest.state)).all() == ["withdrawn"]
