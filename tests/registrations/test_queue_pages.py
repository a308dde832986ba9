"""The office's page of waiting lists: what it shows, and what organisers decide on it."""

from datetime import timedelta

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup, make_wait
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        account = make_account(role="secretary", territory_code="32")
    sign_in(client, account)
    return client


@pytest.fixture
def full(app, office):
    """A full meeting with three people in line."""
    with stored(app):
        meeting = make_meeting(capacity=1)
        meeting.taken = make_registration(meeting)
        meeting.line = [
            make_registration(meeting, state="waiting", family_name=name) for name in ("Un", "Deux", "Trois")
        ]
        meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    return meeting


def shown(client, meeting, query=""):
    return client.get(f"{meeting.path}/liste-attente{query}").text


def order(page):
    return sorted(("Un", "Deux", "Trois"), key=lambda name: page.index(f"Personne {name}</a>"))


def decide(client, meeting, registration, what, **values):
    path = f"{meeting.path}/{registration.id}/{what}"
    return client.post(path, data=values, follow_redirects=True).text


def again(app, registration):
    with app.app_context():
        return db.session.get_one(Registration, registration.id)


def test_the_list_is_shown_in_order_with_what_happens_by_itself(office, full):
    page = shown(office, full)
    assert order(page) == ["Un", "Deux", "Trois"]
    assert "Les places libres sont proposées d’elles-mêmes" in page
    assert "0 place libre" in page
    assert "Proposer une place" not in page  # none is free


@pytest.mark.parametrize(
    ("who", "move", "expected"),
    [
        (1, "haut", ["Deux", "Un", "Trois"]),
        (0, "bas", ["Deux", "Un", "Trois"]),
        (2, "premier", ["Trois", "Un", "Deux"]),
    ],
)
def test_people_are_moved_in_the_list(office, full, who, move, expected):
    assert order(decide(office, full, full.line[who], "rang", vers=move)) == expected


def test_offers_are_suspended_and_resumed(app, office, full):
    page = office.post(f"{full.path}/liste-attente/suspension", follow_redirects=True).text
    assert "Les propositions sont suspendues" in page
    office.post(f"{full.path}/{full.taken.id}/annulation")
    assert again(app, full.line[0]).state == "waiting"
    page = office.post(f"{full.path}/liste-attente/reprise", follow_redirects=True).text
    assert "Les places libres sont proposées d’elles-mêmes" in page
    assert again(app, full.line[0]).state == "offered"


def test_a_free_place_is_offered_by_hand_with_its_deadline(app, office, full):
    with stored(app):
        make_setup(full, offers_frozen_at=now())
    office.post(f"{full.path}/{full.taken.id}/annulation")
    assert "Proposer une place" in shown(office, full)
    page = decide(office, full, full.line[2], "proposition")
    assert "Une place est proposée à Personne Trois" in page
    assert "Réponse avant" in page
    assert again(app, full.line[2]).state == "offered"
    page = decide(office, full, full.line[0], "proposition")
    assert "Il n’y a plus de place" in page


def test_an_acceptance_by_telephone_is_written_down(app, office, full):
    office.post(f"{full.path}/{full.taken.id}/annulation")
    page = decide(office, full, full.line[0], "acceptation")
    assert "Personne Un a une place" in page
    assert again(app, full.line[0]).state == "confirmed"


def test_near_the_start_the_organiser_is_told_to_offer_by_hand(app, office):
    with stored(app):
        meeting = make_meeting(capacity=0, starts_at=in_days(1))
        make_setup(meeting, offers_stop_hours=72)
        meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    assert "ne sont plus proposées d’elles-mêmes" in shown(office, meeting)


def test_nothing_is_offered_once_the_meeting_has_begun(app, office):
    with stored(app):
        meeting = make_meeting(capacity=0, starts_at=now() - timedelta(hours=1))
        meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    assert "plus aucune place n’est proposée" in shown(office, meeting)


def test_the_list_of_a_workshop_is_shown_moved_and_offered(app, office):
    with stored(app):
        meeting = make_meeting()
        make_setup(meeting, offers_frozen_at=now())
        workshop = make_session(meeting, capacity=2, title="Covoiturage")
        make_registration(meeting, sessions=[workshop])
        people = [make_registration(meeting, family_name=name) for name in ("Un", "Deux", "Trois")]
        for person in people:
            make_wait(person, workshop)
        meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    page = shown(office, meeting, f"?atelier={workshop.id}")
    assert order(page) == ["Un", "Deux", "Trois"]
    assert "Covoiturage (3)" in page
    page = decide(office, meeting, people[2], "rang", vers="premier", atelier=workshop.id)
    assert order(page) == ["Trois", "Un", "Deux"]
    page = decide(office, meeting, people[1], "proposition", atelier=workshop.id)
    assert "Places proposées" in page
    with app.app_context():
        places = db.session.query(SessionPlace).filter_by(registration_id=people[1].id).one()
        assert (places.state, places.place_number) == ("offered", 2)


def test_another_region_is_not_found(app, office):
    with stored(app):
        other = make_meeting(region_code="84", capacity=0)
        person = make_registration(other, state="waiting")
    path = f"/gestion/rencontres/{other.id}/inscriptions"
    assert office.get(f"{path}/liste-attente").status_code == 404
    for what in ("liste-attente/suspension", "liste-attente/reprise"):
        assert office.post(f"{path}/{what}").status_code == 404
    for what in ("rang", "proposition", "acceptation"):
        assert office.post(f"{path}/{person.id}/{what}").status_code == 404
    with app.app_context():
        assert db.session.get(RegistrationSetup, other.id) is None


def test_statements_do_not_grow_with_the_list(app, office, full):
    counts = []
    for _round in range(2):
        with stored(app):
            for _number in range(30):
                make_registration(full, state="waiting")
        with count_statements(app) as seen:
            shown(office, full)
        counts.append(len(seen))
    assert counts[0] == counts[1]
