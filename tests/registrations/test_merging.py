"""Two registrations that are one person's become one; two people who look alike are told apart."""

import pytest
from sqlalchemy import func, select

from eventsapp.attendance.models import Attendance
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.invitations.models import Invitation
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.errors import NotTwoRegistrations
from eventsapp.registrations.models import (
    Answer,
    ChangeRequest,
    Question,
    Registration,
    RegistrationEvent,
    SessionPlace,
)
from eventsapp.registrations.queries import duplicates
from eventsapp.registrations.services import transferring
from eventsapp.registrations.services.merging import merge_registrations, tell_apart
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.details import make_details
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_place, make_registration, make_setup, make_wait
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def meeting(context):
    with unit_of_work():
        meeting = make_meeting(capacity=2)
        meeting.morning = make_session(meeting, title="Mobilités", hour=1, capacity=1)
        meeting.beside = make_session(meeting, title="Habitat", hour=1)
        meeting.evening = make_session(meeting, title="Alimentation", hour=5)
        meeting.account = make_account()
    return meeting


def merge(meeting, kept, other, *, tells=False):
    with unit_of_work():
        merge_registrations(
            kept=db.session.merge(kept),
            other=db.session.merge(other),
            tells=tells,
            by=db.session.merge(meeting.account),
            at=now(),
        )


def sessions_of(registration):
    held = select(SessionPlace.session_id).where(SessionPlace.registration_id == registration.id)
    return set(db.session.scalars(held))


def test_one_is_left_and_the_other_says_where_it_went(meeting):
    with unit_of_work():
        kept, other = make_registration(meeting), make_registration(meeting)
    merge(meeting, kept, other)
    assert (kept.state, other.state) == ("confirmed", "cancelled")
    assert other.merged_into_id == kept.id
    assert other.place_number is None
    told = db.session.execute(select(RegistrationEvent.registration_id, RegistrationEvent.text)).all()
    assert set(told) == {(kept.id, other.reference), (other.id, kept.reference)}
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_the_kept_one_takes_what_it_did_not_say_and_nothing_else(meeting):
    with unit_of_work():
        kept = make_registration(meeting, phone="", organisation="", job_title="Maire", needs="")
        other = make_registration(
            meeting,
            phone="+33 6 00",
            organisation="Ville",
            job_title="Élue",
            needs="rampe",
            accepts_listing=True,
        )
    merge(meeting, kept, other)
    assert (kept.phone, kept.organisation, kept.job_title, kept.needs) == (
        "+33 6 00",
        "Ville",
        "Maire",
        "rampe",
    )
    assert "ville" in kept.search_key
    assert not kept.accepts_listing  # nobody consents for the other


def test_the_kept_one_stands_as_well_as_the_better_of_the_two(meeting):
    with unit_of_work():
        make_registration(meeting)
        placed = make_registration(meeting)
        number = placed.place_number
        waiting = make_registration(meeting, state="waiting")
    merge(meeting, waiting, placed)
    assert (waiting.state, waiting.place_number, waiting.queue_rank) == ("confirmed", number, None)
    assert placed.state == "cancelled"


def test_two_in_line_become_one_at_the_better_rank(meeting):
    with unit_of_work():
        for _time in range(2):
            make_registration(meeting)
        early, late = make_registration(meeting, state="waiting"), make_registration(meeting, state="waiting")
        rank = early.queue_rank
    merge(meeting, late, early)
    assert (late.state, late.queue_rank) == ("waiting", rank)


def test_the_place_given_up_is_offered_to_the_next_in_line(meeting):
    with unit_of_work():
        kept, other = make_registration(meeting), make_registration(meeting)
        waiting = make_registration(meeting, state="waiting")
    merge(meeting, kept, other)
    assert waiting.state == "offered"
    taken = select(func.count(Registration.place_number)).where(Registration.meeting_id == meeting.id)
    assert db.session.scalar(taken) == 2


def test_workshops_follow_at_free_hours_and_the_others_are_free_again(meeting):
    with unit_of_work():
        kept = make_registration(meeting, sessions=[meeting.beside])
        other = make_registration(meeting, sessions=[meeting.morning, meeting.evening])
    merge(meeting, kept, other)
    assert sessions_of(kept) == {meeting.beside.id, meeting.evening.id}
    assert sessions_of(other) == set()


def test_a_workshop_that_follows_is_not_given_to_somebody_who_waits_for_it(meeting):
    with unit_of_work():
        meeting.capacity = 3
        kept, other = make_registration(meeting), make_registration(meeting, sessions=[meeting.morning])
        bystander = make_registration(meeting)
        make_wait(bystander, meeting.morning)
    merge(meeting, kept, other)
    assert sessions_of(kept) == {meeting.morning.id}
    states = db.session.execute(select(SessionPlace.registration_id, SessionPlace.state)).all()
    assert set(states) == {(kept.id, "confirmed"), (bystander.id, "waiting")}


def test_answers_and_presences_follow_unless_the_kept_one_has_its_own(meeting):
    with unit_of_work():
        kept, other = make_registration(meeting), make_registration(meeting)
        both, only = (store(Question(meeting_id=meeting.id, kind="text", label=label)) for label in "AB")
        for registration, question, value in ((kept, both, "à elle"), (other, both, "x"), (other, only, "b")):
            store(Answer(registration_id=registration.id, question_id=question.id, value=value))
        for registration, half_day in (
            (kept, "2026-12-01:am"),
            (other, "2026-12-01:am"),
            (other, "2026-12-01:pm"),
        ):
            store(
                Attendance(
                    registration_id=registration.id, half_day=half_day, state="present", noted_at=now()
                )
            )
    merge(meeting, kept, other)
    answers = db.session.execute(select(Answer.registration_id, Answer.value)).all()
    assert sorted(answers) == [(kept.id, "b"), (kept.id, "à elle")]
    marks = select(Attendance.half_day).where(Attendance.registration_id == kept.id)
    assert sorted(db.session.scalars(marks)) == ["2026-12-01:am", "2026-12-01:pm"]


def test_the_invitation_that_was_followed_stays_answered(meeting):
    with unit_of_work():
        kept, other = make_registration(meeting), make_registration(meeting)
        make_invitation(make_campaign(meeting), answer="registered", registration_id=other.id)
    merge(meeting, kept, other)
    invitation = db.session.scalars(select(Invitation)).one()
    assert (invitation.answer, invitation.registration_id) == ("registered", kept.id)


def test_the_person_is_told_at_both_addresses_and_neither_says_the_other(meeting):
    with unit_of_work():
        kept = make_registration(meeting, email="zoe@exemple.fr")
        other = make_registration(meeting, email="zoe.durand@ailleurs.fr")
    merge(meeting, kept, other, tells=True)
    mails = {mail.recipient: mail for mail in db.session.scalars(select(OutgoingMail))}
    assert set(mails) == {kept.email, other.email}
    assert mails[other.email].calendar_method == "CANCEL"
    assert mails[kept.email].calendar_method == "REQUEST"
    assert other.email not in str(mails[kept.email].context)
    assert kept.email not in str(mails[other.email].context)


def test_only_two_registrations_under_way_of_one_meeting_are_merged(meeting):
    with unit_of_work():
        kept, gone = make_registration(meeting), make_registration(meeting, state="cancelled")
        elsewhere = make_registration(make_meeting())
    for other in (kept, gone, elsewhere):
        with pytest.raises(NotTwoRegistrations):
            merge(meeting, kept, other)


def test_people_told_apart_are_not_shown_again(meeting):
    with unit_of_work():
        one, other = (
            make_registration(meeting, given_name="Zoé", family_name="Durand", email=f"{name}@exemple.fr")
            for name in ("zoe", "zdurand")
        )
    assert [pair.reason for pair in duplicates.find_pairs(meeting.id).found] == ["name_and_organisation"]
    assert duplicates.lookalikes([one]) == {one.id: other.id}
    for first, second in ((other, one), (one, other)):
        with unit_of_work():
            tell_apart(one=first, other=second, by=meeting.account, at=now())
    assert duplicates.find_pairs(meeting.id).found == []
    assert duplicates.lookalikes([one, other]) == {}


def test_somebody_told_apart_from_one_person_may_still_be_another(meeting):
    with unit_of_work():
        one, other, third = (
            make_registration(meeting, given_name="Zoé", family_name="Durand") for _number in range(3)
        )
        tell_apart(one=one, other=other, by=meeting.account, at=now())
    assert duplicates.lookalikes([one, other, third]) == {
        one.id: third.id,
        other.id: third.id,
        third.id: one.id,
    }


def test_a_list_flags_names_in_whatever_order_and_labelled_addresses_on_both_sides(meeting):
    with unit_of_work():
        people = [
            make_registration(meeting, given_name=given, family_name=family, email=email)
            for given, family, email in (
                ("Zoé", "Durand", "zoe@exemple.fr"),
                ("Durand", "Zoe", "autre@exemple.fr"),
                ("Alix", "Martin", "contact+alix@exemple.fr"),
                ("A.", "M.", "contact@exemple.fr"),
                ("Am", "Mar", "contact+am@exemple.fr"),
                ("Seule", "Ici", "seule@exemple.fr"),
            )
        ]
        make_registration(meeting, given_name="Seule", family_name="Ici", state="cancelled")
    zoe, swapped, alix, contact, other, _alone = people
    found = duplicates.lookalikes(people)
    assert set(found) == {one.id for one in people[:5]}
    assert (found[zoe.id], found[swapped.id]) == (swapped.id, zoe.id)
    assert {found[alix.id], found[contact.id], found[other.id]} <= {alix.id, contact.id, other.id}


def test_the_keys_follow_a_name_or_an_address_that_changes(meeting):
    with unit_of_work():
        one = make_registration(meeting, given_name="Zoé", family_name="Durand", email="zoe+ess@exemple.fr")
        assert (one.likeness_key, one.mailbox_key) == ("durand zoe", "zoe@exemple.fr")
        one.family_name, one.email = "Abel", "zoe@exemple.fr"
        one.set_keys()
        assert (one.likeness_key, one.mailbox_key) == ("abel zoe", "zoe@exemple.fr")


def test_a_large_meeting_is_searched_by_name_and_mailbox_and_says_so(meeting, monkeypatch):
    with unit_of_work():
        for given, family, email in (
            ("Zoé", "Durand", "zoe.durand@exemple.fr"),
            ("Zoé", "Durant", "zoe.durant@exemple.fr"),
            ("Durand", "Zoé", "zd@exemple.fr"),
            ("Alix", "Martin", "alix@exemple.fr"),
            ("A.", "M.", "alix+ess@exemple.fr"),
            ("Seule", "Ici", "seule@exemple.fr"),
        ):
            make_registration(meeting, given_name=given, family_name=family, email=email)
    every = duplicates.find_pairs(meeting.id)
    assert every.is_thorough
    assert [pair.reason for pair in every.found] == ["mailbox", "name_and_organisation", "address"]
    monkeypatch.setattr(duplicates, "MOST_READ", 5)
    fewer = duplicates.find_pairs(meeting.id)
    assert not fewer.is_thorough
    assert fewer.found == every.found[:2]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53")
        meeting.pair = [
            make_registration(meeting, given_name="Zoé", family_name="de La Tour", email=email, phone=phone)
            for email, phone in (("zoe@exemple.fr", "+33 6 11"), ("zoe+ess@exemple.fr", ""))
        ]
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    meeting.both = f"{meeting.path}/doublons/{meeting.pair[0].id}/{meeting.pair[1].id}"
    return meeting


def test_the_page_shows_pairs_side_by_side_and_the_list_flags_them(client, office):
    page = client.get(f"{office.path}/doublons").text
    assert page.count("Zoé de La Tour") == 2
    assert "à l’étiquette près" in page
    assert client.get(office.path).text.count("Doublon possible") == 2
    shown = client.get(f"{office.path}/{office.pair[1].id}").text
    assert f"/doublons/{office.pair[1].id}/{office.pair[0].id}" in shown


def test_the_comparison_says_what_differs_and_the_choice_is_followed(app, client, office):
    page = client.get(office.both).text
    assert page.count("différent") >= 2
    assert "+33 6 11" in page
    answer = client.post(f"{office.both}/fusion", data={"kept": office.pair[1].id, "tells": "1"})
    assert answer.location.endswith(f"/{office.pair[1].id}")
    page = client.get(answer.location).text
    assert "+33 6 11" in page
    assert "Doublon réuni" in page
    assert "Inscription reçue" in page
    gone = client.get(f"{office.path}/{office.pair[0].id}").text
    assert "Voir celle qui est gardée" in gone
    assert client.post(f"{office.both}/fusion", data={"kept": office.pair[1].id}).status_code == 409
    assert "rien à réunir" in client.get(office.both).text


def test_two_people_stay_two(client, office):
    assert client.post(f"{office.both}/distinction").status_code == 303
    assert "Aucun doublon en vue" in client.get(f"{office.path}/doublons").text
    assert "Doublon possible" not in client.get(office.path).text


def test_a_pair_across_meetings_or_regions_is_not_found(app, client, office):
    with stored(app):
        near, far = (
            make_registration(make_meeting(region_code="53")),
            make_registration(make_meeting(region_code="32")),
        )
    for other in (near, far):
        here = f"{office.path}/doublons/{office.pair[0].id}/{other.id}"
        assert client.get(here).status_code == 404
        for end in ("fusion", "distinction"):
            assert client.post(f"{here}/{end}").status_code == 404
    there = f"/gestion/rencontres/{far.meeting_id}/inscriptions/doublons"
    assert client.get(there).status_code == 404
    same = f"{office.path}/doublons/{office.pair[0].id}/{office.pair[0].id}"
    assert client.get(same).status_code == 404


def test_the_page_of_duplicates_costs_the_same_for_two_or_sixty(app, client, office):
    counts = []
    for number in (0, 60):
        with stored(app):
            for rank in range(number):
                make_registration(office, family_name=f"Double {rank // 2}")
        client.get(f"{office.path}/doublons")
        with count_statements(app) as statements:
            page = client.get(f"{office.path}/doublons")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14
    assert "Page 1 sur 2" in page.text


def test_what_the_other_asked_for_is_withdrawn_and_says_nothing_of_a_substitute_any_more(meeting):
    with unit_of_work():
        make_setup(meeting, admission="approval")
        kept, other = make_registration(meeting), make_registration(meeting)
        request = transferring.pass_on_place(registration=other, details=make_details(), at=now())
        assert request.payload["details"]
    merge(meeting, kept, other)
    request = db.session.scalars(select(ChangeRequest)).one()
    assert (request.state, request.payload) == ("withdrawn", {})


def test_what_was_only_asked_for_is_granted_or_waited_for_once_there_is_a_place(meeting):
    with unit_of_work():
        someone = make_registration(meeting)
        make_place(someone, meeting.morning)
        other, kept = make_registration(meeting), make_registration(meeting, state="waiting")
        for session in (meeting.morning, meeting.evening):
            store(SessionPlace(registration=kept, session=session, state="wished", rank=1, taken_at=now()))
    merge(meeting, kept, other)
    assert kept.is_confirmed()
    rows = select(SessionPlace.session_id, SessionPlace.state).where(SessionPlace.registration_id == kept.id)
    assert dict(db.session.execute(rows).all()) == {
        meeting.morning.id: "waiting",
        meeting.evening.id: "confirmed",
    }
