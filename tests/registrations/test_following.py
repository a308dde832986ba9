"""What becomes of places, offers and waiting lists when the meeting or its programme changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.permissions import Scope
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.errors import (
    SessionHasOffersToAnswer,
    SessionHasPlacesTaken,
    SessionsWouldOverlap,
)
from eventsapp.meetings.models import Session
from eventsapp.meetings.rules import slots
from eventsapp.meetings.services.editing import edit_meeting
from eventsapp.meetings.services.programme import edit_session, move_session, remove_session
from eventsapp.meetings.services.publication import cancel_meeting, postpone_meeting, publish_meeting
from eventsapp.registrations.errors import NothingIsOffered
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.services import answering, changing
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting, make_session
from tests.factories.plans import meeting_plan, session_plan
from tests.factories.registrations import make_place, make_registration, make_setup, make_wait

pytestmark = pytest.mark.usefixtures("context", "writing")
EVERYWHERE = Scope(everywhere=True)


@pytest.fixture
def organiser(writing):
    return make_account()


def mails_to(registration):
    statement = select(OutgoingMail).where(OutgoingMail.recipient == registration.email)
    return db.session.scalars(statement.order_by(OutgoingMail.id)).all()


def subjects(registration):
    return [mail.subject.partition("\u00a0:")[0] for mail in mails_to(registration)]


def held_in(registration):
    db.session.expire_all()
    return {
        place.session_id: place.state for place in db.session.get_one(Registration, registration.id).places
    }


# --- More places ----------------------------------------------------------------------------------


def test_more_places_at_the_meeting_are_offered_at_once(organiser):
    meeting = make_meeting(capacity=1)
    make_registration(meeting)
    first, second = make_registration(meeting, state="waiting"), make_registration(meeting, state="waiting")
    edit_meeting(meeting, meeting_plan(meeting, capacity=2), EVERYWHERE, by=organiser, at=now())
    assert (first.state, second.state) == ("offered", "waiting")


def test_more_places_in_a_workshop_are_offered_at_once(organiser):
    meeting = make_meeting()
    workshop = make_session(meeting, capacity=1)
    make_registration(meeting, sessions=[workshop])
    waiting = make_registration(meeting)
    make_wait(waiting, workshop)
    edit_session(workshop, session_plan(workshop, capacity=2), by=organiser, at=now())
    assert held_in(waiting) == {workshop.id: "offered"}


# --- Moved workshops ------------------------------------------------------------------------------


def two_workshops(capacity=10):
    meeting = make_meeting()
    return (
        meeting,
        make_session(meeting, hour=1, capacity=capacity),
        make_session(meeting, hour=4, capacity=capacity),
    )


def test_those_whose_workshop_moves_are_told_and_their_calendar_follows(organiser):
    meeting, workshop, _other = two_workshops(capacity=1)
    holding, waiting = make_registration(meeting, sessions=[workshop]), make_registration(meeting)
    make_wait(waiting, workshop)
    elsewhere = make_registration(meeting)
    later = session_plan(workshop, starts_at=workshop.starts_at + timedelta(minutes=30), room="B12")
    edit_session(workshop, later, by=organiser, at=now())
    assert [len(mails_to(one)) for one in (holding, waiting, elsewhere)] == [1, 1, 0]
    mail = compose(mails_to(holding)[0])
    assert "B12" in mail.body_text
    assert mail.calendar
    assert compose(mails_to(waiting)[0]).calendar  # they are registered, wherever they wait


def test_a_new_title_is_told_to_nobody(organiser):
    meeting, workshop, _other = two_workshops()
    holding = make_registration(meeting, sessions=[workshop])
    edit_session(workshop, session_plan(workshop, title="Autrement dit"), by=organiser, at=now())
    assert mails_to(holding) == []


def test_a_move_onto_another_workshop_of_the_same_people_asks_for_consent_first(organiser):
    meeting, workshop, other = two_workshops()
    make_registration(meeting, sessions=[workshop, other])
    with pytest.raises(SessionsWouldOverlap) as refusal:
        move_session(workshop, slots(meeting.sessions)[1], by=organiser, at=now())
    assert "1" in str(refusal.value.message)


def clash(organiser, meeting, workshop):
    """Move the workshop onto the other one, with consent."""
    move_session(workshop, slots(meeting.sessions)[1], accepts_clashes=True, by=organiser, at=now())


def test_people_keep_what_they_chose_first_and_are_asked_about_the_other(organiser):
    meeting, workshop, other = two_workshops()
    both = make_registration(meeting, sessions=[workshop])
    make_place(both, other).taken_at = now() + timedelta(hours=1)
    db.session.flush()
    clash(organiser, meeting, workshop)
    assert held_in(both) == {workshop.id: "confirmed", other.id: "offered"}
    assert subjects(both) == ["Choisissez entre deux ateliers", "Atelier modifié"]
    assert other.title in mails_to(both)[0].subject
    text = compose(mails_to(both)[0]).body_text
    assert f"Vous gardez «\u00a0{workshop.title}\u00a0»" in text


def test_what_was_chosen_at_once_and_has_not_moved_is_kept(organiser):
    meeting, workshop, other = two_workshops()
    both = make_registration(meeting, sessions=[workshop, other])
    for place in both.places:
        place.taken_at = both.registered_at
    clash(organiser, meeting, workshop)
    assert held_in(both) == {workshop.id: "offered", other.id: "confirmed"}
    answering.accept_session_place(registration=both, session_id=workshop.id, at=now())
    assert held_in(both) == {workshop.id: "confirmed"}


def test_nobody_takes_the_place_kept_for_a_choice_before_its_deadline(organiser):
    meeting, workshop, other = two_workshops(capacity=1)
    both, waiting = make_registration(meeting, sessions=[workshop, other]), make_registration(meeting)
    make_wait(waiting, workshop)
    for place in both.places:
        place.taken_at = both.registered_at
    clash(organiser, meeting, workshop)
    assert held_in(waiting) == {workshop.id: "waiting"}
    answering.expire_due_offers(at=now() + timedelta(hours=48))
    assert held_in(both) == {other.id: "confirmed"}
    assert held_in(waiting) == {workshop.id: "offered"}


def test_no_choice_is_asked_for_once_the_meeting_has_begun(organiser):
    meeting, workshop, other = two_workshops()
    make_registration(meeting, sessions=[workshop, other])
    slot = slots(meeting.sessions)[1]
    with pytest.raises(SessionsWouldOverlap):
        move_session(workshop, slot, accepts_clashes=True, by=organiser, at=meeting.starts_at)


# --- Removed workshops ----------------------------------------------------------------------------


def test_a_workshop_only_wished_for_is_removed_and_its_people_are_told(organiser):
    meeting, workshop, _other = two_workshops()
    make_setup(meeting, offers_frozen_at=now())
    waiting, wishing = make_registration(meeting), make_registration(meeting, state="waiting")
    make_wait(waiting, workshop)
    db.session.add(
        SessionPlace(registration=wishing, session=workshop, state="wished", rank=1, taken_at=now())
    )
    db.session.flush()
    remove_session(workshop, by=organiser, at=now())
    assert subjects(waiting) == subjects(wishing) == ["Atelier retiré"]
    assert (held_in(waiting), held_in(wishing)) == ({}, {})


def offered_a_workshop():
    meeting, workshop, other = two_workshops(capacity=1)
    leaving, waiting = (
        make_registration(meeting, sessions=[workshop]),
        make_registration(meeting, sessions=[other]),
    )
    make_wait(waiting, workshop)
    changing.cancel_registration(registration=leaving, at=now())
    assert held_in(waiting) == {workshop.id: "offered", other.id: "confirmed"}
    return workshop, other, waiting


def test_a_workshop_with_an_offer_to_answer_is_not_removed_by_mistake(organiser):
    workshop, other, waiting = offered_a_workshop()
    with pytest.raises(SessionHasOffersToAnswer):
        remove_session(workshop, by=organiser, at=now())
    assert held_in(waiting) == {workshop.id: "offered", other.id: "confirmed"}


def test_a_workshop_removed_ends_its_offers_and_tells_those_concerned(organiser):
    workshop, other, waiting = offered_a_workshop()
    removed_id = workshop.id
    remove_session(workshop, ends_offers=True, by=organiser, at=now())
    assert held_in(waiting) == {other.id: "confirmed"}
    assert db.session.get(Session, removed_id) is None
    assert subjects(waiting)[-1] == "Atelier retiré"
    said = compose(mails_to(waiting)[-1])
    for text in (said.body_text, said.body_html):
        assert "n’est donc plus à accepter" in text
    with pytest.raises(NothingIsOffered):
        answering.accept_session_place(registration=waiting, session_id=removed_id, at=now())
    assert answering.expire_due_offers(at=now() + timedelta(days=10)) == 0


def test_a_choice_to_make_between_two_workshops_ends_with_one_of_them(organiser):
    meeting, workshop, other = two_workshops()
    both = make_registration(meeting, sessions=[workshop, other])
    clash(organiser, meeting, workshop)
    asked = next(id_ for id_, state in held_in(both).items() if state == "offered")
    kept = ({workshop.id, other.id} - {asked}).pop()
    remove_session(db.session.get_one(Session, asked), ends_offers=True, by=organiser, at=now())
    assert held_in(both) == {kept: "confirmed"}


def test_a_place_that_somebody_has_keeps_the_workshop_whatever_is_confirmed(organiser):
    meeting, workshop, _other = two_workshops(capacity=2)
    make_registration(meeting, sessions=[workshop])
    with pytest.raises(SessionHasPlacesTaken):
        remove_session(workshop, ends_offers=True, by=organiser, at=now())


# --- The meeting itself ---------------------------------------------------------------------------


def meeting_with_offer(**values):
    meeting = make_meeting(capacity=2, **values)
    expected, leaving = make_registration(meeting), make_registration(meeting)
    first, second = make_registration(meeting, state="waiting"), make_registration(meeting, state="waiting")
    changing.cancel_registration(registration=leaving, at=now())
    assert (first.state, second.state) == ("offered", "waiting")
    return meeting, expected, first, second


def test_a_cancelled_meeting_offers_nothing_any_more_and_tells_everybody(organiser):
    meeting, expected, first, second = meeting_with_offer()
    cancel_meeting(meeting, "Neige.", by=organiser, at=now())
    assert (first.state, second.state, first.place_number) == ("waiting", "waiting", None)
    for one in (expected, first, second):
        mail = mails_to(one)[-1]
        assert "Rencontre annulée" in mail.subject
        assert bool(compose(mail).calendar) == (one is expected)
    assert answering.expire_due_offers(at=now() + timedelta(days=10)) == 0


def test_a_postponed_meeting_puts_people_back_in_line_and_offers_again_once_announced(organiser):
    meeting, expected, first, second = meeting_with_offer()
    make_session(meeting, kind="plenary")
    db.session.refresh(meeting)
    postpone_meeting(meeting, by=organiser, at=now())
    assert (first.state, second.state) == ("waiting", "waiting")
    assert first.queue_rank < second.queue_rank
    assert "liste d’attente" in compose(mails_to(first)[-1]).body_text
    publish_meeting(meeting, by=organiser, at=now())
    assert (first.state, second.state, expected.state) == ("offered", "waiting", "confirmed")


def test_an_earlier_date_shortens_the_time_to_answer(organiser):
    meeting, _expected, first, _second = meeting_with_offer()
    make_setup(meeting, offers_stop_hours=0)
    sooner = now() + timedelta(hours=30)
    plan = meeting_plan(meeting, starts_at=sooner, ends_at=sooner + timedelta(hours=8))
    edit_meeting(meeting, plan, EVERYWHERE, by=organiser, at=now())
    assert first.held_until == sooner
    assert "La place qui vous est proposée" in compose(mails_to(first)[-1]).body_text
