"""An address to verify, a registration to validate: nothing is promised before, nobody is told twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.directory.models import Organisation, Relation
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import NothingToDecide, RegistrationIsCancelled
from eventsapp.registrations.models import RegistrationEvent
from eventsapp.registrations.services import admitting, answering, registering
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup

pytestmark = pytest.mark.usefixtures("context", "writing")


@pytest.fixture
def organiser(writing):
    return make_account()


def register(meeting, *sessions, **values):
    choices = Choices(session_ids=tuple(one.id for one in sessions), mode=values.pop("mode", "on_site"))
    at = values.pop("at", now())
    return register_person(meeting=meeting, details=make_details(**values), choices=choices, at=at)


def verify(registration, at=None):
    return admitting.verify_address(registration=registration, at=at or now())


def approve(registration, by):
    return admitting.approve_registration(registration=registration, by=by, at=now())


def refuse(registration, by, reason=""):
    return admitting.refuse_registration(registration=registration, by=by, at=now(), reason=reason)


def purposes(registration):
    statement = select(OutgoingMail.purpose).where(OutgoingMail.recipient == registration.email)
    return db.session.scalars(statement.order_by(OutgoingMail.id)).all()


def events(registration):
    statement = select(RegistrationEvent.kind).where(RegistrationEvent.registration_id == registration.id)
    return db.session.scalars(statement.order_by(RegistrationEvent.id)).all()


def last_mail():
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()


def held(registration):
    db.session.expire(registration, ["places"])
    return {place.session_id: place.state for place in registration.places}


def test_a_verified_address_has_the_place_that_was_kept():
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting, capacity=1)
    make_setup(meeting, checks_email=True)
    registration = register(meeting, workshop)
    assert (registration.state, registration.place_number) == ("unverified", 1)
    verify(registration)
    assert (registration.state, registration.place_number, registration.held_until) == ("confirmed", 1, None)
    assert held(registration) == {workshop.id: "confirmed"}
    assert registration.verified_at
    assert purposes(registration) == ["registration_check", "confirmation"]
    assert events(registration) == ["verified"]


def test_verifying_twice_changes_and_tells_nothing_more():
    meeting = make_meeting()
    make_setup(meeting, checks_email=True)
    registration = register(meeting)
    first = verify(registration).verified_at
    assert verify(registration, now() + timedelta(minutes=1)).verified_at == first
    assert purposes(registration) == ["registration_check", "confirmation"]
    assert events(registration) == ["verified"]


def test_the_message_leads_to_the_button_and_says_until_when():
    meeting = make_meeting()
    make_setup(meeting, checks_email=True)
    register(meeting)
    texts = compose(last_mail())
    for text in (texts.body_text, texts.body_html):
        assert "/verification" in text
        assert "Une place vous est gardée" in text


def test_a_verified_address_without_a_place_is_last_in_line():
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting)
    make_setup(meeting, checks_email=True)
    make_registration(meeting)
    registration = register(meeting, workshop)
    make_registration(meeting, state="waiting")
    verify(registration)
    assert (registration.state, registration.queue_rank) == ("waiting", 2)
    assert held(registration) == {workshop.id: "wished"}
    assert "position" in (last_mail().context or {})
    assert purposes(registration) == ["registration_check", "waiting"]


def test_a_verified_address_may_still_have_to_be_validated():
    meeting = make_meeting(capacity=5)
    make_setup(meeting, checks_email=True, admission="approval")
    registration = register(meeting)
    verify(registration)
    assert (registration.state, registration.place_number) == ("pending", 1)
    assert purposes(registration) == ["registration_check", "request"]


def test_a_member_is_not_validated():
    meeting = make_meeting()
    make_setup(meeting, checks_email=True, admission="members")
    organisation = Organisation(
        name="Ville", name_key="ville", kind="local_authority", website="https://www.ville.example"
    )
    organisation.relations = [Relation(kind="member", since=now().date() - timedelta(days=9))]
    db.session.add(organisation)
    member, stranger = (register(meeting, email=f"a@{name}.example") for name in ("ville", "ailleurs"))
    assert [verify(member).state, verify(stranger).state] == ["confirmed", "pending"]


def test_an_address_that_never_answered_is_told_so_when_it_comes_too_late():
    meeting = make_meeting(capacity=1)
    make_setup(meeting, checks_email=True)
    registration = register(meeting)
    later = now() + registering.TIME_TO_VERIFY
    assert answering.expire_due_offers(at=later) == 1
    assert answering.expire_due_offers(at=later) == 0
    with pytest.raises(RegistrationIsCancelled):
        verify(registration, later)
    assert (registration.state, registration.place_number) == ("cancelled", None)
    assert events(registration) == ["never_verified"]
    assert purposes(registration) == ["registration_check"]


def test_the_place_of_an_address_that_never_answered_is_offered_to_the_next():
    meeting = make_meeting(capacity=1)
    make_setup(meeting, checks_email=True)
    register(meeting)
    waiting = make_registration(meeting, state="waiting")
    answering.expire_due_offers(at=now() + registering.TIME_TO_VERIFY)
    db.session.refresh(waiting)
    assert waiting.state == "offered"


def test_an_approved_person_has_the_place_that_was_kept_and_their_workshops(organiser):
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting, capacity=1)
    make_setup(meeting, admission="approval")
    registration = register(meeting, workshop)
    assert purposes(registration) == ["request"]
    approve(registration, organiser)
    assert (registration.state, registration.place_number) == ("confirmed", 1)
    assert held(registration) == {workshop.id: "confirmed"}
    assert last_mail().calendar_method == "REQUEST"
    assert events(registration) == ["approved"]


def test_a_person_approved_when_all_is_taken_waits_and_is_told(organiser):
    meeting = make_meeting(capacity=1)
    make_setup(meeting, admission="approval")
    make_registration(meeting)
    registration = approve(register(meeting), organiser)
    assert (registration.state, registration.queue_rank) == ("waiting", 1)
    assert purposes(registration) == ["request", "waiting"]


def test_a_place_freed_since_goes_to_whoever_is_approved(organiser):
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting, capacity=3)
    make_setup(meeting, admission="approval")
    taken = make_registration(meeting)
    registration = register(meeting, workshop)
    assert registration.place_number is None
    refused = db.session.merge(taken)
    refused.state, refused.place_number, refused.cancelled_at = "cancelled", None, now()
    db.session.flush()
    approve(registration, organiser)
    assert (registration.state, registration.place_number) == ("confirmed", 1)
    assert held(registration) == {workshop.id: "confirmed"}


def test_a_distant_person_is_approved_without_a_place(organiser):
    meeting = make_meeting(capacity=1)
    make_setup(meeting, admission="approval", attendance="both")
    make_registration(meeting)
    registration = approve(register(meeting, mode="remote"), organiser)
    assert (registration.state, registration.place_number) == ("confirmed", None)


def test_nobody_is_approved_or_refused_twice(organiser):
    meeting = make_meeting()
    make_setup(meeting, admission="approval")
    approved, refused = (register(meeting, email=f"{name}@exemple.fr") for name in ("a", "b"))
    approve(approved, organiser)
    refuse(refused, organiser)
    for registration in (approved, refused):
        for decide in (approve, refuse):
            with pytest.raises(NothingToDecide):
                decide(registration, organiser)
    assert purposes(approved) == ["request", "confirmation"]
    assert purposes(refused) == ["request", "decision"]


def test_a_refused_person_reads_why_and_the_place_is_offered(organiser):
    meeting = make_meeting(capacity=1, contact_email="accueil@exemple.fr")
    make_setup(meeting, admission="approval")
    registration = register(meeting)
    waiting = make_registration(meeting, state="waiting")
    refuse(registration, organiser, reason="Réservée aux élues <et élus>.")
    assert (registration.state, registration.place_number) == ("refused", None)
    db.session.refresh(waiting)
    assert waiting.state == "offered"
    (event,) = db.session.scalars(select(RegistrationEvent).where(RegistrationEvent.kind == "refused")).all()
    assert (event.text, event.by_id) == ("Réservée aux élues <et élus>.", organiser.id)
    mail = next(x for x in db.session.scalars(select(OutgoingMail)) if x.purpose == "decision")
    texts = compose(mail)
    assert mail.reply_to == "accueil@exemple.fr"
    assert "Réservée aux élues <et élus>." in texts.body_text
    assert "Réservée aux élues &lt;et élus&gt;." in texts.body_html


def test_a_refused_person_may_ask_again(organiser):
    meeting = make_meeting()
    make_setup(meeting, admission="approval")
    refuse(register(meeting), organiser)
    assert register(meeting).state == "pending"
