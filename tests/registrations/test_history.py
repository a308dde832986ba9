"""The history of a registration, and what the office notes for itself."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.models import Registration, RegistrationEvent
from eventsapp.registrations.services import notes
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53")
        meeting.workshop = make_session(meeting, title="Mobilités")
        meeting.account = make_account(role="secretary", territory_code="53", name="Camille")
        meeting.person = make_registration(meeting, registered_at=in_days(-3))
    sign_in(client, meeting.account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/{meeting.person.id}"
    return meeting


def noted(app):
    with app.app_context():
        return db.session.scalars(select(RegistrationEvent).where(RegistrationEvent.kind == "note")).all()


def test_everything_that_happened_is_told_the_latest_first(app, client, office):
    client.post(f"{office.path}/confirmation")
    client.post(
        f"{office.path}/fiche",
        data={"given_name": "Zoé", "family_name": "Élue", "email": office.person.email, "participant_kind": "elected", "creneau_1": office.workshop.id},
    )  # fmt: skip
    client.post(f"{office.path}/notes", data={"text": "Rappeler\nmardi"})
    client.post(f"{office.path}/annulation")
    page = client.get(office.path).text
    story = page[page.index('class="timeline"') :]
    told = [
        "Inscription annulée",
        "Note interne",
        "Ateliers modifiés",
        "Confirmation renvoyée",
        "Inscription reçue",
    ]
    assert sorted(told, key=story.index) == told
    assert story.count("Camille") == 4
    assert "Rappeler\nmardi" in story
    assert story.count("Message") == 3
    assert "En attente" in story


def test_messages_to_others_and_about_other_meetings_are_left_out(app, client, office):
    with stored(app):
        elsewhere = make_meeting(region_code="53", title="Rencontre d’ailleurs")
        same_person = make_registration(elsewhere, email=office.person.email)
        neighbour = make_registration(office)
    for one in (same_person, neighbour):
        client.post(f"/gestion/rencontres/{one.meeting_id}/inscriptions/{one.id}/confirmation")
    assert "Message :" not in client.get(office.path).text


def test_a_registration_by_hand_says_by_whom(app, client, office):
    with stored(app):
        one = make_registration(office, registered_by_id=office.account.id)
    page = client.get(f"/gestion/rencontres/{office.id}/inscriptions/{one.id}").text
    assert "Camille" in page[page.index("Inscription reçue") :]


def test_a_note_is_for_the_office_and_nobody_is_told(app, client, office):
    assert client.post(f"{office.path}/notes", data={"text": "<b>À placer</b> devant"}).status_code == 303
    page = client.get(office.path).text
    assert "&lt;b&gt;À placer&lt;/b&gt; devant" in page
    assert "Message :" not in page


def test_an_empty_note_is_refused(app, client, office):
    answer = client.post(f"{office.path}/notes", data={"text": "  "})
    assert answer.status_code == 422
    assert "Écrivez la note" in answer.text
    assert noted(app) == []


def test_only_whoever_wrote_a_note_deletes_it(app, client, office):
    with stored(app):
        colleague = make_account(name="Dominique")
        person = db.session.get(Registration, office.person.id)
        notes.add_note(registration=person, text="De Dominique", by=colleague, at=now())
    client.post(f"{office.path}/notes", data={"text": "De Camille"})
    page = client.get(office.path).text
    assert page.count("Supprimer la note") == 1
    mine, other = sorted(noted(app), key=lambda one: one.by_id)
    assert client.post(f"{office.path}/notes/{other.id}/suppression").status_code == 409
    assert client.post(f"{office.path}/notes/{mine.id}/suppression").status_code == 303
    assert [one.text for one in noted(app)] == ["De Dominique"]


def test_notes_of_another_registration_or_region_are_not_found(app, client, office):
    client.post(f"{office.path}/notes", data={"text": "Ici"})
    (note,) = noted(app)
    with stored(app):
        neighbour = make_registration(office)
        elsewhere = make_registration(make_meeting(region_code="32"))
        event = store(RegistrationEvent(registration_id=office.person.id, kind="changed", happened_at=now()))
    beside = f"/gestion/rencontres/{office.id}/inscriptions/{neighbour.id}"
    there = f"/gestion/rencontres/{elsewhere.meeting_id}/inscriptions/{elsewhere.id}"
    assert client.post(f"{beside}/notes/{note.id}/suppression").status_code == 404
    assert client.post(f"{office.path}/notes/{event.id}/suppression").status_code == 404
    assert client.post(f"{there}/notes", data={"text": "Là"}).status_code == 404


def test_the_page_costs_the_same_however_long_the_history(app, client, office):
    counts = []
    for number in (1, 30):
        for _time in range(number):
            client.post(f"{office.path}/notes", data={"text": "Encore"})
        client.get(office.path)
        with count_statements(app) as statements:
            client.get(office.path)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16
