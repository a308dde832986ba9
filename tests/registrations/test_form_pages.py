"""The public form, as a visitor walks through it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.tokens import make_token
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import DETAILS as ANSWERS
from tests.registrations.pages import Page


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting(capacity=10)
        meeting.morning = [make_session(meeting, hour=1, capacity=2, title=f"Matin {n}") for n in (1, 2)]
        meeting.afternoon = [make_session(meeting, hour=5, title="Après-midi")]
    return meeting


@pytest.fixture
def plain_meeting(app, client):
    with stored(app):
        return make_meeting()


def post(client, meeting, step, values):
    return client.post(f"/rencontres/{meeting.slug}/inscription{step}", data=values)


def choices(meeting):
    return {"creneau_1": str(meeting.morning[0].id), "creneau_2": "0"}


def registrations(app):
    with app.app_context():
        return db.session.scalars(select(Registration).order_by(Registration.id)).all()


def test_the_whole_way_from_the_first_page_to_the_reference(app, client, meeting):
    first = client.get(f"/rencontres/{meeting.slug}/inscription")
    assert "Étape 1 sur 3" in first.text
    second = post(client, meeting, "/ateliers", ANSWERS)
    assert second.status_code == 200
    assert "Étape 2 sur 3" in second.text
    third = post(client, meeting, "/verification", {**Page(second).values, **choices(meeting)})
    assert "Étape 3 sur 3" in third.text
    assert "Matin 1" in third.text
    done = client.post(
        f"/rencontres/{meeting.slug}/inscription/confirmation", data=Page(third).values, follow_redirects=True
    )
    (registration,) = registrations(app)
    assert done.status_code == 200
    assert registration.reference in done.text
    assert {name: getattr(registration, name) for name in ANSWERS if name != "accepts_listing"} == {
        name: value for name, value in ANSWERS.items() if name != "accepts_listing"
    }
    assert registration.accepts_listing


def test_every_page_carries_every_answer_back_and_forth(client, meeting):
    given = {**ANSWERS, **choices(meeting)}
    for step in ("/ateliers", "/verification", "", "/ateliers", "/verification"):
        page = Page(post(client, meeting, step, given))
        assert page.answers == {**ANSWERS, **choices(meeting)}, step
        given = page.values


def test_a_meeting_without_workshops_has_two_steps(client, plain_meeting):
    assert "Étape 1 sur 2" in client.get(f"/rencontres/{plain_meeting.slug}/inscription").text
    page = post(client, plain_meeting, "/verification", ANSWERS)
    assert "Étape 2 sur 2" in page.text
    assert "Vos ateliers" not in page.text


def test_wrong_details_come_back_with_their_errors_and_everything_typed(client, meeting):
    wrong = {**ANSWERS, "family_name": " ", "email": "zoe@", "phone": "à midi", **choices(meeting)}
    for step in ("/ateliers", "/verification", "/confirmation"):
        page = post(client, meeting, step, wrong)
        assert page.status_code == 422
        assert re.search(r"<main[^>]*>\s*<div class=\"error-summary\"", page.text)
        assert "<title>Erreur" in page.text
        for message in ("Saisissez votre nom.", "nom@exemple.fr", "06 12 34 56 78"):
            assert message in page.text
        kept = Page(page).answers
        assert {name: kept[name] for name in wrong if name != "family_name"} == {
            name: value for name, value in wrong.items() if name != "family_name"
        }


def test_each_slot_wants_a_choice(client, meeting):
    page = post(client, meeting, "/verification", {**ANSWERS, "creneau_1": str(meeting.morning[0].id)})
    assert page.status_code == 422
    assert 'href="#creneau_2-0"' in page.text
    assert "Je ne participe pas à ce créneau" in page.text
    assert Page(page).values["creneau_1"] == str(meeting.morning[0].id)


def test_a_full_workshop_is_said_in_words_and_cannot_be_chosen(app, client, meeting):
    with stored(app):
        for _time in range(2):
            make_registration(meeting, sessions=[meeting.morning[0]])
    page = Page(post(client, meeting, "/ateliers", ANSWERS))
    assert page.disabled == {str(meeting.morning[0].id)}
    assert "Complet" in page.text


def test_a_workshop_that_fills_meanwhile_is_named_and_the_rest_is_kept(app, client, meeting):
    given = {**ANSWERS, "creneau_1": str(meeting.morning[0].id), "creneau_2": str(meeting.afternoon[0].id)}
    checked = Page(post(client, meeting, "/verification", given)).values
    with stored(app):
        for _time in range(2):
            make_registration(meeting, sessions=[meeting.morning[0]])
    page = post(client, meeting, "/confirmation", checked)
    assert page.status_code == 422
    assert "L’atelier «\xa0Matin 1\xa0» est complet" in page.text
    kept = Page(page).answers
    assert "creneau_1" not in kept
    assert kept == {name: value for name, value in given.items() if name != "creneau_1"}
    assert len(registrations(app)) == 2


def test_a_meeting_that_fills_meanwhile_says_so_and_keeps_the_answers(app, client, plain_meeting):
    checked = Page(post(client, plain_meeting, "/verification", ANSWERS)).values
    with stored(app):
        db.session.merge(plain_meeting).capacity = 1
        make_setup(plain_meeting, has_waiting_list=False)
        make_registration(plain_meeting)
    page = post(client, plain_meeting, "/confirmation", checked)
    assert page.status_code == 422
    assert "Il n’y a plus de place" in page.text
    assert Page(page).answers == ANSWERS


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"capacity": 0}, "complète"),
        ({"registration_opens_at": now() + timedelta(days=2)}, "pas encore ouvertes"),
        ({"registration_closes_at": now() - timedelta(days=2)}, "sont closes"),
        ({"state": "cancelled", "cancellation_reason": "Grève des trains"}, "Grève des trains"),
        ({"state": "postponed"}, "reportée"),
        ({"state": "held"}, "a eu lieu"),
    ],
)
def test_the_page_says_why_nobody_can_register(app, client, values, said):
    with stored(app):
        meeting = make_meeting(**values)
        make_setup(meeting, has_waiting_list=False)
    shown = client.get(f"/rencontres/{meeting.slug}/inscription")
    assert shown.status_code == 200
    assert said in shown.text
    assert "family_name" not in shown.text
    for step in ("", "/ateliers", "/verification"):
        assert post(client, meeting, step, ANSWERS).status_code == 409
    assert post(client, meeting, "/confirmation", ANSWERS).status_code in (409, 422)
    assert registrations(app) == []


def test_a_draft_and_a_reserved_meeting_are_not_found(app, client):
    with stored(app):
        meetings = [make_meeting(state="draft"), make_meeting(visibility="invited")]
    for meeting in meetings:
        for path in ("inscription", "places.json", "inscription/rencontre.ics"):
            assert client.get(f"/rencontres/{meeting.slug}/{path}").status_code == 404
        assert post(client, meeting, "/confirmation", ANSWERS).status_code == 404


def test_an_invited_person_registers_for_a_reserved_meeting_and_no_other(app, client):
    with stored(app):
        meeting, other = make_meeting(visibility="invited"), make_meeting(visibility="invited")
        invitation = make_invitation(make_campaign(meeting))
        token = make_token("invited", meeting.id, invitation.id)
    first = client.get(f"/rencontres/{meeting.slug}/inscription?invitation={token}")
    assert Page(first).values["invitation"] == token
    assert client.get(f"/rencontres/{other.slug}/inscription?invitation={token}").status_code == 404
    done = post(client, meeting, "/confirmation", {**ANSWERS, "invitation": token})
    assert done.status_code == 303
    assert len(registrations(app)) == 1


def test_an_invitation_fills_the_form_in_beforehand(client, plain_meeting):
    page = post(client, plain_meeting, "", {"given_name": "Zoé", "email": "zoe@exemple.fr"})
    assert page.status_code == 200
    assert "error-summary" not in page.text
    assert Page(page).values["given_name"] == "Zoé"


def test_a_registered_address_gets_the_same_page_and_its_link_again(app, client, plain_meeting):
    pages = []
    for name in ("Zoé", "Autre"):
        checked = Page(post(client, plain_meeting, "/verification", {**ANSWERS, "given_name": name})).values
        answer = client.post(
            f"/rencontres/{plain_meeting.slug}/inscription/confirmation", data=checked, follow_redirects=True
        )
        (shown,) = set(re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", answer.text))
        pages.append((answer.status_code, answer.text.replace(shown, "…"), shown))
    assert pages[0][:2] == pages[1][:2]
    assert pages[0][2] != pages[1][2]  # the first one is nobody else's to know
    (registration,) = registrations(app)
    assert registration.given_name == "Zoé"
    with app.app_context():
        purposes = db.session.scalars(select(OutgoingMail.purpose).order_by(OutgoingMail.id)).all()
    assert purposes == ["confirmation", "personal_link"]


def test_pressing_the_button_twice_registers_once(app, client, plain_meeting):
    checked = Page(post(client, plain_meeting, "/verification", ANSWERS)).values
    assert [post(client, plain_meeting, "/confirmation", checked).status_code for _time in range(2)] == [
        303
    ] * 2
    with app.app_context():
        assert len(db.session.scalars(select(OutgoingMail.id)).all()) == 1


def test_a_colleague_registered_from_the_same_page_has_another_reference(app, client, plain_meeting):
    checked = Page(post(client, plain_meeting, "/verification", ANSWERS)).values
    for email in ("zoe@exemple.fr", "autre@exemple.fr"):
        assert post(client, plain_meeting, "/confirmation", {**checked, "email": email}).status_code == 303
    first, second = registrations(app)
    assert first.reference != second.reference


def test_an_error_page_queues_no_mail(app, client, meeting):
    post(client, meeting, "/confirmation", {**ANSWERS, "creneau_1": "999999"})
    post(client, meeting, "/confirmation", {**ANSWERS, "email": ""})
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail.id)).all() == []
    assert registrations(app) == []


@pytest.mark.parametrize("value", ["x", "-1", "1e3", "99999999999999999999", "²", ""])
def test_a_made_up_choice_is_no_accident(client, meeting, value):
    for step in ("/ateliers", "/verification", "/confirmation"):
        answer = post(client, meeting, step, {**ANSWERS, "creneau_1": value, "creneau_2": "0"})
        assert answer.status_code < 500


def test_nothing_personal_is_kept_in_the_cookie(client, plain_meeting):
    post(client, plain_meeting, "/confirmation", ANSWERS)
    with client.session_transaction() as session:
        assert set(session) <= {"csrf_token", "registration_reference"}


def test_places_left_are_told_to_the_page(app, client, meeting):
    with stored(app):
        make_registration(meeting, sessions=[meeting.morning[0]])
    told = client.get(f"/rencontres/{meeting.slug}/places.json").json
    assert told[str(meeting.morning[0].id)] == {"tone": "last", "text": "1 place restante", "full": False}
    assert told["meeting"]["text"] == "9 places restantes"


@pytest.mark.parametrize(("step", "most"), [("/ateliers", 5), ("/verification", 5), ("/confirmation", 11)])
def test_statements_do_not_grow_with_registrations(app, client, meeting, step, most):
    given = {**ANSWERS, "creneau_1": str(meeting.morning[1].id), "creneau_2": str(meeting.afternoon[0].id)}
    counts = []
    for round_number in range(2):
        with stored(app):
            make_registration(meeting, sessions=[meeting.afternoon[0]])
        with statements(app) as seen:
            post(client, meeting, step, {**given, "email": f"p{round_number}@exemple.fr"})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most, seen


class statements:  # noqa: N801 - read as a sentence
    """Collects the SQL of a block, transaction control aside."""

    def __init__(self, app):
        with app.app_context():
            self.engine = db.engine

    def __enter__(self):
        self.seen = []
        event.listen(self.engine, "before_cursor_execute", self.note)
        return self.seen

    def __exit__(self, *_error):
        event.remove(self.engine, "before_cursor_execute", self.note)

    def note(self, _connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            self.seen.append(statement)


def test_more_workshops_than_any_meeting_has_are_refused_before_anybody_waits(app, client, plain_meeting):
    asked = {f"attente_{number}": "y" for number in range(1, 70_000)}  # more than a statement may have values
    page = post(client, plain_meeting, "/confirmation", {**ANSWERS, **asked})
    assert page.status_code == 422
    assert registrations(app) == []
