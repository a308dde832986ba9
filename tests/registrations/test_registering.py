"""A place, its number, its confirmation: all or nothing."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.directory.models import Organisation, Relation
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import (
    AccessCodeIsWrong,
    AlreadyRegistered,
    ChangeIsTooLate,
    MeetingIsFull,
    ModeIsNotOffered,
    RegistrationIsCancelled,
    RegistrationIsClosed,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
    WorkshopsAreOnSite,
)
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import admitting, changing, links, registering, retention
from eventsapp.registrations.services.registering import TIME_TO_VERIFY
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registering import register_or_remind, register_person
from tests.factories.registrations import make_registration, make_setup

pytestmark = pytest.mark.usefixtures("context", "writing")


def register(meeting, *sessions, **values):
    at = values.pop("at", now())
    ids = [session.id for session in sessions]
    return register_person(
        meeting=meeting, details=make_details(**values), choices=Choices(session_ids=tuple(ids)), at=at
    )


def mails(purpose):
    statement = select(OutgoingMail).where(OutgoingMail.purpose == purpose).order_by(OutgoingMail.id)
    return db.session.scalars(statement).all()


def entry_of(mail):
    return next(part for part in Calendar.from_ical(compose(mail).calendar).walk("VEVENT"))


def test_a_person_gets_the_next_place_of_the_meeting_and_of_each_workshop():
    meeting = make_meeting(capacity=5)
    morning, afternoon = make_session(meeting, hour=1, capacity=4), make_session(meeting, hour=4)
    for number in (1, 3):
        make_registration(meeting, place_number=number, sessions=[morning])
    registration = register(meeting, morning, afternoon)
    assert registration.place_number == 4
    assert {(x.session_id, x.place_number) for x in registration.places} == {
        (morning.id, 3),
        (afternoon.id, 1),
    }


def test_once_the_last_place_was_given_those_given_back_are_given_the_lowest_first():
    meeting = make_meeting(capacity=4)
    for number in (2, 4):
        make_registration(meeting, place_number=number)
    assert [register(meeting).place_number for _time in range(3)] == [1, 3, None]


def test_a_place_given_back_in_a_full_workshop_is_given_again():
    meeting = make_meeting(capacity=9)
    workshop = make_session(meeting, capacity=2)
    first, _second = (make_registration(meeting, sessions=[workshop]) for _time in range(2))
    db.session.delete(first.places[0])
    assert [place.place_number for place in register(meeting, workshop).places] == [1]
    with pytest.raises(WorkshopIsFull):
        register(meeting, workshop)


def test_the_confirmation_is_queued_with_a_calendar_entry():
    meeting = make_meeting(title="Mobilités, et « tiers-lieux »; suite", contact_email="accueil@exemple.fr")
    workshop = make_session(meeting, title="Financer : l’épargne locale", room="Salle Ain")
    registration = register(meeting, workshop, given_name="Zoé", family_name='D’Été "Z"')
    (mail,) = mails("confirmation")
    assert mail.recipient == registration.email
    assert mail.about == f"meeting:{meeting.id}"
    texts = compose(mail)
    for text in (texts.body_text, texts.body_html):
        assert registration.reference in text
        assert "/mon-inscription/" in text
        assert "Salle Ain" in text
    assert mail.calendar_method == "REQUEST"
    entry = entry_of(mail)
    assert entry["SUMMARY"] == meeting.title
    assert entry["DTSTART"].dt == meeting.starts_at
    assert entry["SEQUENCE"] == 0
    assert entry["ATTENDEE"] == f"mailto:{registration.email}"
    assert workshop.title in entry["DESCRIPTION"]
    assert all(len(line) <= 75 for line in texts.calendar.split(b"\r\n"))


def test_the_confirmation_speaks_the_language_of_the_form():
    meeting = make_meeting()
    register_person(meeting=meeting, details=make_details(), at=now(), locale="en")
    (mail,) = mails("confirmation")
    assert 'lang="en"' in compose(mail).body_html


def test_a_full_meeting_refuses_one_more_person():
    meeting = make_meeting(capacity=1)
    make_setup(meeting, has_waiting_list=False)
    register(meeting)
    with pytest.raises(MeetingIsFull):
        register(meeting)


def test_a_full_meeting_with_a_waiting_list_puts_one_more_person_at_its_end():
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting)
    register(meeting)
    first, second = register(meeting, workshop), register(meeting, email="Apres@exemple.fr")
    assert (first.state, first.place_number, first.queue_rank) == ("waiting", None, 1)
    assert (second.state, second.queue_rank) == ("waiting", 2)
    assert [(x.state, x.rank, x.place_number) for x in first.places] == [("wished", 1, None)]
    assert len(mails("waiting")) == 2


def test_a_place_is_for_those_who_wait_before_it_is_for_a_newcomer():
    meeting = make_meeting(capacity=1)
    make_registration(meeting, state="waiting")
    assert register(meeting).state == "waiting"


def test_an_address_to_verify_and_a_registration_to_validate_hold_their_place():
    meeting = make_meeting(capacity=2)
    make_setup(meeting, checks_email=True)
    first = register(meeting)
    assert (first.state, first.place_number, first.held_until) == (
        "unverified",
        1,
        first.registered_at + TIME_TO_VERIFY,
    )
    other = make_meeting(capacity=1)
    make_setup(other, admission="approval")
    assert (register(other).state, register(other).state) == ("pending", "pending")
    assert [len(mails(purpose)) for purpose in ("registration_check", "request", "confirmation")] == [1, 2, 0]


def test_a_member_is_confirmed_where_others_wait_for_a_validation_once_their_address_is_proved():
    meeting = make_meeting()
    make_setup(meeting, admission="members")
    organisation = Organisation(name="Métropole adhérente", website="https://www.metropole.exemple/accueil")
    organisation.relations.append(Relation(kind="member", since=date(2020, 1, 1)))
    db.session.add(organisation)
    db.session.flush()
    addresses = ("quelquun@Metropole.exemple", "quelquun@autre.exemple")
    both = [register(meeting, email=email) for email in addresses]
    assert [one.state for one in both] == ["unverified", "unverified"]
    proved = [admitting.verify_address(registration=one, at=now()) for one in both]
    assert [one.state for one in proved] == ["confirmed", "pending"]


def test_reserved_places_are_kept_for_their_group():
    meeting = make_meeting(capacity=3)
    quota = {"key": "q1", "label": "Bretagne", "group": "region", "value": "53", "places": 2}
    make_setup(meeting, quotas=[quota])
    assert [register(meeting).state for _person in range(2)] == ["confirmed", "waiting"]
    mine = [register(meeting, region_code="53") for _person in range(3)]
    assert [one.state for one in mine] == ["confirmed", "confirmed", "waiting"]
    assert {one.quota_key for one in mine} == {"q1"}


def test_the_access_code_is_compared_without_case_nor_blanks():
    meeting = make_meeting()
    make_setup(meeting, access_code="Été 2027")
    for code in ("", "hiver 2027"):
        with pytest.raises(AccessCodeIsWrong):
            register_person(
                meeting=meeting, details=make_details(), choices=Choices(access_code=code), at=now()
            )
    choices = Choices(access_code=" été2027")
    assert register_person(meeting=meeting, details=make_details(), choices=choices, at=now())


def test_the_address_to_follow_from_afar_is_told_to_those_who_do_and_to_nobody_else():
    meeting = make_meeting(online_url="https://visio.exemple.fr/salle")
    make_setup(meeting, attendance="both")
    for mode in ("on_site", "remote"):
        choices = Choices(mode=mode)
        register_person(meeting=meeting, details=make_details(), choices=choices, at=now())
    told = [
        "visio.exemple.fr" in compose(mail).body_text + compose(mail).body_html
        for mail in mails("confirmation")
    ]
    assert told == [False, True]


def test_somebody_who_follows_from_afar_takes_no_place():
    meeting = make_meeting(capacity=0)
    make_setup(meeting, attendance="both")
    workshop = make_session(meeting)
    details, afar = make_details(), Choices(mode="remote")
    registration = register_person(meeting=meeting, details=details, choices=afar, at=now())
    assert (registration.state, registration.place_number) == ("confirmed", None)
    choices = Choices(mode="remote", session_ids=(workshop.id,))
    with pytest.raises(WorkshopsAreOnSite):
        register_person(meeting=meeting, details=make_details(), choices=choices, at=now())
    with pytest.raises(ModeIsNotOffered):
        register_person(meeting=make_meeting(), details=make_details(), choices=afar, at=now())


def test_a_meeting_without_limit_is_never_full():
    meeting = make_meeting(capacity=None)
    assert [register(meeting).place_number for _time in range(3)] == [1, 2, 3]


def test_a_full_workshop_refuses_one_more_person_and_is_named():
    meeting = make_meeting()
    workshop = make_session(meeting, capacity=1, title="Mobilités")
    register(meeting, workshop)
    with pytest.raises(WorkshopIsFull) as refusal:
        register(meeting, workshop)
    assert refusal.value.sessions == [workshop]
    assert "Mobilités" in str(refusal.value.message)


def test_a_workshop_closed_to_everybody_takes_nobody():
    meeting = make_meeting()
    with pytest.raises(WorkshopIsFull):
        register(meeting, make_session(meeting, capacity=0))


def test_nobody_holds_two_sessions_that_overlap():
    meeting = make_meeting()
    first, second = make_session(meeting, hour=1, hours=2), make_session(meeting, hour=2, hours=2)
    with pytest.raises(SessionsOverlap):
        register(meeting, first, second)
    after = make_session(meeting, hour=3, hours=1)
    assert len(register(meeting, first, after).places) == 2


def test_only_workshops_of_the_meeting_can_be_chosen():
    meeting = make_meeting()
    for session in (make_session(make_meeting()), make_session(meeting, kind="plenary")):
        with pytest.raises(WorkshopIsUnknown):
            register(meeting, session)
    with pytest.raises(WorkshopIsUnknown):
        register_person(
            meeting=meeting, details=make_details(), choices=Choices(session_ids=(99_999,)), at=now()
        )


@pytest.mark.parametrize(
    "email", ["Prenom.NOM@Exemple.fr", " prenom.nom@exemple.FR ", "pre\u0301nom@exemple.fr"]
)
def test_one_address_has_one_active_registration(email):
    meeting = make_meeting()
    first = "prénom@exemple.fr" if "\u0301" in email else "prenom.nom@exemple.fr"
    register(meeting, email=first)
    with pytest.raises(AlreadyRegistered):
        register(meeting, email=email)


def test_the_same_request_sent_twice_is_one_registration():
    meeting, details = make_meeting(capacity=1), make_details()
    request = {"meeting": meeting, "details": details, "at": now(), "reference": "AAAA-2222"}
    first = register_person(**request)
    assert register_person(**request) is first
    assert len(mails("confirmation")) == 1


def test_a_stranger_is_answered_alike_whether_an_address_is_registered_or_not():
    meeting = make_meeting()
    known = register(meeting, email="connue@exemple.fr", given_name="Vraie")
    answer = register_or_remind(
        meeting=meeting, details=make_details(email="CONNUE@exemple.fr", given_name="Autre"), at=now()
    )
    assert (answer.registration, answer.state) == (known, "confirmed")
    assert known.given_name == "Vraie"
    (mail,) = mails("personal_link")
    assert mail.recipient == "connue@exemple.fr"


def test_a_full_meeting_answers_alike_whether_an_address_is_registered_or_not():
    meeting = make_meeting(capacity=1)
    make_setup(meeting, has_waiting_list=False)
    register(meeting, email="connue@exemple.fr")
    for email in ("connue@exemple.fr", "autre@exemple.fr"):
        with pytest.raises(MeetingIsFull):
            register_or_remind(meeting=meeting, details=make_details(email=email), at=now())


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "cancelled"},
        {"state": "postponed"},
        {"state": "held"},
        {"registration_opens_at": now() + timedelta(days=1)},
        {"registration_closes_at": now() - timedelta(minutes=1)},
        {"starts_at": now() - timedelta(minutes=1)},
    ],
)
def test_registration_has_a_window(values):
    with pytest.raises(RegistrationIsClosed):
        register(make_meeting(**values))


def test_an_organiser_registers_somebody_when_the_window_is_closed_but_never_past_capacity():
    organiser = make_account()
    meeting = make_meeting(registration_closes_at=now() - timedelta(days=1), capacity=1)
    make_setup(meeting, has_waiting_list=False)
    by_hand = registering.register_by_hand(meeting=meeting, details=make_details(), by=organiser, at=now())
    assert by_hand.registered_by_id == organiser.id
    with pytest.raises(MeetingIsFull):
        registering.register_by_hand(meeting=meeting, details=make_details(), by=organiser, at=now())


def test_a_cancellation_frees_the_places_and_withdraws_the_calendar_entry():
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting, capacity=1)
    first = register(meeting, workshop)
    changing.cancel_registration(registration=first, at=now())
    assert first.place_number is None
    (mail,) = mails("cancellation")
    assert mail.calendar_method == "CANCEL"
    assert entry_of(mail)["STATUS"] == "CANCELLED"
    assert register(meeting, workshop).place_number == 1


def test_cancelling_twice_changes_nothing():
    registration = register(make_meeting())
    for _time in range(2):
        changing.cancel_registration(registration=registration, at=now())
    assert len(mails("cancellation")) == 1


def test_a_person_who_comes_back_has_a_later_calendar_entry():
    meeting = make_meeting()
    first = register(meeting, email="a@exemple.fr")
    changing.cancel_registration(registration=first, at=now())
    register(meeting, email="A@exemple.fr")
    entries = [entry_of(mail) for mail in (*mails("cancellation"), mails("confirmation")[-1])]
    assert entries[0]["UID"] == entries[1]["UID"]
    assert entries[0]["SEQUENCE"] < entries[1]["SEQUENCE"]


def test_a_change_of_workshop_frees_the_former_and_keeps_the_others():
    meeting = make_meeting()
    morning, other, afternoon = (
        make_session(meeting, hour=1, capacity=1),
        make_session(meeting, hour=1, capacity=1),
        make_session(meeting, hour=4, capacity=1),
    )
    registration = register(meeting, morning, afternoon)
    changing.change_registration(registration=registration, session_ids=[other.id, afternoon.id], at=now())
    assert {place.session_id for place in registration.places} == {other.id, afternoon.id}
    assert entry_of(mails("confirmation")[-1])["SEQUENCE"] == 1
    register(meeting, morning)


def test_a_change_that_a_full_workshop_refuses_keeps_the_former_choice():
    meeting = make_meeting()
    held, full = make_session(meeting, hour=1), make_session(meeting, hour=4, capacity=1)
    register(meeting, full)
    registration = register(meeting, held)
    with pytest.raises(WorkshopIsFull):
        changing.change_registration(registration=registration, session_ids=[full.id], at=now())
    db.session.refresh(registration)
    assert [place.session_id for place in registration.places] == [held.id]


def test_a_change_of_nothing_sends_nothing():
    meeting = make_meeting()
    workshop = make_session(meeting)
    details = make_details()
    registration = register_person(
        meeting=meeting, details=details, choices=Choices(session_ids=(workshop.id,)), at=now()
    )
    changing.change_registration(
        registration=registration, details=details, session_ids=[workshop.id], at=now()
    )
    assert registration.changed_at is None
    assert len(mails("confirmation")) == 1


def test_a_change_of_details_alone_is_kept_and_found():
    registration = register(make_meeting())
    details = make_details(email=registration.email, family_name="Noël-Œuvrard")
    changing.change_registration(registration=registration, details=details, at=now())
    assert registration.name_key == "noel oeuvrard personne"
    assert len(mails("confirmation")) == 1


def test_a_new_address_ends_the_former_links_and_may_not_be_somebody_elses():
    meeting, organiser = make_meeting(), make_account()
    register(meeting, email="prise@exemple.fr")
    registration = register(meeting)
    with pytest.raises(AlreadyRegistered):
        changing.change_registration(
            registration=registration, details=make_details(email="Prise@exemple.fr"), by=organiser, at=now()
        )
    db.session.refresh(registration)
    changing.change_registration(
        registration=registration, details=make_details(email="libre@exemple.fr"), by=organiser, at=now()
    )
    assert registration.link_version == 2
    assert mails("confirmation")[-1].recipient == "libre@exemple.fr"


def test_after_the_window_a_person_may_still_cancel_but_change_nothing():
    meeting = make_meeting(registration_closes_at=now() + timedelta(days=1))
    registration = register(meeting)
    later = now() + timedelta(days=2)
    with pytest.raises(ChangeIsTooLate):
        changing.change_registration(registration=registration, details=make_details(), at=later)
    changing.cancel_registration(registration=registration, at=later)
    with pytest.raises(RegistrationIsCancelled):
        changing.change_registration(registration=registration, details=make_details(), at=now())


def test_once_the_meeting_began_only_an_organiser_cancels():
    meeting, organiser = make_meeting(), make_account()
    registration = register(meeting)
    later = meeting.starts_at + timedelta(minutes=1)
    with pytest.raises(ChangeIsTooLate):
        changing.cancel_registration(registration=registration, at=later)
    changing.cancel_registration(registration=registration, at=later, by=organiser)
    assert not registration.is_active()


def test_the_personal_link_goes_at_most_once_in_ten_minutes():
    registration = register(make_meeting(), email="a@exemple.fr")
    at = now().replace(minute=0, second=0)
    for minutes in (0, 3, 9, 10):
        links.send_personal_links(email="A@exemple.fr", at=at + timedelta(minutes=minutes))
    links.send_personal_links(email="inconnue@exemple.fr", at=at)
    assert [mail.recipient for mail in mails("personal_link")] == [registration.email] * 2


def test_a_refused_request_leaves_nothing():
    meeting = make_meeting()
    with suppress(ZeroDivisionError), unit_of_work():
        register(meeting)
        raise ZeroDivisionError
    for table in (Registration, OutgoingMail):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_needs_are_erased_a_month_after_the_meeting():
    old, recent = (
        make_meeting(starts_at=now() - timedelta(days=days), ends_at=now() - timedelta(days=days - 1))
        for days in (40, 20)
    )
    gone, kept = (make_registration(meeting, needs="Fauteuil") for meeting in (old, recent))
    assert retention.erase_old_needs(at=now()) == 1
    for registration in (gone, kept):
        db.session.refresh(registration)
    assert (gone.needs, kept.needs) == ("", "Fauteuil")


def test_a_message_says_what_was_true_when_it_was_queued():
    meeting = make_meeting(title="Premier titre", venue="Salle des fêtes")
    workshop = make_session(meeting, title="Premier atelier")
    register(meeting, workshop)
    meeting.title, meeting.venue, workshop.title = "Autre titre", "Ailleurs", "Autre atelier"
    db.session.flush()
    (mail,) = mails("confirmation")
    texts = compose(mail)
    for text in (texts.body_text, texts.body_html, texts.calendar.decode()):
        assert "Premier titre" in text
        assert "Salle des fêtes" in text
        assert "Premier atelier" in text
        assert "Autre" not in text
    assert mail.subject == "Inscription confirmée : Premier titre".replace(" :", "\u00a0:")
