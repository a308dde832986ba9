"""A place, its number, its confirmation: all or nothing."""

from contextlib import suppress
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations import services
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    ChangeIsTooLate,
    MeetingIsFull,
    RegistrationIsCancelled,
    RegistrationIsClosed,
    SessionsOverlap,
    WorkshopIsFull,
    WorkshopIsUnknown,
)
from eventsapp.registrations.models import Registration
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration

pytestmark = pytest.mark.usefixtures("context", "writing")


@pytest.fixture
def writing(context):
    with unit_of_work():
        yield


def register(meeting, *sessions, **values):
    at = values.pop("at", now())
    ids = [session.id for session in sessions]
    return services.register_person(meeting=meeting, details=make_details(**values), session_ids=ids, at=at)


def mails(purpose):
    statement = select(OutgoingMail).where(OutgoingMail.purpose == purpose).order_by(OutgoingMail.id)
    return db.session.scalars(statement).all()


def entry_of(mail):
    return next(part for part in Calendar.from_ical(mail.calendar).walk("VEVENT"))


def test_a_person_gets_the_lowest_free_place_of_the_meeting_and_of_each_workshop():
    meeting = make_meeting(capacity=5)
    morning, afternoon = make_session(meeting, hour=1, capacity=3), make_session(meeting, hour=4)
    for number in (1, 3):
        make_registration(meeting, place_number=number, sessions=[morning])
    registration = register(meeting, morning, afternoon)
    assert registration.place_number == 2
    assert {(x.session_id, x.place_number) for x in registration.places} == {
        (morning.id, 3),
        (afternoon.id, 1),
    }


def test_the_first_place_is_given_again_once_it_is_free():
    meeting = make_meeting(capacity=5)
    make_registration(meeting, place_number=2)
    assert register(meeting).place_number == 1


def test_the_confirmation_is_queued_with_a_calendar_entry():
    meeting = make_meeting(title="Mobilités, et « tiers-lieux »; suite", contact_email="accueil@exemple.fr")
    workshop = make_session(meeting, title="Financer : l’épargne locale", room="Salle Ain")
    registration = register(meeting, workshop, given_name="Zoé", family_name='D’Été "Z"')
    (mail,) = mails("confirmation")
    assert mail.recipient == registration.email
    assert mail.about == f"meeting:{meeting.id}"
    for text in (mail.body_text, mail.body_html):
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
    assert all(len(line) <= 75 for line in mail.calendar.split(b"\r\n"))


def test_the_confirmation_speaks_the_language_of_the_form():
    meeting = make_meeting()
    services.register_person(meeting=meeting, details=make_details(), at=now(), locale="en")
    (mail,) = mails("confirmation")
    assert 'lang="en"' in mail.body_html


def test_a_full_meeting_refuses_one_more_person():
    meeting = make_meeting(capacity=1)
    register(meeting)
    with pytest.raises(MeetingIsFull):
        register(meeting)


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
        services.register_person(meeting=meeting, details=make_details(), session_ids=[99_999], at=now())


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
    first = services.register_person(**request)
    assert services.register_person(**request) is first
    assert len(mails("confirmation")) == 1


def test_a_stranger_is_answered_alike_whether_an_address_is_registered_or_not():
    meeting = make_meeting()
    known = register(meeting, email="connue@exemple.fr", given_name="Vraie")
    answer = services.register_or_remind(
        meeting=meeting, details=make_details(email="CONNUE@exemple.fr", given_name="Autre"), at=now()
    )
    assert answer is known
    assert known.given_name == "Vraie"
    (mail,) = mails("personal_link")
    assert mail.recipient == "connue@exemple.fr"


def test_a_full_meeting_answers_alike_whether_an_address_is_registered_or_not():
    meeting = make_meeting(capacity=1)
    register(meeting, email="connue@exemple.fr")
    for email in ("connue@exemple.fr", "autre@exemple.fr"):
        with pytest.raises(MeetingIsFull):
            services.register_or_remind(meeting=meeting, details=make_details(email=email), at=now())


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
    by_hand = services.register_by_hand(meeting=meeting, details=make_details(), by=organiser, at=now())
    assert by_hand.registered_by_id == organiser.id
    with pytest.raises(MeetingIsFull):
        services.register_by_hand(meeting=meeting, details=make_details(), by=organiser, at=now())


def test_a_cancellation_frees_the_places_and_withdraws_the_calendar_entry():
    meeting = make_meeting(capacity=1)
    workshop = make_session(meeting, capacity=1)
    first = register(meeting, workshop)
    services.cancel_registration(registration=first, at=now())
    assert first.place_number is None
    (mail,) = mails("cancellation")
    assert mail.calendar_method == "CANCEL"
    assert entry_of(mail)["STATUS"] == "CANCELLED"
    assert register(meeting, workshop).place_number == 1


def test_cancelling_twice_changes_nothing():
    registration = register(make_meeting())
    for _time in range(2):
        services.cancel_registration(registration=registration, at=now())
    assert len(mails("cancellation")) == 1


def test_a_person_who_comes_back_has_a_later_calendar_entry():
    meeting = make_meeting()
    first = register(meeting, email="a@exemple.fr")
    services.cancel_registration(registration=first, at=now())
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
    services.change_registration(registration=registration, session_ids=[other.id, afternoon.id], at=now())
    assert {place.session_id for place in registration.places} == {other.id, afternoon.id}
    assert entry_of(mails("confirmation")[-1])["SEQUENCE"] == 1
    register(meeting, morning)


def test_a_change_that_a_full_workshop_refuses_keeps_the_former_choice():
    meeting = make_meeting()
    held, full = make_session(meeting, hour=1), make_session(meeting, hour=4, capacity=1)
    register(meeting, full)
    registration = register(meeting, held)
    with pytest.raises(WorkshopIsFull):
        services.change_registration(registration=registration, session_ids=[full.id], at=now())
    db.session.refresh(registration)
    assert [place.session_id for place in registration.places] == [held.id]


def test_a_change_of_nothing_sends_nothing():
    meeting = make_meeting()
    workshop = make_session(meeting)
    details = make_details()
    registration = services.register_person(
        meeting=meeting, details=details, session_ids=[workshop.id], at=now()
    )
    services.change_registration(
        registration=registration, details=details, session_ids=[workshop.id], at=now()
    )
    assert registration.changed_at is None
    assert len(mails("confirmation")) == 1


def test_a_change_of_details_alone_is_kept_and_found():
    registration = register(make_meeting())
    details = make_details(email=registration.email, family_name="Noël-Œuvrard")
    services.change_registration(registration=registration, details=details, at=now())
    assert registration.name_key == "noel oeuvrard personne"
    assert len(mails("confirmation")) == 1


def test_a_new_address_ends_the_former_links_and_may_not_be_somebody_elses():
    meeting, organiser = make_meeting(), make_account()
    register(meeting, email="prise@exemple.fr")
    registration = register(meeting)
    with pytest.raises(AlreadyRegistered):
        services.change_registration(
            registration=registration, details=make_details(email="Prise@exemple.fr"), by=organiser, at=now()
        )
    db.session.refresh(registration)
    services.change_registration(
        registration=registration, details=make_details(email="libre@exemple.fr"), by=organiser, at=now()
    )
    assert registration.link_version == 2
    assert mails("confirmation")[-1].recipient == "libre@exemple.fr"


def test_after_the_window_a_person_may_still_cancel_but_change_nothing():
    meeting = make_meeting(registration_closes_at=now() + timedelta(days=1))
    registration = register(meeting)
    later = now() + timedelta(days=2)
    with pytest.raises(ChangeIsTooLate):
        services.change_registration(registration=registration, details=make_details(), at=later)
    services.cancel_registration(registration=registration, at=later)
    with pytest.raises(RegistrationIsCancelled):
        services.change_registration(registration=registration, details=make_details(), at=now())


def test_once_the_meeting_began_only_an_organiser_cancels():
    meeting, organiser = make_meeting(), make_account()
    registration = register(meeting)
    later = meeting.starts_at + timedelta(minutes=1)
    with pytest.raises(ChangeIsTooLate):
        services.cancel_registration(registration=registration, at=later)
    services.cancel_registration(registration=registration, at=later, by=organiser)
    assert not registration.is_active()


def test_the_personal_link_goes_at_most_once_in_ten_minutes():
    registration = register(make_meeting(), email="a@exemple.fr")
    at = now().replace(minute=0, second=0)
    for minutes in (0, 3, 9, 10):
        services.send_personal_links(email="A@exemple.fr", at=at + timedelta(minutes=minutes))
    services.send_personal_links(email="inconnue@exemple.fr", at=at)
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
    assert services.erase_old_needs(at=now()) == 1
    for registration in (gone, kept):
        db.session.refresh(registration)
    assert (gone.needs, kept.needs) == ("", "Fauteuil")
