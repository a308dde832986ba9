"""The organisers' pages of the allocation: wishes, proposal, changes by hand, commit; scoped and bounded."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Allocation, RegistrationSetup, SessionPlace
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.factories.wishes import make_wished_meeting, make_wisher
from tests.registrations.pages import Page
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    """A meeting in Brittany whose wishes are closed, and a secretary for Brittany signed in."""
    with stored(app):
        meeting, sessions = make_wished_meeting(1, 2)
        meeting.region_code = "53"
        for session, title in zip(sessions, ("Mobilités", "Énergie"), strict=True):
            session.title = title
        meeting.workshop_ids = [session.id for session in sessions]
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/affectation"
    return meeting


def add(app, meeting, *ranks, **values):
    with stored(app):
        sessions = db.session.merge(meeting).workshops
        one = make_wisher(meeting, *(sessions[n] for n in ranks), **values)
    with app.app_context():
        return one.id, one.full_name


def places(app):
    with app.app_context():
        rows = db.session.execute(
            select(SessionPlace.registration_id, SessionPlace.session_id, SessionPlace.state)
        )
        return {tuple(row) for row in rows}


def words(answer):
    return " ".join(Page(answer).text.split())


def test_the_page_says_who_answered_and_what_is_asked_for(app, client, office):
    add(app, office, 0, 1)
    add(app, office, 0)
    _id, silent = add(app, office, family_name="Silencieuse")
    page = words(client.get(office.path))
    assert "2 personnes ont répondu" in page
    assert "1 personne sans vœu" in page
    assert silent in page
    assert "Mobilités" in page
    assert "Les vœux sont clos" in page


def test_another_region_s_meeting_is_not_found(app, client, office):
    with stored(app):
        other, _sessions = make_wished_meeting(2)
        other.region_code = "32"
    here = f"/gestion/rencontres/{other.id}/inscriptions/affectation"
    for path in ("", "/proposition", "/proposition/ateliers/1", "/proposition/personnes/1"):
        assert client.get(here + path).status_code == 404
    for path in ("/proposition", "/proposition/personnes/1", "/proposition/abandon", "/validation"):
        assert client.post(here + path).status_code == 404


def test_from_wishes_to_places(app, client, office):
    both, only = add(app, office, 0, 1), add(app, office, 0)
    assert client.post(f"{office.path}/proposition").status_code == 303
    page = words(client.get(f"{office.path}/proposition"))
    assert "2 places données" in page
    assert "50 % premiers vœux" in page.replace("\u00a0", " ")
    assert "Résultat prouvé" in page
    inside = words(client.get(f"{office.path}/proposition/ateliers/{office.workshop_ids[0]}"))
    assert only[1] in inside
    assert both[1] not in inside
    assert client.post(f"{office.path}/validation").status_code == 303
    assert places(app) == {
        (both[0], office.workshop_ids[1], "confirmed"),
        (only[0], office.workshop_ids[0], "confirmed"),
    }
    assert "Les places ont été attribuées" in words(client.get(office.path))


def test_people_left_out_are_shown_with_each_wish_and_why(app, client, office):
    for _one in range(4):
        add(app, office, 0, 1)
    client.post(f"{office.path}/proposition")
    page = words(client.get(f"{office.path}/proposition"))
    assert "1 demande sans place" in page
    assert "Mobilités : complet" in page.replace("\u00a0", " ")


def test_a_person_is_moved_by_hand_and_the_figures_follow(app, client, office):
    id_, name = add(app, office, 0, 1)
    client.post(f"{office.path}/proposition")
    person = f"{office.path}/proposition/personnes/{id_}"
    form = Page(client.get(person))
    assert form.values["creneau_1"] == str(office.workshop_ids[0])
    assert "Mobilités (1er vœu)" in form.text
    answer = client.post(person, data={"creneau_1": str(office.workshop_ids[1])}, follow_redirects=True)
    assert f"La proposition est modifiée pour {name}" in answer.text
    assert "1 changement à la main" in answer.text
    assert name in client.get(f"{office.path}/proposition/ateliers/{office.workshop_ids[1]}").text
    client.post(person, data={"creneau_1": "0"})
    assert "0 place donnée" in words(client.get(f"{office.path}/proposition"))


def test_a_move_into_a_full_workshop_is_refused_in_words(app, client, office):
    add(app, office, 0)
    id_, _name = add(app, office, 1)
    client.post(f"{office.path}/proposition")
    person = f"{office.path}/proposition/personnes/{id_}"
    answer = client.post(person, data={"creneau_1": str(office.workshop_ids[0])})
    assert answer.status_code == 422
    assert "« Mobilités » : complet." in words(answer).replace("\u00a0", " ")
    assert client.post(person, data={"creneau_1": "999"}).status_code == 422
    assert client.get(f"{office.path}/proposition/personnes/999999").status_code == 404
    assert client.get(f"{office.path}/proposition/ateliers/999999").status_code == 404


def test_a_stale_proposal_is_refused_and_offers_to_start_again(app, client, office):
    id_, _name = add(app, office, 0)
    client.post(f"{office.path}/proposition")
    add(app, office, 0)
    assert "n’est plus à jour" in client.get(f"{office.path}/proposition").text
    answer = client.post(f"{office.path}/validation")
    assert answer.status_code == 409
    assert "n’est plus à jour" in answer.text
    assert "Recalculer" in answer.text
    assert (id_, office.workshop_ids[0], "wished") in places(app)
    client.post(f"{office.path}/proposition")
    assert client.post(f"{office.path}/validation").status_code == 303


def test_nothing_is_committed_before_wishes_close(app, client, office):
    add(app, office, 0)
    with stored(app):
        db.session.get_one(RegistrationSetup, office.id).wishes_close_at = in_days(2)
    client.post(f"{office.path}/proposition")
    answer = client.post(f"{office.path}/validation")
    assert answer.status_code == 409
    assert "Les vœux sont encore ouverts" in answer.text
    assert "est un essai" in client.get(office.path).text


def test_a_discarded_proposal_is_gone_and_nobody_is_told(app, client, office):
    add(app, office, 0)
    client.post(f"{office.path}/proposition")
    assert client.post(f"{office.path}/proposition/abandon").status_code == 303
    assert client.get(f"{office.path}/proposition").status_code == 303
    assert client.post(f"{office.path}/validation").status_code == 409
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).all() == []


def test_what_makes_an_allocation_impossible_is_said_before_and_after_asking(app, client, office):
    with stored(app):
        workshop = db.session.merge(office).workshops[0]
        for _one in range(2):
            make_registration(office, sessions=[workshop])
    shown = words(client.get(office.path)).replace("\u00a0", " ")
    assert "le nombre de personnes confirmées (2) dépasse celui des places (1)" in shown
    assert client.post(f"{office.path}/proposition").status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Allocation)).all() == []


def test_a_meeting_of_direct_choices_says_that_it_needs_no_allocation(app, client, office):
    with stored(app):
        meeting = make_meeting(region_code="53")
        make_session(meeting)
    page = client.get(f"/gestion/rencontres/{meeting.id}/inscriptions/affectation")
    assert "Les places sont données dès l’inscription" in page.text


def test_pages_cost_the_same_for_three_people_or_thirty(app, client, office):
    def cost():
        client.post(f"{office.path}/proposition")
        with count_statements(app) as statements:
            assert client.get(office.path).status_code == 200
            assert client.get(f"{office.path}/proposition").status_code == 200
            client.get(f"{office.path}/proposition/ateliers/{office.workshop_ids[0]}")
        return len(statements)

    for _one in range(3):
        add(app, office, 0, 1)
    before = cost()
    for _one in range(27):
        add(app, office, 1, 0)
    assert cost() == before


def test_committing_costs_the_same_for_three_people_or_thirty(app, client, office):
    def cost(people):
        with stored(app):
            meeting, sessions = make_wished_meeting(10, 40)
            meeting.region_code = "53"
            for _one in range(people):
                make_wisher(meeting, *sessions)
        path = f"/gestion/rencontres/{meeting.id}/inscriptions/affectation"
        client.post(f"{path}/proposition")
        with count_statements(app) as statements:
            assert client.post(f"{path}/validation").status_code == 303
        return len(statements)

    assert cost(3) == cost(30)


@pytest.mark.parametrize("state", ["confirmed", "waiting"])
def test_an_organiser_who_changes_details_leaves_ranked_wishes_alone(app, client, office, state):
    id_, _name = add(app, office, 1, 0, state=state)
    before = places(app)
    record = f"/gestion/rencontres/{office.id}/inscriptions/{id_}/fiche"
    answer = client.post(record, data={**Page(client.get(record)).answers, "given_name": "Autre"})
    assert answer.status_code == 303
    assert places(app) == before == {(id_, workshop_id, "wished") for workshop_id in office.workshop_ids}


def test_lists_are_bounded(app, client, office):
    with stored(app):
        for _one in range(120):
            make_registration(office, registered_at=now())
    page = client.get(office.path)
    assert page.text.count("Personne Démonstration") == 50
    assert "Page 1 sur 3" in words(page)
