"""Participants rank workshops: on the form, on the check page, in the message, on their own page."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.errors import ChoiceHasChanged
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import RegistrationEvent, RegistrationSetup, SessionPlace
from eventsapp.registrations.services import changing
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_session
from tests.factories.registrations import make_registration
from tests.factories.wishes import make_wished_meeting, make_wisher
from tests.registrations.pages import DETAILS, Page
from tests.statements import count_statements


@pytest.fixture
def wished(app):
    """A meeting with three workshops in the morning and one later, whose wishes are open."""
    with stored(app):
        meeting, sessions = make_wished_meeting(5, 5, 5, wishes_close_at=in_days(3))
        for session, title in zip(sessions, ("Mobilités", "Énergie", "Finance"), strict=True):
            session.title = title
        meeting.ids = [session.id for session in sessions]
        meeting.late_id = make_session(meeting, hour=5, title="Synthèse").id
    meeting.path = f"/rencontres/{meeting.slug}/inscription"
    return meeting


def answers(meeting, *ranked, late="0"):
    names = {f"creneau_1_voeu_{n}": str(id_) for n, id_ in enumerate(ranked, 1)}
    return {**DETAILS, **names, "creneau_2_voeu_1": late}


def ranks(app):
    with app.app_context():
        rows = db.session.execute(select(SessionPlace.session_id, SessionPlace.state, SessionPlace.rank))
        return {(id_, state, rank) for id_, state, rank in rows}


def change_setup(app, meeting, **values):
    with stored(app):
        setup = db.session.get_one(RegistrationSetup, meeting.id)
        for name, value in values.items():
            setattr(setup, name, value)


def mine(app, meeting, *ids, **values):
    with stored(app):
        registration = make_registration(meeting, **values)
        for rank, id_ in enumerate(ids, 1):
            db.session.add(
                SessionPlace(
                    session_id=id_, registration=registration, state="wished", rank=rank, taken_at=now()
                )
            )
    with app.app_context():
        return registration.id, f"/mon-inscription/{registration_token(registration)}"


def test_each_slot_has_one_list_a_wish_and_no_more_than_its_workshops(client, wished):
    page = client.post(f"{wished.path}/ateliers", data=DETAILS)
    assert page.status_code == 200
    shown = Page(page)
    lists = {name for name in shown.values if name.startswith("creneau_")}
    assert lists == {"creneau_1_voeu_1", "creneau_1_voeu_2", "creneau_1_voeu_3", "creneau_2_voeu_1"}
    assert "Un vœu ne réserve pas de place" in shown.text


def test_wishes_go_through_the_check_page_and_are_stored_in_order(app, client, wished):
    first, second, _third = wished.ids
    sent = answers(wished, second, first)
    check = client.post(f"{wished.path}/verification", data=sent)
    assert "<li>Énergie</li><li>Mobilités</li>" in check.text
    assert "Ce sont des vœux" in check.text
    done = client.post(f"{wished.path}/confirmation", data=Page(check).values)
    assert done.status_code == 303
    assert ranks(app) == {(second, "wished", 1), (first, "wished", 2)}
    assert "attribuées d’après les vœux" in client.get(done.headers["Location"]).text


def test_the_message_tells_the_wishes_and_when_places_are_given(app, client, wished):
    first, second, _third = wished.ids
    client.post(f"{wished.path}/confirmation", data=answers(wished, second, first, late=str(wished.late_id)))
    with app.app_context():
        texts = compose(db.session.scalars(select(OutgoingMail)).one())
    for text in (texts.body_text, texts.body_html):
        assert "1. Énergie ; 2. Mobilités" in text.replace("\u00a0", " ")
        assert "Synthèse" in text
        assert "sont attribuées après le" in text


def test_a_workshop_ranked_twice_is_refused_and_nothing_typed_is_lost(client, wished):
    first, second, _third = wished.ids
    page = client.post(f"{wished.path}/verification", data=answers(wished, first, second, first))
    assert page.status_code == 422
    shown = Page(page)
    assert "déjà classé plus haut" in shown.text
    assert shown.values["creneau_1_voeu_2"] == str(second)
    assert shown.values["creneau_1_voeu_3"] == str(first)
    assert shown.values["given_name"] == "Zoé"


def test_a_slot_left_blank_is_asked_again(client, wished):
    page = client.post(f"{wished.path}/verification", data={**DETAILS, "creneau_2_voeu_1": "0"})
    assert page.status_code == 422
    assert "Choisissez votre premier vœu pour" in page.text


def test_a_second_wish_without_taking_part_is_refused(client, wished):
    page = client.post(f"{wished.path}/verification", data=answers(wished, 0, wished.ids[0]))
    assert page.status_code == 422
    assert "Vous ne participez pas à ce créneau" in page.text


def test_a_slot_without_a_wish_on_purpose_is_accepted(app, client, wished):
    done = client.post(f"{wished.path}/confirmation", data=answers(wished, 0, late=str(wished.late_id)))
    assert done.status_code == 303
    assert ranks(app) == {(wished.late_id, "wished", 1)}


@pytest.mark.parametrize("value", ["999999", "x", "-1", "1; DROP"])
def test_what_no_page_offers_is_refused_without_a_crash(app, client, wished, value):
    page = client.post(f"{wished.path}/verification", data=answers(wished, value))
    assert page.status_code == 422
    sent = answers(wished, wished.ids[0], wished.ids[0])
    assert client.post(f"{wished.path}/confirmation", data=sent).status_code == 422
    assert ranks(app) == set()


def test_a_place_cannot_be_taken_directly_where_wishes_are_asked(app, client, wished):
    page = client.post(f"{wished.path}/confirmation", data={**DETAILS, "creneau_1": str(wished.ids[0])})
    assert page.status_code == 422
    assert "Le choix des ateliers a changé" in page.text
    assert ranks(app) == set()


def test_once_wishes_are_closed_no_workshop_is_asked_until_places_are_given(app, client, wished):
    change_setup(app, wished, wishes_close_at=in_days(-1))
    check = client.post(f"{wished.path}/ateliers", data=DETAILS)
    assert "Vérifiez vos réponses" in check.text
    assert "Les vœux d’ateliers sont clos" in check.text
    refused = client.post(f"{wished.path}/confirmation", data=answers(wished, wished.ids[0]))
    assert refused.status_code == 422
    sent = Page(refused).values
    assert client.post(f"{wished.path}/confirmation", data=sent).status_code == 303
    change_setup(app, wished, allocated_at=now())
    assert Page(client.post(f"{wished.path}/ateliers", data=DETAILS)).text.count("places restantes") == 3


def test_my_page_shows_my_wishes_and_lets_me_rank_them_anew(app, client, wished):
    first, second, third = wished.ids
    id_, path = mine(app, wished, first, second)
    page = client.get(path).text
    assert "<li>Mobilités</li><li>Énergie</li>" in page
    assert "Vos vœux peuvent changer jusqu’au" in page
    form = Page(client.get(f"{path}/voeux"))
    assert form.values["creneau_1_voeu_1"] == str(first)
    assert form.values["creneau_2_voeu_1"] == "0"
    sent = {**form.answers, "creneau_1_voeu_1": str(third), "creneau_1_voeu_2": str(first)}
    assert client.post(f"{path}/voeux", data=sent).status_code == 303
    assert ranks(app) == {(third, "wished", 1), (first, "wished", 2)}
    with app.app_context():
        events = db.session.scalars(select(RegistrationEvent)).all()
        assert [(event.registration_id, event.kind) for event in events] == [(id_, "wishes_changed")]
        mail = db.session.scalars(select(OutgoingMail)).one()
        assert "1. Finance ; 2. Mobilités" in compose(mail).body_text.replace("\u00a0", " ")


def test_the_same_wishes_again_change_nothing(app, client, wished):
    _id, path = mine(app, wished, *wished.ids[:2])
    client.post(f"{path}/voeux", data=Page(client.get(f"{path}/voeux")).answers)
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).all() == []


def test_wishes_ranked_twice_on_my_page_are_refused(app, client, wished):
    first, *_others = wished.ids
    _id, path = mine(app, wished, first)
    sent = {"creneau_1_voeu_1": str(first), "creneau_1_voeu_2": str(first), "creneau_2_voeu_1": "0"}
    page = client.post(f"{path}/voeux", data=sent)
    assert page.status_code == 422
    assert "déjà classé plus haut" in page.text


def test_closed_wishes_are_shown_and_no_longer_changed(app, client, wished):
    first, second, _third = wished.ids
    _id, path = mine(app, wished, first)
    change_setup(app, wished, wishes_close_at=in_days(-1))
    assert "Les vœux sont clos" in client.get(path).text
    assert client.get(f"{path}/voeux").status_code == 303
    sent = {"creneau_1_voeu_1": str(second), "creneau_2_voeu_1": "0"}
    assert "Les vœux sont clos" in client.post(f"{path}/voeux", data=sent).text
    assert ranks(app) == {(first, "wished", 1)}


def test_the_page_of_direct_choices_leads_to_the_wishes(app, client, wished):
    _id, path = mine(app, wished)
    assert client.get(f"{path}/ateliers").headers["Location"].endswith("/voeux")


def test_nobody_takes_a_place_directly_by_changing_a_registration(app, wished):
    with stored(app):
        registration = make_wisher(wished)
        with pytest.raises(ChoiceHasChanged):
            changing.change_registration(registration=registration, session_ids=[wished.ids[0]], at=now())


def test_pages_of_wishes_cost_the_same_whatever_the_number_of_wishes(app, client, wished):
    def cost(*ids):
        _id, path = mine(app, wished, *ids)
        with count_statements(app) as statements:
            client.get(path)
            client.get(f"{path}/voeux")
        return len(statements)

    assert cost() == cost(*wished.ids, wished.late_id)
