"""Several colleagues in one go: all of them or none, and nobody learns who was registered already."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations import rules
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.colleagues import Colleague, Group
from eventsapp.registrations.errors import (
    AccessCodeIsWrong,
    GroupsAreNotTaken,
    ModeIsNotOffered,
    NotEnoughPlaces,
    RegistrationIsClosed,
)
from eventsapp.registrations.models import Answer, Registration
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.errors import FormHasChanged
from eventsapp.registrations.services import groups
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_question
from tests.factories.registrations import make_registration, make_setup

CODE = "Sésame"


needs_database = pytest.mark.usefixtures("context", "writing")


def a_meeting(capacity=None, *, rules=None, **values):
    meeting = make_meeting(capacity=capacity, **values)
    make_setup(meeting, **{"allows_groups": True, **(rules or {})})
    return meeting


def a_group(*names, **values):
    people = [make_details(given_name=name, email=f"{name.lower()}@exemple.fr") for name in names]
    defaults = {
        "key": "AAAA-CCCC",
        "contact_name": "Carla Contact",
        "contact_email": "carla@exemple.fr",
        "colleagues": tuple(Colleague(details) for details in people),
        "choices": Choices(),
    }
    return Group(**{**defaults, **values})


def send(meeting, group):
    groups.register_group(meeting=meeting, group=group, at=now())


def registrations(meeting):
    of_meeting = select(Registration).where(Registration.meeting_id == meeting.id)
    return db.session.scalars(of_meeting.order_by(Registration.id)).all()


def mails():
    found = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    return [(mail.purpose, mail.recipient) for mail in found]


@needs_database
def test_everybody_has_a_place_and_their_own_message_and_the_contact_a_summary():
    meeting = a_meeting(5)
    send(meeting, a_group("Ada", "Bob"))
    people = registrations(meeting)
    assert [(x.given_name, x.state, x.group_key) for x in people] == [
        ("Ada", "confirmed", "AAAA-CCCC"),
        ("Bob", "confirmed", "AAAA-CCCC"),
    ]
    assert {(x.contact_name, x.contact_email) for x in people} == {("Carla Contact", "carla@exemple.fr")}
    assert {x.consent_text_version for x in people} == {""}  # they have not read it yet
    assert mails() == [
        ("confirmation", "ada@exemple.fr"),
        ("confirmation", "bob@exemple.fr"),
        ("request", "carla@exemple.fr"),
    ]
    first, _second, summary = (
        compose(x) for x in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    )
    assert "Carla Contact vous a inscrite" in first.body_text
    for text in (summary.body_text, summary.body_html):
        assert "AAAA-CCCC" in text
        assert "Bob" in text
        assert "/mon-inscription/" not in text
        assert not any(person.reference in text for person in people)


@needs_database
def test_workshops_nobody_chose_are_neither_asked_for_places_nor_named_in_messages():
    meeting = a_meeting()
    make_registration(meeting, sessions=[make_session(meeting, title="Atelier complet", capacity=1)])
    send(meeting, a_group("Zoé"))
    message = db.session.scalars(select(OutgoingMail).where(OutgoingMail.purpose == "confirmation")).one()
    assert "Atelier complet" not in compose(message).body_text


@needs_database
def test_the_same_group_sent_twice_is_registered_once():
    meeting = a_meeting(2)
    for _time in range(2):
        send(meeting, a_group("Ada", "Bob"))
    assert len(registrations(meeting)) == 2
    assert len(mails()) == 3


@needs_database
def test_one_place_too_few_registers_nobody_and_says_how_many_there_are():
    meeting = a_meeting(3)
    make_registration(meeting)
    with pytest.raises(NotEnoughPlaces) as refusal:
        send(meeting, a_group("Ada", "Bob", "Cleo"))
    assert "2" in str(refusal.value.message)
    assert len(registrations(meeting)) == 1
    assert mails() == []


@needs_database
def test_those_beyond_capacity_wait_when_the_contact_accepts_it():
    meeting = a_meeting(1)
    send(meeting, a_group("Ada", "Bob", accepts_waiting=True))
    assert [(x.state, x.queue_rank) for x in registrations(meeting)] == [("confirmed", None), ("waiting", 1)]
    assert [purpose for purpose, _recipient in mails()] == ["confirmation", "waiting", "request"]


@needs_database
def test_accepting_to_wait_opens_no_waiting_list():
    meeting = a_meeting(1, rules={"has_waiting_list": False})
    with pytest.raises(NotEnoughPlaces):
        send(meeting, a_group("Ada", "Bob", accepts_waiting=True))
    assert registrations(meeting) == []


@needs_database
def test_a_free_place_that_others_wait_for_is_not_the_group_s():
    meeting = a_meeting(3)
    make_registration(meeting, state="waiting")
    with pytest.raises(NotEnoughPlaces):
        send(meeting, a_group("Ada"))


@needs_database
@pytest.mark.parametrize("known", ["Ada", "Bob", "Cleo"])
def test_room_is_counted_alike_whoever_is_registered_already(known):
    """Two places for three people: refused, although one of them needs none."""
    meeting = a_meeting(3)
    make_registration(meeting, email=f"{known.lower()}@exemple.fr")
    with pytest.raises(NotEnoughPlaces):
        send(meeting, a_group("Ada", "Bob", "Cleo"))


@needs_database
def test_somebody_registered_already_keeps_what_they_have_and_receives_their_link():
    meeting = a_meeting(9)
    known = make_registration(meeting, email="ada@exemple.fr", given_name="Vraie")
    send(meeting, a_group("Ada", "Bob"))
    db.session.refresh(known)
    assert (known.given_name, known.group_key) == ("Vraie", None)
    assert mails() == [
        ("personal_link", "ada@exemple.fr"),
        ("confirmation", "bob@exemple.fr"),
        ("request", "carla@exemple.fr"),
    ]
    *_others, summary = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    said = compose(summary).body_text
    assert "Ada" in said
    assert known.reference not in said


@needs_database
def test_quotas_count_in_the_room_there_is():
    quota = {"key": "region:53", "label": "Bretagne", "group": "region", "places": 2, "value": "53"}
    meeting = a_meeting(3, rules={"quotas": [quota]})
    group = a_group("Ada", "Bob")
    with pytest.raises(NotEnoughPlaces):
        send(meeting, group)
    from_brittany = tuple(Colleague(replace(one.details, region_code="53")) for one in group.colleagues)
    send(meeting, replace(group, colleagues=from_brittany))
    assert {x.quota_key for x in registrations(meeting)} == {"region:53"}


@needs_database
def test_each_is_checked_as_if_they_had_come_alone():
    meeting = a_meeting(9, rules={"checks_email": True})
    send(meeting, a_group("Ada"))
    assert registrations(meeting)[0].state == "unverified"


@needs_database
def test_from_afar_nobody_needs_a_place():
    meeting = a_meeting(0, rules={"attendance": "both"})
    send(meeting, a_group("Ada", "Bob", choices=Choices(mode="remote")))
    assert [(x.mode, x.place_number) for x in registrations(meeting)] == [("remote", None)] * 2


@needs_database
@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"rules": {"allows_groups": False}}, GroupsAreNotTaken),
        ({"rules": {"access_code": CODE}}, AccessCodeIsWrong),
        ({"state": "postponed"}, RegistrationIsClosed),
    ],
)
def test_what_the_meeting_does_not_take_registers_nobody(values, refusal):
    meeting = a_meeting(9, **values)
    with pytest.raises(refusal):
        send(meeting, a_group("Ada"))
    assert registrations(meeting) == []


@needs_database
def test_a_refusal_in_the_middle_registers_nobody():
    meeting = a_meeting(9)
    with pytest.raises(ModeIsNotOffered):
        send(meeting, a_group("Ada", "Bob", choices=Choices(mode="remote")))
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


@needs_database
def test_each_has_the_answers_given_for_them():
    meeting = a_meeting(9)
    question = make_question(meeting)
    group = a_group("Ada", "Bob")
    answered = [
        replace(one, answers=GivenAnswers(1, {question.id: one.details.given_name}))
        for one in group.colleagues
    ]
    send(meeting, replace(group, colleagues=answered))
    found = db.session.execute(select(Registration.given_name, Answer.value).join_from(Answer, Registration))
    assert sorted(map(tuple, found)) == [("Ada", "Ada"), ("Bob", "Bob")]


@needs_database
def test_answers_to_another_version_of_the_form_register_nobody():
    meeting = a_meeting(9)
    make_question(meeting)
    group = a_group("Ada", "Bob")
    answered = [Colleague(one.details, GivenAnswers(n)) for n, one in enumerate(group.colleagues)]
    with pytest.raises(FormHasChanged):
        send(meeting, replace(group, colleagues=answered))
    assert registrations(meeting) == []


@needs_database
def test_the_code_or_an_invitation_opens():
    meeting = a_meeting(9, rules={"access_code": CODE})
    send(meeting, a_group("Ada", choices=Choices(access_code="sésame")))
    send(meeting, a_group("Bob", key="AAAA-DDDD", invitation_id=7))
    assert len(registrations(meeting)) == 2


QUOTAS = (rules.Quota("a", "A", "kind", 3, "a"), rules.Quota("b", "B", "kind", 2, "b"))
keys = st.sampled_from(["", "a", "b"])


@given(st.integers(0, 12), st.lists(keys, max_size=8), st.lists(keys, max_size=10))
def test_the_room_foretold_is_the_room_found(capacity, before, group):
    """Placing one after the other gives the count that ``places_for`` foretells."""
    taken_by = {key: before.count(key) for key in ("", "a", "b")}
    shares = rules.Shares(taken_by, {})
    foretold = rules.places_for(capacity, len(before), QUOTAS, shares, group, has_queue=False)
    placed, found = len(before), 0
    for key in group:
        if rules.has_place(capacity, placed, QUOTAS, taken_by, key):
            placed, found = placed + 1, found + 1
            taken_by[key] += 1
    assert foretold == found
    assert len(before) + foretold <= max(capacity, len(before))
