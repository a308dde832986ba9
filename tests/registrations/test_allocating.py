"""From wishes to places: prepared, moved by hand, committed once, never stale, never past a capacity."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.directory.models import Person
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Session
from eventsapp.registrations.allocation.problems import AllocationIsImpossible
from eventsapp.registrations.errors import (
    AllocationHasChanged,
    AllocationIsOver,
    MoveIsRefused,
    WishesAreStillOpen,
    WorkshopIsUnknown,
)
from eventsapp.registrations.models import Allocation, RegistrationEvent, RegistrationSetup, SessionPlace
from eventsapp.registrations.proposals import load_proposal
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.services import allocating, changing
from tests.factories.accounts import make_account
from tests.factories.database import store
from tests.factories.meetings import in_days, make_session, make_session_role
from tests.factories.registrations import make_place, make_registration, make_wait
from tests.factories.wishes import make_wished_meeting, make_wisher

pytestmark = pytest.mark.usefixtures("context")


class Office:
    """An organiser at work on one meeting."""

    def __init__(self, meeting, sessions):
        self.meeting, self.sessions, self.account = meeting, sessions, make_account()

    def prepare(self):
        return self.prepare_again().draft

    def prepare_again(self):
        with unit_of_work():
            return allocating.prepare_allocation(meeting=self.meeting, by=self.account, at=now())

    def move(self, draft, registration, session):
        with unit_of_work():
            allocating.move_by_hand(
                draft=draft,
                person_id=registration.id,
                places_in={1: session and session.id},
                by=self.account,
                at=now(),
            )

    def commit(self, draft):
        with unit_of_work():
            allocating.commit_allocation(draft=draft, by=self.account, at=now())

    def proposal(self, draft):
        return load_proposal(draft, self.meeting.workshops, get_setup(self.meeting.id))


@pytest.fixture
def office():
    with unit_of_work():
        return Office(*make_wished_meeting(1, 2))


def wisher(office, *ranks, **values):
    with unit_of_work():
        return make_wisher(office.meeting, *(office.sessions[n] for n in ranks), **values)


def places_of(registration):
    db.session.expire_all()
    return {(place.session_id, place.state) for place in registration.places}


def mails():
    found = select(OutgoingMail).where(OutgoingMail.template.endswith("allocation_result"))
    return db.session.scalars(found).all()


def test_wishes_become_places_and_everybody_is_told(office):
    first, second = office.sessions
    both, only = wisher(office, 0, 1), wisher(office, 0)
    office.commit(office.prepare())
    assert places_of(both) == {(second.id, "confirmed")}
    assert places_of(only) == {(first.id, "confirmed")}
    assert {mail.recipient for mail in mails()} == {both.email, only.email}
    assert {mail.purpose for mail in mails()} == {"decision"}
    assert all(mail.calendar_method == "REQUEST" for mail in mails())
    events = db.session.scalars(select(RegistrationEvent)).all()
    assert {(event.registration_id, event.kind, event.text) for event in events} == {
        (both.id, "allocated", second.title),
        (only.id, "allocated", first.title),
    }
    assert db.session.get_one(RegistrationSetup, office.meeting.id).allocated_at is not None


def test_a_place_keeps_the_rank_of_the_wish_it_grants(office):
    both, only = wisher(office, 0, 1), wisher(office, 0)
    office.commit(office.prepare())
    ranks = {place.registration_id: place.rank for place in db.session.scalars(select(SessionPlace))}
    assert ranks == {both.id: 2, only.id: 1}


def test_a_commit_done_twice_does_nothing_twice(office):
    wisher(office, 0, 1)
    draft = office.prepare()
    office.commit(draft)
    office.commit(draft)
    assert len(mails()) == 1
    assert len(db.session.scalars(select(RegistrationEvent)).all()) == 1


def test_numbers_are_unique_and_never_past_the_capacity(office):
    for _one in range(5):
        wisher(office, 0, 1)
    office.commit(office.prepare())
    rows = db.session.execute(select(SessionPlace.session_id, SessionPlace.place_number)).all()
    held = {row for row in map(tuple, rows) if row[1]}
    assert held == {(office.sessions[0].id, 1), (office.sessions[1].id, 1), (office.sessions[1].id, 2)}


def test_who_got_nothing_waits_for_the_best_wish_that_is_full(office):
    people = [wisher(office, 0, 1) for _one in range(4)]
    office.commit(office.prepare())
    waiting = db.session.scalars(select(SessionPlace).where(SessionPlace.state == "waiting")).all()
    assert [(place.session_id, place.queue_rank) for place in waiting] == [(office.sessions[0].id, 1)]
    told = next(mail for mail in mails() if mail.recipient == waiting[0].registration.email)
    text = compose(told).body_text
    assert "vous êtes en 1re position" in text
    assert "ces ateliers sont complets" in text
    assert office.sessions[0].title in compose(told).body_html
    assert len(people) == len(mails())


def test_without_a_waiting_list_the_wishes_stay_for_the_next_allocation():
    with unit_of_work():
        office = Office(*make_wished_meeting(1, has_waiting_list=False))
    people = [wisher(office, 0) for _one in range(2)]
    office.commit(office.prepare())
    assert sorted(state for one in people for _id, state in places_of(one)) == ["confirmed", "wished"]


def test_a_second_allocation_gives_what_became_free_and_moves_nobody():
    with unit_of_work():
        office = Office(*make_wished_meeting(1, 1, has_waiting_list=False))
    first, second = office.sessions
    people = [wisher(office, 0, 1) for _one in range(3)]
    office.commit(office.prepare())
    held = {one.id: places_of(one) for one in people}
    leaving = next(one for one in people if held[one.id] == {(first.id, "confirmed")})
    staying = next(one for one in people if held[one.id] == {(second.id, "confirmed")})
    left_out = next(one for one in people if one not in (leaving, staying))
    with unit_of_work():
        changing.cancel_registration(registration=leaving, at=now(), by=office.account)
    office.commit(office.prepare())
    assert places_of(staying) == {(second.id, "confirmed")}
    assert places_of(left_out) == {(first.id, "confirmed")}
    assert len([mail for mail in mails() if mail.recipient == left_out.email]) == 2


def test_a_proposal_older_than_a_change_is_refused(office):
    one = wisher(office, 0, 1)
    draft = office.prepare()
    with unit_of_work():
        changing.cancel_registration(registration=one, at=now(), by=office.account)
    with pytest.raises(AllocationHasChanged):
        office.commit(draft)
    assert places_of(one) == set()
    assert office.proposal(draft).is_stale
    assert not office.proposal(office.prepare()).is_stale


def test_a_smaller_room_makes_a_proposal_stale(office):
    wisher(office, 0, 1)
    draft = office.prepare()
    with unit_of_work():
        db.session.get_one(Session, office.sessions[1].id).capacity = 1
    with pytest.raises(AllocationHasChanged):
        office.commit(draft)


def test_a_latecomer_without_a_wish_leaves_a_proposal_as_it_is(office):
    one = wisher(office, 0)
    draft = office.prepare()
    wisher(office)
    office.commit(draft)
    assert places_of(one) == {(office.sessions[0].id, "confirmed")}
    assert len(mails()) == 1


def test_nothing_is_committed_while_wishes_are_open(office):
    one = wisher(office, 0)
    with unit_of_work():
        db.session.get_one(RegistrationSetup, office.meeting.id).wishes_close_at = in_days(1)
    with pytest.raises(WishesAreStillOpen):
        office.commit(office.prepare())
    assert places_of(one) == {(office.sessions[0].id, "wished")}


def test_a_person_is_moved_by_hand_even_to_what_they_did_not_wish(office):
    one = wisher(office, 0)
    draft = office.prepare()
    office.move(draft, one, office.sessions[1])
    office.commit(draft)
    assert places_of(one) == {(office.sessions[1].id, "confirmed")}


def test_a_person_is_taken_out_by_hand_and_waits_for_nothing_that_has_room(office):
    one = wisher(office, 0)
    draft = office.prepare()
    office.move(draft, one, None)
    assert office.proposal(draft).figures.placed == 0
    office.commit(draft)
    assert places_of(one) == {(office.sessions[0].id, "wished")}


def test_a_move_that_breaks_a_limit_is_refused_in_words(office):
    one, other = wisher(office, 0), wisher(office, 0, 1)
    draft = office.prepare()
    with pytest.raises(MoveIsRefused) as refusal:
        office.move(draft, other, office.sessions[0])
    assert str(refusal.value.message).replace("\u00a0", " ") == f"« {office.sessions[0].title} » : complet."
    assert refusal.value.field == "creneau_1"
    with pytest.raises(WorkshopIsUnknown):
        office.move(draft, one, Session(id=999))
    assert office.proposal(draft).draft.adjustments == []


def test_what_was_moved_by_hand_stays_when_the_rest_is_computed_again(office):
    first, second = office.sessions
    one = wisher(office, 0, 1)
    office.move(office.prepare(), one, second)
    other = wisher(office, 0)
    prepared = office.prepare_again()
    assert prepared.lost == ()
    assert office.proposal(prepared.draft).places == {(one.id, 1): second.id, (other.id, 1): first.id}
    office.commit(prepared.draft)
    assert places_of(one) == {(second.id, "confirmed")}


def test_a_place_moved_by_hand_counts_against_the_capacity_of_the_rest(office):
    one = wisher(office, 1)
    office.move(office.prepare(), one, office.sessions[0])  # it has one place
    wisher(office, 0)
    draft = office.prepare()
    assert office.proposal(draft).figures.placed == 1


def test_somebody_taken_out_by_hand_stays_out(office):
    one = wisher(office, 0)
    office.move(office.prepare(), one, None)
    assert office.proposal(office.prepare()).figures.placed == 0


def test_a_move_that_no_longer_holds_is_let_go_and_told(office):
    one = wisher(office, 1)
    office.move(office.prepare(), one, office.sessions[0])
    with unit_of_work():
        holder = make_registration(office.meeting, sessions=[office.sessions[0]])
    assert holder.is_active()
    prepared = office.prepare_again()
    assert [person.id for person in prepared.lost] == [one.id]
    assert office.proposal(prepared.draft).places == {(one.id, 1): office.sessions[1].id}


def test_a_confirmed_place_is_not_moved_by_an_allocation(office):
    with unit_of_work():
        late = make_session(office.meeting, hour=1, hours=0.5)
        make_session(office.meeting, hour=1, hours=3)
        later = make_session(office.meeting, hour=2, hours=0.5)
    one = wisher(office, 0)
    with unit_of_work():
        holder = make_registration(office.meeting, sessions=[late])
    office.meeting = db.session.merge(office.meeting)
    draft = office.prepare()
    with pytest.raises(MoveIsRefused):
        office.move(draft, holder, later)
    office.commit(draft)
    assert places_of(holder) == {(late.id, "confirmed")}
    assert places_of(one) == {(office.sessions[0].id, "confirmed")}


def test_a_new_proposal_replaces_the_former_one(office):
    wisher(office, 0)
    former, draft = office.prepare(), office.prepare()
    with pytest.raises(AllocationIsOver):
        office.commit(former)
    office.commit(draft)
    assert {one.state for one in db.session.scalars(select(Allocation))} == {"discarded", "committed"}


def test_a_discarded_proposal_gives_nothing(office):
    one = wisher(office, 0)
    draft = office.prepare()
    for _twice in range(2):
        with unit_of_work():
            allocating.discard_allocation(draft=draft)
    with pytest.raises(AllocationIsOver):
        office.commit(draft)
    assert places_of(one) == {(office.sessions[0].id, "wished")}


def test_speakers_are_where_they_speak(office):
    with unit_of_work():
        person = store(Person(given_name="Ada", family_name="Intervenante", email="Ada@exemple.fr"))
        make_session_role(office.sessions[0], person_id=person.id)
    speaker, other = wisher(office, 1, email="ada@Exemple.fr"), wisher(office, 0)
    office.commit(office.prepare())
    assert places_of(speaker) == {(office.sessions[1].id, "wished")}
    assert places_of(other) == {(office.sessions[0].id, "confirmed")}


def test_a_delegation_is_spread_and_people_on_their_own_are_none():
    with unit_of_work():
        office = Office(*make_wished_meeting(4, 4, most_per_organisation=1))
    colleagues = [wisher(office, 0, 1, organisation="Ville de Lille") for _one in range(2)]
    own = [wisher(office, 0, organisation="À titre personnel") for _one in range(2)]
    office.commit(office.prepare())
    assert {place for one in colleagues for place in places_of(one)} == {
        (session.id, "confirmed") for session in office.sessions
    }
    assert all(places_of(one) == {(office.sessions[0].id, "confirmed")} for one in own)


def test_places_of_people_still_to_be_checked_are_not_given(office):
    with unit_of_work():
        unverified = make_registration(office.meeting, state="unverified", held_until=in_days(1))
        make_place(unverified, office.sessions[0])
    one = wisher(office, 0)
    office.commit(office.prepare())
    assert (office.sessions[0].id, "confirmed") not in places_of(one)


def test_an_impossible_allocation_says_what_to_mend(office):
    with unit_of_work():
        make_registration(office.meeting, sessions=[office.sessions[0]])
        make_registration(office.meeting, sessions=[office.sessions[0]])
    with pytest.raises(AllocationIsImpossible) as refusal:
        office.prepare()
    assert [problem.kind for problem in refusal.value.problems] == ["more_confirmed_than_places"]
    assert db.session.scalars(select(Allocation)).all() == []


def test_those_who_wait_already_keep_their_rank(office):
    with unit_of_work():
        before = make_registration(office.meeting)
        make_wait(before, office.sessions[0])
    people = [wisher(office, 0) for _one in range(2)]
    draft = office.prepare()
    office.commit(draft)
    waiting = {
        place.registration_id: place.queue_rank
        for place in db.session.scalars(select(SessionPlace).where(SessionPlace.state == "waiting"))
    }
    assert waiting[before.id] < min(rank for id_, rank in waiting.items() if id_ != before.id)
    assert len(people) == 2
