"""Promise 3 for invitations: one message a person and a campaign, written with its cause."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.invitations import errors, queries
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.invitations.rules import Invitee
from eventsapp.invitations.services import answers, campaigns
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.facts import meeting_cancelled
from eventsapp.registrations.details import Details
from eventsapp.registrations.services import changing
from tests.factories.accounts import make_account
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import in_days, make_meeting
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def by(context):
    with unit_of_work():
        return make_account()


@pytest.fixture
def meeting(context):
    with unit_of_work():
        return make_meeting()


@pytest.fixture
def campaign(meeting):
    with unit_of_work():
        return make_campaign(meeting)


def invite(campaign, **values):
    with unit_of_work():
        return make_invitation(campaign, **values)


def send(campaign, by):
    with unit_of_work():
        return campaigns.send_campaign(campaign, campaign.meeting, by=by, at=now())


def messages(state="queued"):
    mail = OutgoingMail
    statement = select(mail).where(mail.purpose == "invitation", mail.state == state).order_by(mail.id)
    return db.session.scalars(statement).all()


def test_each_person_gets_one_message_however_often_it_is_sent(campaign, by):
    invite(campaign, email="a@exemple.fr")
    assert send(campaign, by) == 1
    with pytest.raises(errors.NobodyToInvite):
        send(campaign, by)
    invite(campaign, email="b@exemple.fr")
    assert send(campaign, by) == 1
    assert [mail.recipient for mail in messages()] == ["a@exemple.fr", "b@exemple.fr"]


def test_two_people_who_send_at_once_write_to_each_person_once(app, campaign, by):
    for _number in range(20):
        invite(campaign)
    start, counts, campaign_id, actor = threading.Barrier(3), [], campaign.id, by.id

    def press():
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    found = db.session.get_one(Campaign, campaign_id)
                    account = db.session.get_one(type(by), actor)
                    counts.append(campaigns.send_campaign(found, found.meeting, by=account, at=now()))
            except errors.NobodyToInvite:
                counts.append(0)
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(counts) == [0, 0, 20]
    assert len(messages()) == 20


def test_a_rolled_back_sending_leaves_no_message_and_nobody_marked(campaign, by):
    invite(campaign)

    def crash():
        with unit_of_work():
            campaigns.send_campaign(campaign, campaign.meeting, by=by, at=now())
            raise RuntimeError("later in the request")

    with pytest.raises(RuntimeError):
        crash()
    assert (messages(), queries.count_waiting(campaign), campaign.sent_at) == ([], 1, None)


def test_those_registered_who_declined_or_want_no_more_are_left_out(meeting, campaign, by):
    with unit_of_work():
        other = make_campaign(meeting)
        make_registration(meeting, email="inscrite@exemple.fr")
        make_registration(meeting, email="revenue@exemple.fr", state="cancelled")
        make_invitation(other, email="stop@exemple.fr", unsubscribed_at=now())
    for email in ("Inscrite@Exemple.fr", "stop@exemple.fr", "revenue@exemple.fr", "neuve@exemple.fr"):
        invite(campaign, email=email)
    invite(campaign, answer="declined")
    assert queries.count_waiting(campaign) == 2
    assert send(campaign, by) == 2
    assert [mail.recipient for mail in messages()] == ["revenue@exemple.fr", "neuve@exemple.fr"]


@pytest.mark.parametrize("state", ["draft", "cancelled", "postponed", "held"])
def test_nothing_leaves_for_a_meeting_that_is_not_announced(by, state):
    with unit_of_work():
        campaign = make_campaign(make_meeting(state=state))
    invite(campaign)
    with pytest.raises(errors.MeetingTakesNoInvitation):
        send(campaign, by)


def test_nothing_leaves_once_the_meeting_has_begun(by):
    with unit_of_work():
        campaign = make_campaign(make_meeting(starts_at=in_days(-1)))
    invite(campaign)
    with pytest.raises(errors.MeetingTakesNoInvitation):
        send(campaign, by)


@pytest.mark.parametrize("people", [2, 1000])
def test_the_statements_do_not_grow_with_the_people(app, campaign, by, people):
    with unit_of_work():
        for _number in range(people):
            make_invitation(campaign)
    with count_statements(app) as sent:
        assert send(campaign, by) == people
    assert len(sent) <= 9


def test_a_great_campaign_leaves_in_several_times(campaign, by, monkeypatch):
    monkeypatch.setattr(campaigns, "SENT_AT_ONCE", 3)
    for _number in range(4):
        invite(campaign)
    assert [send(campaign, by), send(campaign, by)] == [3, 1]


def test_the_message_holds_the_facts_a_personal_link_and_the_way_out(meeting, campaign, by):
    invite(campaign, email="a@exemple.fr", given_name="Aïcha", family_name="Exemple", locale="fr")
    invite(campaign, email="b@exemple.fr", locale="en")
    send(campaign, by)
    french, english = messages()
    assert french.subject == campaign.subject
    assert "Bonjour Aïcha Exemple," in compose(french).body_text
    assert "<strong>heureux</strong>" in compose(french).body_html
    for mail in (french, english):
        texts = compose(mail)
        for text in (texts.body_text, texts.body_html):
            assert meeting.title in text
            assert "Hôtel de Région" in text
            assert "/invitation/" in text
            assert mail.unsubscribe_url in text
    assert french.unsubscribe_url != english.unsubscribe_url


def test_somebody_is_invited_by_hand_once_and_not_when_registered(meeting, campaign):
    with unit_of_work():
        campaigns.add_invitee(campaign, Invitee(email="a@exemple.fr"), at=now())
        make_registration(meeting, email="b@exemple.fr")
    for email, refusal in (
        ("A@exemple.fr", errors.AlreadyInvited),
        ("b@exemple.fr", errors.InviteeIsRegistered),
    ):
        with pytest.raises(refusal), unit_of_work():
            campaigns.add_invitee(campaign, Invitee(email=email), at=now())


def take_off(invitation):
    with unit_of_work():
        campaigns.remove_invitee(invitation, at=now())


def test_somebody_is_taken_off_the_list_then_their_invitation_is_withdrawn_once_it_has_left(campaign, by):
    kept, removed = invite(campaign), invite(campaign)
    take_off(removed)
    send(campaign, by)
    db.session.refresh(kept)
    take_off(kept)
    (left,) = db.session.scalars(select(Invitation))
    assert (left.id, left.withdrawn_at is not None) == (kept.id, True)
    assert [mail.recipient for mail in messages("cancelled")] == [kept.email]
    assert queries.figures_of([campaign.id])[campaign.id].silent == 0


def test_an_invitation_answered_by_a_registration_is_not_withdrawn(campaign):
    registered = invite(campaign, sent_at=now(), answer="registered")
    with pytest.raises(errors.InviteeIsRegistered):
        take_off(registered)
    db.session.refresh(registered)
    assert registered.withdrawn_at is None


def register(meeting, **values):
    details = Details(given_name="A", family_name="B", email=values.pop("email"))
    with unit_of_work():
        return register_person(meeting=meeting, details=details, at=now(), **values)


def test_registering_answers_the_invitations_of_that_address_and_the_one_followed(meeting, campaign, by):
    with unit_of_work():
        elsewhere = make_invitation(make_campaign(make_meeting()), email="a@exemple.fr")
    same, followed, other = (
        invite(campaign, email="a@exemple.fr"),
        invite(campaign, email="ancienne@exemple.fr"),
        invite(campaign),
    )
    send(campaign, by)
    registration = register(meeting, email="A@exemple.fr", invitation_id=followed.id)
    db.session.expire_all()
    assert [same.answer, followed.answer, other.answer] == ["registered", "registered", "none"]
    assert followed.registration_id == registration.id
    assert elsewhere.answer == "none"
    assert [mail.recipient for mail in messages()] == [other.email]


def test_an_invitation_of_another_meeting_is_never_answered(meeting, campaign):
    with unit_of_work():
        elsewhere = make_invitation(make_campaign(make_meeting()))
    register(meeting, email="a@exemple.fr", invitation_id=elsewhere.id)
    db.session.expire_all()
    assert elsewhere.answer == "none"


def test_giving_the_place_back_is_an_answer_too(meeting, campaign):
    invited = invite(campaign, email="a@exemple.fr")
    registration = register(meeting, email="a@exemple.fr")
    with unit_of_work():
        changing.cancel_registration(registration=registration, at=now())
    db.session.expire_all()
    assert invited.answer == "declined"


def test_declining_holds_the_message_back_and_can_be_taken_back(meeting, campaign, by):
    invited = invite(campaign)
    send(campaign, by)
    with unit_of_work():
        answers.decline_invitation(invited, meeting, at=now())
        answers.decline_invitation(invited, meeting, at=now() + timedelta(hours=1))
    assert invited.answer == "declined"
    assert messages() == []
    with unit_of_work():
        answers.take_back_refusal(invited, meeting, at=now())
    assert (invited.answer, invited.answered_at) == ("none", None)


def test_a_registered_person_does_not_decline_by_the_invitation(meeting, campaign):
    invited = invite(campaign, answer="registered")
    with pytest.raises(errors.RegistrationStands), unit_of_work():
        answers.decline_invitation(invited, meeting, at=now())


def test_a_cancelled_meeting_withdraws_the_invitations_that_have_not_left(meeting, campaign, by):
    invite(campaign)
    send(campaign, by)
    with unit_of_work():
        meeting.state, meeting.cancelled_at = "cancelled", now()
        meeting_cancelled.send(meeting, by=by, at=now())
    assert (len(messages()), len(messages("cancelled"))) == (0, 1)


def test_the_figures_of_campaigns_are_counted_in_one_statement(meeting, campaign):
    invite(campaign, sent_at=now(), answer="registered")
    invite(campaign, sent_at=now(), answer="declined")
    invite(campaign, sent_at=now())
    invite(campaign)
    with unit_of_work():
        empty = make_campaign(meeting)
    found = queries.figures_of([campaign.id, empty.id])
    assert found[campaign.id] == queries.Figures(4, 3, 1, 1, 1, 0)
    assert found[empty.id] == queries.Figures()
