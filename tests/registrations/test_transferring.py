"""A place passed on: the number and the workshops stay, nothing of the former person does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.directory.models import Organisation, Relation
from eventsapp.invitations.models import Invitation
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.errors import (
    AlreadyRegistered,
    PlaceIsNotTheirs,
    RegistrationIsCancelled,
    RequestIsOpen,
    RequestsAreNotTaken,
    SubstituteIsThemselves,
)
from eventsapp.registrations.models import Answer, AnswerFile, ChangeRequest, Registration, RegistrationEvent
from eventsapp.registrations.queries.history import history_of
from eventsapp.registrations.services.notes import add_note
from eventsapp.registrations.services.transferring import pass_on_place, transfer_registration
from eventsapp.reminders.rules import due_instant
from eventsapp.reminders.services import plan_due_reminders
from tests.factories.accounts import make_account
from tests.factories.database import store
from tests.factories.details import make_details
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration, make_setup, make_wait
from tests.factories.reminders import make_rule

pytestmark = pytest.mark.usefixtures("context", "writing")


@pytest.fixture
def substitute():
    return make_details(
        given_name="Yves", family_name="Remplaçant", email="yves@exemple.fr", organisation="Ville neuve"
    )


def former(meeting, **values):
    values = {
        "given_name": "Zoé",
        "family_name": "Partante",
        "email": "zoe@exemple.fr",
        "phone": "06 00 00 00 01",
        "needs": "Fauteuil roulant",
        "accepts_listing": True,
        "consent_text_version": "2026-11",
        "verified_at": now(),
        "group_key": "AAAA-BBBB",
        "contact_name": "Carla Contact",
        "contact_email": "carla@exemple.fr",
        **values,
    }
    return make_registration(meeting, **values)


def give(registration, details, **values):
    return pass_on_place(registration=registration, details=details, at=values.pop("at", now()), **values)


def mails():
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def events(registration):
    mine = RegistrationEvent.registration_id == registration.id
    return db.session.scalars(select(RegistrationEvent.kind).where(mine).order_by(RegistrationEvent.id)).all()


def every_word_of(registration):
    """All that the database says of a registration, outside the messages sent."""
    db.session.expire_all()
    fresh = db.session.get_one(Registration, registration.id)
    rows = [fresh, *db.session.scalars(select(RegistrationEvent)), *db.session.scalars(select(ChangeRequest))]
    return " ".join(str({k: v for k, v in vars(row).items() if not k.startswith("_")}) for row in rows)


def test_the_place_its_number_and_its_workshops_stay(substitute):
    meeting = make_meeting(capacity=3)
    workshop, other = make_session(meeting), make_session(meeting, hour=4)
    make_registration(meeting)
    registration = former(meeting, sessions=[workshop])
    make_wait(registration, other)
    number, reference, version = registration.place_number, registration.reference, registration.link_version
    assert give(registration, substitute) is None
    db.session.refresh(registration)
    assert (registration.full_name, registration.email) == ("Yves Remplaçant", "yves@exemple.fr")
    assert (registration.place_number, registration.reference) == (number, reference)
    assert {x.session_id: x.state for x in registration.places} == {
        workshop.id: "confirmed",
        other.id: "waiting",
    }
    assert registration.link_version == version + 1
    assert events(registration) == ["transferred"]


def test_nothing_of_the_former_person_stays(substitute):
    meeting = make_meeting()
    registration = former(meeting)
    question = make_question(meeting, kind="file")
    make_answer(registration, question, "Secret de Zoé")
    store(
        AnswerFile(
            question_id=question.id,
            registration_id=registration.id,
            filename="zoe.pdf",
            media_type="application/pdf",
            content=b"%PDF",
            uploaded_at=now(),
        )
    )
    store(
        ChangeRequest(
            registration_id=registration.id,
            kind="change",
            message="Zoé attend un enfant",
            state="refused",
            answer="Désolé, Zoé",
            asked_at=now(),
            decided_at=now(),
        )
    )
    store(
        RegistrationEvent(
            registration_id=registration.id,
            kind="request_made",
            text="Zoé attend un enfant",
            happened_at=now(),
        )
    )
    give(registration, substitute)
    said = every_word_of(registration).lower()
    for word in ("zoé", "zoe", "partante", "06 00", "fauteuil", "carla", "aaaa-bbbb"):
        assert word not in said, word
    assert registration.accepts_listing is False
    assert registration.consent_text_version == ""
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0
    assert db.session.scalar(select(func.count()).select_from(AnswerFile)) == 0


def test_what_was_written_about_the_former_person_is_erased_and_the_history_keeps_that_it_was(substitute):
    meeting, author = make_meeting(), make_account(name="Olga")
    registration = former(meeting)
    duplicate = make_registration(meeting, state="cancelled", merged_into_id=registration.id)
    for one, kind in ((registration, "note"), (duplicate, "note"), (registration, "request_refused")):
        text = "Zoé est souffrante"
        store(
            RegistrationEvent(
                registration_id=one.id, kind=kind, text=text, happened_at=now(), by_id=author.id
            )
        )
    give(registration, substitute)
    db.session.expire_all()
    history = history_of(registration, reader_id=author.id)
    assert not [entry for entry in history if "souffrante" in entry.text]
    notes = [entry for entry in history if str(entry.title).startswith("Note interne")]
    assert [(entry.by, entry.note_id) for entry in notes] == [("Olga", None)] * 2
    assert all("avait la place avant" in entry.text for entry in notes)
    assert "souffrante" not in every_word_of(registration)


def test_a_note_about_the_substitute_is_shown(substitute):
    registration, author = former(make_meeting()), make_account()
    give(registration, substitute)
    add_note(registration=registration, text="Yves arrive à midi", by=author, at=now())
    assert "Yves arrive à midi" in [entry.text for entry in history_of(registration, reader_id=author.id)]


def test_both_are_told_and_only_the_substitute_has_the_link(substitute):
    meeting = make_meeting(title="Mobilités")
    registration = former(meeting)
    give(registration, substitute)
    given, received = mails()
    assert (given.recipient, given.purpose, given.calendar_method) == (
        "zoe@exemple.fr",
        "cancellation",
        "CANCEL",
    )
    assert (received.recipient, received.purpose) == ("yves@exemple.fr", "confirmation")
    assert received.calendar_method == "REQUEST"
    assert "Yves Remplaçant" in compose(given).body_text
    assert "/mon-inscription/" not in compose(given).body_text
    assert "Zoé Partante vous a transmis" in compose(received).body_text
    assert "/mon-inscription/" in compose(received).body_html


def test_a_reminder_of_the_former_person_that_has_not_left_is_held_back(substitute):
    meeting = make_meeting()
    registration, rule = former(meeting), make_rule(meeting, days_before=3)
    due = due_instant(meeting, rule) + timedelta(minutes=1)
    assert plan_due_reminders(at=due) == 1
    pass_on_place(registration=registration, details=substitute, at=due)
    db.session.expire_all()
    reminders = {mail.recipient: mail.state for mail in mails() if mail.purpose == "reminder"}
    assert reminders == {"zoe@exemple.fr": "cancelled"}


def test_invitations_follow_the_people(substitute):
    meeting = make_meeting()
    registration = former(meeting)
    campaign = make_campaign(meeting)
    hers = make_invitation(
        campaign, email="zoe@exemple.fr", answer="registered", registration_id=registration.id
    )
    his = make_invitation(campaign, email="yves@exemple.fr")
    give(registration, substitute)
    db.session.expire_all()
    answers = {x.id: x.answer for x in db.session.scalars(select(Invitation))}
    assert (answers[hers.id], answers[his.id]) == ("declined", "registered")


@pytest.mark.parametrize("state", ["waiting", "pending", "offered", "unverified"])
def test_only_a_place_one_has_is_given(substitute, state):
    meeting = make_meeting()
    until = now() + timedelta(hours=2) if state in ("offered", "unverified") else None
    registration = make_registration(meeting, state=state, held_until=until)
    with pytest.raises(PlaceIsNotTheirs):
        give(registration, substitute)


def test_a_registration_that_ended_gives_nothing(substitute):
    registration = make_registration(make_meeting(), state="cancelled")
    with pytest.raises(RegistrationIsCancelled):
        give(registration, substitute)


def test_nobody_replaces_themselves(substitute):
    registration = former(make_meeting())
    with pytest.raises(SubstituteIsThemselves):
        give(registration, replace(substitute, email="ZOE@exemple.fr"))


def test_a_place_given_is_not_given_twice(substitute):
    registration = former(make_meeting())
    give(registration, substitute)
    with pytest.raises(SubstituteIsThemselves):
        give(registration, substitute)
    assert len(mails()) == 2


# -- the organiser decides -------------------------------------------------------------------------


def open_requests():
    return db.session.scalars(select(ChangeRequest).where(ChangeRequest.state == "open")).all()


def test_a_substitute_registered_already_is_known_to_the_organiser_only(substitute):
    meeting = make_meeting()
    make_setup(meeting, admission="approval")
    make_registration(meeting, email="yves@exemple.fr")
    registration = former(meeting)
    request = give(registration, substitute, message="Je suis malade.")
    assert (request.kind, request.payload["reason"]) == ("transfer", "already_registered")
    assert request.payload["details"]["email"] == "yves@exemple.fr"
    assert registration.email == "zoe@exemple.fr"
    (mail,) = mails()
    assert (mail.recipient, mail.purpose) == ("zoe@exemple.fr", "request")
    said = compose(mail).body_text
    assert "déjà" not in said
    assert "yves" not in said.lower()


# -- the substitute is registered already ----------------------------------------------------------


def active(meeting):
    here = Registration.meeting_id == meeting.id, Registration.cancelled_at.is_(None)
    return db.session.scalars(select(Registration).where(*here)).all()


def told_to_zoe():
    (mail,) = (mail for mail in mails() if mail.recipient == "zoe@exemple.fr")
    composed = compose(mail)
    return mail.purpose, mail.subject, mail.calendar_method, composed.body_text, composed.body_html


def test_whoever_gives_a_place_is_told_the_same_whether_or_not_the_substitute_was_registered(substitute):
    told = []
    for state in (None, "confirmed", "waiting"):
        meeting = make_meeting(title="Mobilités", slug=f"mobilites-{state}")
        if state:
            make_registration(meeting, email="yves@exemple.fr", state=state)
        registration = former(meeting)
        version = registration.link_version
        assert give(registration, substitute) is None
        assert registration.link_version == version + 1
        told.append(told_to_zoe())
        db.session.execute(delete(OutgoingMail))
    assert told[0] == told[1] == told[2]


def test_a_substitute_registered_already_keeps_that_registration_and_receives_its_link(substitute):
    meeting = make_meeting(capacity=5)
    theirs = make_registration(meeting, email="yves@exemple.fr", given_name="Yvon", needs="Interprète")
    number = theirs.place_number
    registration = former(meeting, sessions=[make_session(meeting)])
    give(registration, substitute)
    db.session.expire_all()
    assert active(meeting) == [theirs]
    assert (theirs.given_name, theirs.needs, theirs.place_number) == ("Yvon", "Interprète", number)
    assert (registration.state, registration.place_number) == ("cancelled", None)
    assert (list(registration.places), registration.merged_into_id) == ([], theirs.id)
    assert {mail.recipient: mail.template for mail in mails()} == {
        "zoe@exemple.fr": "registrations/mail/place_given",
        "yves@exemple.fr": "registrations/mail/personal_link",
    }
    said = every_word_of(registration).lower()
    for word in ("zoé", "zoe", "partante", "06 00", "fauteuil", "carla", "aaaa-bbbb"):
        assert word not in said, word


def test_a_substitute_who_waits_is_offered_the_place_before_the_others(substitute):
    meeting = make_meeting(capacity=1)
    registration = former(meeting)
    first = make_registration(meeting, state="waiting")
    theirs = make_registration(meeting, email="yves@exemple.fr", state="waiting")
    give(registration, substitute)
    db.session.expire_all()
    assert (theirs.state, theirs.place_number, first.state) == ("offered", 1, "waiting")


def test_a_substitute_whose_former_registration_ended_has_the_place(substitute):
    meeting = make_meeting()
    make_registration(meeting, email="yves@exemple.fr", state="cancelled")
    assert give(former(meeting), substitute) is None


@pytest.mark.parametrize("admission", ["approval", "members"])
@pytest.mark.parametrize("website", ["https://autre.example", "https://exemple.fr"])
def test_where_registrations_are_validated_the_substitute_is_too_and_nobody_learns_who_is_a_member(
    substitute, admission, website
):
    meeting = make_meeting()
    make_setup(meeting, admission=admission)
    organisation = Organisation(name="Ville", name_key="ville", kind="network", website=website)
    organisation.relations = [Relation(kind="member", since=now().date())]
    store(organisation)
    request = give(former(meeting), substitute)
    assert request.payload["reason"] == "to_validate"


@pytest.mark.parametrize("group", ["members", "speakers"])
def test_where_places_are_reserved_by_address_the_organiser_decides(substitute, group):
    meeting = make_meeting(capacity=10)
    quota = {"key": group, "label": "Réservées", "group": group, "places": 2, "value": ""}
    make_setup(meeting, quotas=[quota])
    registration = former(meeting, quota_key=group)
    request = give(registration, substitute)
    assert request.payload["reason"] == "by_address"
    assert registration.email == "zoe@exemple.fr"


def test_places_reserved_for_a_region_are_given_by_oneself(substitute):
    meeting = make_meeting(capacity=10)
    quota = {"key": "region:53", "label": "Bretagne", "group": "region", "places": 2, "value": "53"}
    make_setup(meeting, quotas=[quota])
    assert give(former(meeting), substitute) is None


def test_after_the_deadline_the_organiser_is_asked(substitute):
    meeting = make_meeting()
    make_setup(meeting, changes_close_at=now() - timedelta(hours=1))
    registration = former(meeting)
    request = give(registration, substitute)
    assert request.payload["reason"] == "late"
    with pytest.raises(RequestIsOpen):
        give(registration, substitute)
    assert open_requests() == [request]
    assert events(registration) == ["request_made"]


def test_where_late_requests_are_not_taken_nothing_is_asked(substitute):
    meeting = make_meeting()
    make_setup(meeting, changes_close_at=now() - timedelta(hours=1), takes_late_requests=False)
    with pytest.raises(RequestsAreNotTaken):
        give(former(meeting), substitute)


def test_once_the_meeting_began_nothing_is_asked(substitute):
    meeting = make_meeting(starts_at=now() - timedelta(hours=1))
    with pytest.raises(RequestsAreNotTaken):
        give(former(meeting), substitute)
    assert open_requests() == []


def test_an_organiser_transfers_at_any_time_and_reads_why_not(substitute):
    meeting = make_meeting()
    make_setup(meeting, changes_close_at=now() - timedelta(hours=1), admission="approval")
    registration, account = former(meeting), make_account()
    transfer_registration(registration=registration, details=substitute, by=account, at=now())
    assert registration.full_name == "Yves Remplaçant"
    make_registration(meeting, email="autre@exemple.fr")
    with pytest.raises(AlreadyRegistered):
        transfer_registration(
            registration=registration,
            details=replace(substitute, email="AUTRE@exemple.fr"),
            by=account,
            at=now(),
        )
