"""Waiting lists and offers as participants meet them: in the public form and on the personal page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import Registration, SessionPlace
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup, make_wait
from tests.registrations.pages import DETAILS, Page


def offer_to(registration, **values):
    """Make the stored registration one that is offered a place."""
    registration.state, registration.queue_rank = "offered", None
    registration.place_number, registration.offered_at = 1, now()
    registration.held_until = values.get("until", now() + timedelta(hours=48))
    return registration


def path_of(registration):
    return f"/mon-inscription/{registration_token(registration)}"


def again(app, registration):
    with app.app_context():
        return db.session.get_one(Registration, registration.id)


def places_of(app, registration):
    with app.app_context():
        rows = db.session.scalars(select(SessionPlace).filter_by(registration_id=registration.id))
        return {row.session_id: row.state for row in rows}


@pytest.fixture
def offered(app, client):
    with stored(app):
        meeting = make_meeting(capacity=1)
        person = offer_to(make_registration(meeting, state="waiting"))
        person.next = make_registration(meeting, state="waiting")
        person.path, person.next.path = path_of(person), path_of(person.next)
    return person


# --- The place at the meeting ---------------------------------------------------------------------


def test_the_page_of_an_offer_says_until_when_and_what_happens_otherwise(client, offered):
    page = client.get(offered.path)
    assert "Une place vous est proposée" in page.text
    assert "elle est proposée à la personne suivante et votre inscription prend fin" in page.text
    assert f'action="{offered.path}/place"' in page.text
    assert f'href="{offered.path}/refus"' in page.text
    assert "rencontre.ics" not in page.text


def test_a_place_is_accepted_with_one_button(app, client, offered):
    answer = client.post(f"{offered.path}/place", follow_redirects=True)
    assert "Votre place est réservée" in answer.text
    assert again(app, offered).state == "confirmed"


def test_opening_the_link_decides_nothing(app, client, offered):
    for path in ("", "/refus"):
        assert client.get(offered.path + path).status_code == 200
    assert client.get(f"{offered.path}/place").status_code == 405
    assert again(app, offered).state == "offered"


def test_a_place_is_declined_once_it_is_confirmed_to_be_meant(app, client, offered):
    page = client.get(f"{offered.path}/refus")
    assert "votre inscription prend fin" in page.text
    answer = client.post(f"{offered.path}/refus", follow_redirects=True)
    assert "Vous avez refusé la place" in answer.text
    assert (again(app, offered).state, again(app, offered.next).state) == ("cancelled", "offered")


def test_an_answer_after_the_deadline_says_so_and_changes_nothing(app, client, offered):
    with stored(app):
        db.session.get_one(Registration, offered.id).held_until = now() - timedelta(minutes=1)
    page = client.get(offered.path)
    assert "Le délai est passé" in page.text
    assert f'action="{offered.path}/place"' not in page.text
    answer = client.post(f"{offered.path}/place", follow_redirects=True)
    assert "Le délai pour accepter cette place est passé" in answer.text
    assert again(app, offered).state == "offered"


def test_nobody_else_answers_for_somebody(client, offered):
    forged = offered.path[:-4] + "AAAA"
    for path in ("/place", "/refus", "/ateliers/1/place", "/ateliers/1/refus"):
        assert client.post(forged + path).status_code == 404


def test_the_page_of_somebody_who_waits_shows_the_position(client, offered):
    page = client.get(offered.next.path)
    assert "Vous êtes en 1re position sur la liste d’attente" in page.text
    assert "Quitter la liste d’attente" in page.text
    assert client.get(f"{offered.next.path}/refus").status_code == 303


def test_the_list_is_left_in_its_own_words(app, client, offered):
    page = client.get(f"{offered.next.path}/annulation")
    assert "Quitter la liste d’attente ?" in page.text.replace("\u00a0", " ")
    client.post(f"{offered.next.path}/annulation")
    assert again(app, offered.next).state == "cancelled"


# --- Workshops ------------------------------------------------------------------------------------


@pytest.fixture
def waiting(app, client):
    """Somebody who holds a workshop and waits, second, for a full one at the same time, of a full meeting."""
    with stored(app):
        meeting = make_meeting(capacity=3)
        full, other = make_session(meeting, capacity=1), make_session(meeting, capacity=5)
        full.first = make_registration(meeting, sessions=[full])
        make_wait(make_registration(meeting), full)
        person = make_registration(meeting, sessions=[other])
        make_wait(person, full)
        person.path, person.full, person.other, person.of = path_of(person), full, other, meeting
    return person


def test_the_page_shows_workshops_waited_for_and_the_position(client, waiting):
    page = client.get(waiting.path)
    assert "vous êtes en 2e position" in page.text
    assert waiting.full.title in page.text


def offer_workshop(app, person, until=None):
    with stored(app):
        row = db.session.scalar(
            select(SessionPlace).filter_by(registration_id=person.id, session_id=person.full.id)
        )
        for taken in db.session.scalars(select(SessionPlace).filter_by(session_id=person.full.id)):
            if taken is not row:
                db.session.delete(taken)
        db.session.flush()
        row.state, row.place_number, row.queue_rank = "offered", 1, None
        row.offered_at, row.held_until = now(), until or now() + timedelta(hours=48)


def test_an_offered_workshop_says_what_would_be_left_and_is_accepted(app, client, waiting):
    offer_workshop(app, waiting)
    page = client.get(waiting.path)
    assert f"vous quittez «\u00a0{waiting.other.title}\u00a0»" in page.text
    answer = client.post(f"{waiting.path}/ateliers/{waiting.full.id}/place", follow_redirects=True)
    assert "Vous participez à cet atelier" in answer.text
    assert places_of(app, waiting) == {waiting.full.id: "confirmed"}


def test_an_offered_workshop_is_declined(app, client, waiting):
    offer_workshop(app, waiting)
    path = f"{waiting.path}/ateliers/{waiting.full.id}/refus"
    assert "Refuser cet atelier" in client.get(path).text
    client.post(path)
    assert places_of(app, waiting) == {waiting.other.id: "confirmed"}


def test_an_offered_workshop_after_its_deadline_says_so(app, client, waiting):
    offer_workshop(app, waiting, until=now() - timedelta(minutes=1))
    assert "Le délai est passé" in client.get(waiting.path).text
    answer = client.post(f"{waiting.path}/ateliers/{waiting.full.id}/place", follow_redirects=True)
    assert "Le délai pour accepter cette place est passé" in answer.text


def test_a_waiting_list_is_joined_and_left_on_the_page_of_workshops(app, client, waiting):
    path, kept = f"{waiting.path}/ateliers", {"creneau_1": str(waiting.other.id)}
    shown = Page(client.get(path)).values
    assert (shown["creneau_1"], shown[f"attente_{waiting.full.id}"]) == (kept["creneau_1"], "y")
    client.post(path, data=kept)
    assert places_of(app, waiting) == {waiting.other.id: "confirmed"}
    client.post(path, data={**kept, f"attente_{waiting.full.id}": "y"})
    assert places_of(app, waiting) == {waiting.other.id: "confirmed", waiting.full.id: "waiting"}


def test_somebody_waiting_for_the_meeting_wishes_for_any_workshop(app, client):
    with stored(app):
        meeting = make_meeting(capacity=0)
        full = make_session(meeting, capacity=0)
        person = make_registration(meeting, state="waiting")
        path = path_of(person)
    page = client.get(f"{path}/ateliers")
    assert "disabled" not in page.text
    client.post(f"{path}/ateliers", data={"creneau_1": str(full.id)})
    assert places_of(app, person) == {full.id: "wished"}
    assert full.title in client.get(path).text


# --- The public form ------------------------------------------------------------------------------


@pytest.fixture
def crowded(app, client):
    """A meeting with room, one of whose two parallel workshops is full."""
    with stored(app):
        meeting = make_meeting(capacity=10)
        meeting.full, meeting.free = make_session(meeting, capacity=1), make_session(meeting, capacity=5)
        make_registration(meeting, sessions=[meeting.full])
    return meeting


def register(client, meeting, step="confirmation", **answers):
    return client.post(f"/rencontres/{meeting.slug}/inscription/{step}", data={**DETAILS, **answers})


def test_a_full_workshop_has_a_waiting_list_in_the_form(app, client, crowded):
    awaited = f"attente_{crowded.full.id}"
    page = register(client, crowded, "ateliers")
    assert f'name="{awaited}"' in page.text
    check = register(client, crowded, "verification", creneau_1=str(crowded.free.id), **{awaited: "y"})
    assert "Liste d’attente" in check.text
    assert Page(check).values[awaited] == "y"
    sent = register(client, crowded, creneau_1=str(crowded.free.id), **{awaited: "y"})
    assert sent.status_code == 303
    with app.app_context():
        person = db.session.scalar(select(Registration).where(Registration.email == DETAILS["email"]))
    assert places_of(app, person) == {crowded.free.id: "confirmed", crowded.full.id: "waiting"}


def test_a_waiting_list_alone_answers_for_its_slot(client, crowded):
    check = register(client, crowded, "verification", **{f"attente_{crowded.full.id}": "y"})
    assert "Vérifiez vos réponses" in check.text
    assert register(client, crowded, **{f"attente_{crowded.full.id}": "y"}).status_code == 303


def test_no_waiting_list_is_offered_where_the_meeting_has_none(app, client, crowded):
    with stored(app):
        make_setup(crowded, has_waiting_list=False)
    assert "attente_" not in register(client, crowded, "ateliers").text
    refused = register(client, crowded, **{f"attente_{crowded.full.id}": "y"})
    assert refused.status_code == 422
    assert "n’a pas de liste d’attente" in refused.text


def test_places_that_others_wait_for_are_shown_as_taken(app, client, crowded):
    with stored(app):
        make_setup(crowded, offers_frozen_at=now())
        make_wait(make_registration(crowded), crowded.free)
    page = register(client, crowded, "ateliers")
    assert f'name="attente_{crowded.free.id}"' in page.text


def test_the_form_of_a_full_meeting_asks_for_wishes_whatever_the_workshops_hold(app, client, crowded):
    with stored(app):
        db.session.merge(crowded).capacity = 1
    page = register(client, crowded, "ateliers")
    assert "disabled" not in page.text
    check = register(client, crowded, "verification", creneau_1=str(crowded.full.id))
    assert "M’inscrire sur la liste d’attente" in check.text
    register(client, crowded, creneau_1=str(crowded.full.id))
    with app.app_context():
        person = db.session.scalar(select(Registration).where(Registration.email == DETAILS["email"]))
    assert person.state == "waiting"
    assert places_of(app, person) == {crowded.full.id: "wished"}
