"""Free places go to those who wait, in order, once each; answers are taken until the deadline, not after."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import (
    MeetingIsFull,
    NobodyWaits,
    NothingIsOffered,
    OfferIsOver,
    OffersAreOver,
    ThereIsNoWaitingList,
    WorkshopIsFull,
)
from eventsapp.registrations.models import Registration, RegistrationEvent, SessionPlace
from eventsapp.registrations.services import answering, changing, waiting_list
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup, make_wait

pytestmark = pytest.mark.usefixtures("context", "writing")


def register(meeting, *sessions, waiting=(), **values):
    choices = Choices(
        session_ids=tuple(one.id for one in sessions), waiting_ids=tuple(one.id for one in waiting)
    )
    at = values.pop("at", now())
    return register_person(meeting=meeting, details=make_details(**values), choices=choices, at=at)


def full_meeting(capacity=1, **values):
    """A meeting whose places are taken; the first to leave is ``meeting.taken[0]``."""
    meeting = make_meeting(capacity=capacity, **values)
    meeting.taken = [make_registration(meeting) for _number in range(capacity)]
    return meeting


def full_workshop(meeting, capacity=1, **values):
    workshop = make_session(meeting, capacity=capacity, **values)
    workshop.taken = [make_registration(meeting, sessions=[workshop]) for _number in range(capacity)]
    return workshop


def cancel(registration, **values):
    return changing.cancel_registration(registration=registration, at=now(), **values)


def place_of(registration, session):
    db.session.expire(registration, ["places"])
    return next((place for place in registration.places if place.session_id == session.id), None)


def states(*registrations):
    for registration in registrations:
        db.session.refresh(registration)
    return [registration.state for registration in registrations]


def mails(purpose, recipient=None):
    statement = select(OutgoingMail).where(OutgoingMail.purpose == purpose).order_by(OutgoingMail.id)
    found = db.session.scalars(statement).all()
    return [mail for mail in found if recipient is None or mail.recipient == recipient.email]


def text_of(mail):
    return compose(mail).body_text


def history(registration):
    statement = select(RegistrationEvent.kind).where(RegistrationEvent.registration_id == registration.id)
    return db.session.scalars(statement.order_by(RegistrationEvent.id)).all()


# --- Joining --------------------------------------------------------------------------------------


def test_whoever_comes_to_a_full_meeting_waits_at_the_end_and_is_told_the_position():
    meeting = full_meeting()
    first, second = register(meeting), register(meeting)
    assert states(first, second) == ["waiting", "waiting"]
    assert first.queue_rank < second.queue_rank
    (mail,) = mails("waiting", second)
    assert "2e position" in text_of(mail)


def test_nobody_passes_in_front_of_those_who_wait_even_while_offers_are_frozen():
    meeting = full_meeting()
    make_setup(meeting, offers_frozen_at=now())
    waiting = register(meeting)
    cancel(meeting.taken[0])
    newcomer = register(meeting)
    assert states(waiting, newcomer) == ["waiting", "waiting"]


def test_workshops_asked_for_while_waiting_hold_nothing():
    meeting = full_meeting()
    workshop = make_session(meeting, capacity=1)
    waiting = register(meeting, workshop)
    assert (place_of(waiting, workshop).state, place_of(waiting, workshop).place_number) == ("wished", None)


# --- Offers ---------------------------------------------------------------------------------------


def test_a_cancellation_offers_the_place_to_the_first_who_waits_in_the_same_transaction():
    meeting = full_meeting()
    first, second = register(meeting), register(meeting)
    at = now()
    changing.cancel_registration(registration=meeting.taken[0], at=at)
    assert states(first, second) == ["offered", "waiting"]
    assert first.place_number == 1
    assert (first.offered_at, first.held_until) == (at, at + timedelta(hours=48))
    (mail,) = mails("place_offered")
    assert mail.recipient == first.email
    assert "/mon-inscription/" in text_of(mail)
    assert history(first) == ["place_offered"]


def test_the_deadline_is_never_after_the_meeting_has_begun():
    meeting = full_meeting(starts_at=in_days(2))
    make_setup(meeting, offers_stop_hours=0, offer_hours=720)
    waiting = register(meeting)
    cancel(meeting.taken[0])
    db.session.refresh(waiting)
    assert waiting.held_until == meeting.starts_at


def test_offers_stop_by_themselves_near_the_start():
    meeting = full_meeting(starts_at=in_days(2))
    make_setup(meeting, offers_stop_hours=72)
    waiting = register(meeting)
    cancel(meeting.taken[0])
    assert states(waiting) == ["waiting"]


def test_a_place_offered_is_taken_for_everybody_else():
    meeting = full_meeting()
    register(meeting)
    cancel(meeting.taken[0])
    assert states(register(meeting)) == ["waiting"]


def test_a_reserved_place_is_offered_to_the_first_of_its_group():
    meeting = full_meeting(capacity=2)
    quota = {"key": "bretagne", "label": "Bretagne", "group": "region", "value": "53", "places": 1}
    make_setup(meeting, quotas=[quota])
    meeting.taken[0].quota_key = "bretagne"
    db.session.flush()
    elsewhere = register(meeting, region_code="32")
    breton = register(meeting, region_code="53")
    cancel(meeting.taken[0])
    assert states(elsewhere, breton) == ["waiting", "offered"]
    cancel(meeting.taken[1])
    assert states(elsewhere) == ["offered"]


# --- Answers --------------------------------------------------------------------------------------


def offered_place(**values):
    meeting = full_meeting(**values)
    person = register(meeting)
    cancel(meeting.taken[0])
    db.session.refresh(person)
    return meeting, person


def test_accepting_in_time_confirms_and_says_so_with_the_calendar_entry():
    _meeting, person = offered_place()
    answering.accept_place(registration=person, at=person.held_until - timedelta(seconds=1))
    assert states(person) == ["confirmed"]
    assert (person.place_number, person.held_until) == (1, None)
    (mail,) = mails("confirmation", person)
    assert compose(mail).calendar
    assert history(person) == ["place_offered", "offer_accepted"]


def test_accepting_twice_changes_nothing():
    _meeting, person = offered_place()
    answering.accept_place(registration=person, at=now())
    revision = person.revision
    answering.accept_place(registration=person, at=now())
    assert person.revision == revision
    assert len(mails("confirmation", person)) == 1


def test_an_acceptance_after_the_deadline_is_refused_before_the_sweep_has_passed():
    _meeting, person = offered_place()
    with pytest.raises(OfferIsOver):
        answering.accept_place(registration=person, at=person.held_until)


def test_nothing_is_accepted_by_somebody_who_waits():
    meeting = full_meeting()
    with pytest.raises(NothingIsOffered):
        answering.accept_place(registration=register(meeting), at=now())


def test_a_declined_place_goes_to_the_next_in_the_same_transaction():
    meeting, person = offered_place()
    second = register(meeting)
    answering.decline_place(registration=person, at=now())
    assert states(person, second) == ["cancelled", "offered"]
    assert second.place_number == 1
    (mail,) = mails("cancellation", person)
    assert f"/rencontres/{meeting.slug}/inscription" in text_of(mail)
    assert history(person)[-1] == "offer_declined"


def test_whoever_declined_may_come_back_at_the_end_of_the_list():
    meeting, person = offered_place()
    second = register(meeting)
    answering.decline_place(registration=person, at=now())
    again = register(meeting, email=person.email)
    assert states(second, again) == ["offered", "waiting"]


def test_accepting_gives_the_free_workshops_asked_for_and_a_rank_in_the_full_ones():
    meeting = full_meeting()
    free, full = make_session(meeting, hour=1, capacity=2), make_session(meeting, hour=4, capacity=0)
    person = register(meeting, free, full)
    cancel(meeting.taken[0])
    answering.accept_place(registration=person, at=now())
    assert place_of(person, free).state == "confirmed"
    assert (place_of(person, full).state, place_of(person, full).queue_rank) == ("waiting", 1)
    text = text_of(mails("confirmation", person)[0])
    assert free.title in text
    assert f"{full.title} (vous êtes en 1re position)" in text


def test_accepting_keeps_what_was_waited_for_before_what_was_taken_meanwhile():
    meeting = full_meeting()
    wanted, meanwhile = make_session(meeting, hour=1, capacity=1), make_session(meeting, hour=1, capacity=1)
    person = register(meeting, meanwhile, waiting=[wanted])
    cancel(meeting.taken[0])
    answering.accept_place(registration=person, at=now())
    assert place_of(person, wanted).state == "confirmed"
    assert place_of(person, meanwhile) is None


# --- Expiry ---------------------------------------------------------------------------------------


def sweep(at):
    return answering.expire_due_offers(at=at)


def test_an_offer_nobody_answered_goes_to_the_next_and_the_person_is_told():
    meeting, person = offered_place()
    second = register(meeting)
    assert sweep(person.held_until) == 1
    assert states(person, second) == ["cancelled", "offered"]
    assert history(person)[-1] == "offer_expired"
    (mail,) = mails("cancellation", person)
    assert "Délai passé" in mail.subject
    assert sweep(now()) == 0


def test_the_sweep_leaves_offers_that_may_still_be_answered():
    _meeting, person = offered_place()
    assert sweep(person.held_until - timedelta(seconds=1)) == 0
    assert states(person) == ["offered"]


def test_an_address_never_proved_gives_its_place_to_the_next():
    meeting = make_meeting(capacity=1)
    person = make_registration(meeting, state="unverified", held_until=now() + timedelta(hours=1))
    waiting = make_registration(meeting, state="waiting")
    sweep(now() + timedelta(hours=2))
    assert states(person, waiting) == ["cancelled", "offered"]
    assert mails("cancellation", person) == []


# --- Workshops ------------------------------------------------------------------------------------


def test_a_full_workshop_offers_the_next_place_to_the_first_waiting():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    assert states(first, second) == ["confirmed", "confirmed"]
    assert "vous êtes en 2e position" in text_of(mails("confirmation", second)[0])
    changing.change_registration(registration=workshop.taken[0], session_ids=[], at=now())
    assert [place_of(x, workshop).state for x in (first, second)] == ["offered", "waiting"]
    (mail,) = mails("place_offered")
    assert (mail.recipient, workshop.title in mail.subject) == (first.email, True)


def test_a_newcomer_does_not_take_a_workshop_place_that_others_wait_for():
    meeting = make_meeting()
    make_setup(meeting, offers_frozen_at=now())
    workshop = full_workshop(meeting)
    register(meeting, waiting=[workshop])
    cancel(workshop.taken[0])
    with pytest.raises(WorkshopIsFull):
        register(meeting, workshop)


def waiting_with_another(meeting, workshop, **values):
    """Somebody who waits for the workshop and holds another at the same time."""
    other = make_session(meeting, capacity=1, **values)
    return register(meeting, other, waiting=[workshop]), other


def test_accepting_a_workshop_leaves_the_one_at_the_same_time_and_offers_it_in_turn():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    person, other = waiting_with_another(meeting, workshop)
    next_one = register(meeting, waiting=[other])
    cancel(workshop.taken[0])
    assert place_of(person, other).state == "confirmed"
    assert other.title in text_of(mails("place_offered", person)[0])
    answering.accept_session_place(registration=person, session_id=workshop.id, at=now())
    assert place_of(person, workshop).state == "confirmed"
    assert place_of(person, other) is None
    assert place_of(next_one, other).state == "offered"


def test_accepting_a_workshop_ends_what_was_waited_for_at_the_same_time_only():
    meeting = make_meeting()
    workshop, beside = full_workshop(meeting, hour=1), full_workshop(meeting, hour=1)
    apart = full_workshop(meeting, hour=5)
    person = register(meeting, waiting=[workshop, beside, apart])
    cancel(workshop.taken[0])
    answering.accept_session_place(registration=person, session_id=workshop.id, at=now())
    assert place_of(person, beside) is None
    assert place_of(person, apart).state == "waiting"


def test_a_declined_workshop_goes_to_the_next_and_the_registration_stands():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    cancel(workshop.taken[0])
    answering.decline_session_place(registration=first, session_id=workshop.id, at=now())
    assert states(first) == ["confirmed"]
    assert place_of(first, workshop) is None
    assert place_of(second, workshop).state == "offered"


def test_an_offered_workshop_nobody_answered_goes_to_the_next():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    cancel(workshop.taken[0])
    until = place_of(first, workshop).held_until
    with pytest.raises(OfferIsOver):
        answering.accept_session_place(registration=first, session_id=workshop.id, at=until)
    assert sweep(until) == 1
    assert place_of(first, workshop) is None
    assert place_of(second, workshop).state == "offered"
    assert "Délai passé" in mails("waiting", first)[0].subject


def test_waiting_for_a_workshop_that_has_room_after_all_is_answered_with_an_offer():
    meeting = make_meeting()
    workshop = make_session(meeting, capacity=1)
    person = register(meeting, waiting=[workshop])
    assert place_of(person, workshop).state == "offered"


def test_lists_are_joined_and_left_with_the_choice_of_workshops():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    person = register(meeting)
    change = {"registration": person, "session_ids": [], "at": now()}
    changing.change_registration(**change, waiting_ids=[workshop.id])
    assert place_of(person, workshop).state == "waiting"
    assert "1re position" in text_of(mails("confirmation", person)[-1])
    changing.change_registration(**change)
    assert place_of(person, workshop).state == "waiting"
    changing.change_registration(**change, waiting_ids=[])
    assert place_of(person, workshop) is None


def test_no_list_is_joined_where_the_meeting_has_none():
    meeting = make_meeting()
    make_setup(meeting, has_waiting_list=False)
    workshop = full_workshop(meeting)
    person = register(meeting)
    with pytest.raises(ThereIsNoWaitingList):
        changing.change_registration(registration=person, waiting_ids=[workshop.id], at=now())


def test_the_workshops_of_somebody_who_waits_are_wishes_whatever_room_they_have():
    meeting = full_meeting()
    full = make_session(meeting, capacity=0)
    person = register(meeting)
    changing.change_registration(registration=person, session_ids=[full.id], at=now())
    assert place_of(person, full).state == "wished"


def test_choosing_an_offered_workshop_accepts_it():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    person = register(meeting, waiting=[workshop])
    cancel(workshop.taken[0])
    changing.change_registration(registration=person, session_ids=[workshop.id], at=now())
    assert place_of(person, workshop).state == "confirmed"


def test_leaving_gives_back_what_was_offered_too():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    cancel(workshop.taken[0])
    cancel(first)
    assert place_of(second, workshop).state == "offered"


def test_leaving_the_list_of_the_meeting_is_told_in_its_own_words():
    meeting = full_meeting()
    person = register(meeting)
    cancel(person)
    (mail,) = mails("cancellation", person)
    assert "Liste d’attente quittée" in mail.subject
    assert not compose(mail).calendar


# --- What organisers decide -----------------------------------------------------------------------


def queue(meeting):
    statement = select(Registration).where(
        Registration.meeting_id == meeting.id, Registration.state == "waiting"
    )
    return db.session.scalars(statement.order_by(Registration.queue_rank, Registration.id)).all()


def test_an_organiser_offers_a_place_to_anybody_of_the_list_frozen_or_not():
    meeting = full_meeting()
    make_setup(meeting, offers_frozen_at=now())
    first, second = register(meeting), register(meeting)
    cancel(meeting.taken[0])
    organiser = make_account()
    waiting_list.offer_by_hand(registration=second, by=organiser, at=now())
    assert states(first, second) == ["waiting", "offered"]
    with pytest.raises(MeetingIsFull):
        waiting_list.offer_by_hand(registration=first, by=organiser, at=now())
    with pytest.raises(NobodyWaits):
        waiting_list.offer_by_hand(registration=second, by=organiser, at=now())


def test_no_place_is_offered_once_the_meeting_has_begun():
    meeting = full_meeting()
    person = register(meeting)
    with pytest.raises(OffersAreOver):
        waiting_list.offer_by_hand(registration=person, by=make_account(), at=meeting.starts_at)


def test_an_organiser_offers_a_workshop_by_hand_never_past_its_capacity():
    meeting = make_meeting()
    make_setup(meeting, offers_frozen_at=now())
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    by_hand = {"session_id": workshop.id, "by": make_account(), "at": now()}
    with pytest.raises(WorkshopIsFull):
        waiting_list.offer_by_hand(registration=second, **by_hand)
    cancel(workshop.taken[0])
    waiting_list.offer_by_hand(registration=second, **by_hand)
    assert [place_of(x, workshop).state for x in (first, second)] == ["waiting", "offered"]


@pytest.mark.parametrize(
    ("who", "move", "order"),
    [
        (1, "up", [1, 0, 2]),
        (0, "up", [0, 1, 2]),
        (1, "down", [0, 2, 1]),
        (2, "down", [0, 1, 2]),
        (2, "first", [2, 0, 1]),
    ],
)
def test_an_organiser_reorders_the_list(who, move, order):
    meeting = full_meeting()
    people = [register(meeting) for _number in range(3)]
    waiting_list.move_in_line(registration=people[who], move=move, by=make_account(), at=now())
    assert queue(meeting) == [people[rank] for rank in order]


def test_an_organiser_reorders_the_list_of_a_workshop():
    meeting = make_meeting()
    workshop = full_workshop(meeting)
    first, second = register(meeting, waiting=[workshop]), register(meeting, waiting=[workshop])
    waiting_list.move_in_line(
        registration=second, session_id=workshop.id, move="first", by=make_account(), at=now()
    )
    cancel(workshop.taken[0])
    assert [place_of(x, workshop).state for x in (first, second)] == ["waiting", "offered"]


def test_frozen_offers_wait_and_leave_at_once_when_resumed():
    meeting = full_meeting(capacity=2)
    first, second, third = (register(meeting) for _number in range(3))
    waiting_list.freeze_offers(meeting_id=meeting.id, at=now())
    for registration in meeting.taken:
        cancel(registration)
    assert states(first, second) == ["waiting", "waiting"]
    waiting_list.resume_offers(meeting_id=meeting.id, at=now())
    assert states(first, second, third) == ["offered", "offered", "waiting"]


def test_an_offer_made_before_the_freeze_may_still_be_accepted():
    meeting, person = offered_place()
    waiting_list.freeze_offers(meeting_id=meeting.id, at=now())
    answering.accept_place(registration=person, at=now())
    assert states(person) == ["confirmed"]


def test_withdrawn_offers_put_people_first_in_line_in_their_order():
    meeting = full_meeting(capacity=2)
    first, second, third = (register(meeting) for _number in range(3))
    for registration in meeting.taken:
        cancel(registration)
    held = waiting_list.places.hold_whole(meeting.id)
    waiting_list.withdraw_offers(held, at=now())
    assert queue(meeting) == [first, second, third]


def test_a_whole_list_of_a_workshop_without_limit_is_offered_at_once():
    meeting = make_meeting()
    workshop = make_session(meeting, capacity=0)
    people = [make_registration(meeting) for _number in range(3)]
    for person in people:
        make_wait(person, workshop)
    workshop.capacity = None
    db.session.flush()
    held = waiting_list.places.hold_whole(meeting.id)
    waiting_list.offer_free_places(held, at=now())
    places = db.session.scalars(select(SessionPlace)).all()
    assert [place.state for place in places] == ["offered"] * 3
