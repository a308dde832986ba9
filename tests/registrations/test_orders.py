"""Orders about many registrations: confirmed first, carried out a few at a time, told precisely."""

import re

import pytest
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.filters import Filters
from eventsapp.registrations.models import Batch, BatchItem, Registration, SessionPlace
from eventsapp.registrations.queries.batches import Selection, get_batch, progress_of
from eventsapp.registrations.services import bulk, changing
from eventsapp.worker.tasks import carry_out_batches
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53")
        meeting.first = make_session(meeting, title="Mobilités", hour=1)
        meeting.second = make_session(meeting, title="Habitat", hour=1, capacity=1)
        meeting.later = make_session(meeting, title="Alimentation", hour=5)
        meeting.account = make_account(role="secretary", territory_code="53")
    sign_in(client, meeting.account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions"
    return meeting


def add(app, meeting, number=1, **values):
    with stored(app):
        return [make_registration(meeting, **values) for _time in range(number)]


def states(app):
    with app.app_context():
        rows = db.session.execute(select(Registration.state, func.count()).group_by(Registration.state))
        return dict(rows.all())


def give(client, office, action, **values):
    return client.post(f"{office.path}/lots", data={"action": action, **values})


def test_the_page_says_how_many_and_what_before_anything_is_done(app, client, office):
    people = add(app, office, 3)
    gone = add(app, office, state="cancelled")
    page = client.get(
        f"{office.path}/lot", query_string={"action": "cancellation", "id": [x.id for x in people + gone]}
    )
    assert "3 inscriptions sont concernées" in page.text
    assert "annulée (1)" in page.text
    assert states(app) == {"confirmed": 3, "cancelled": 1}


def test_those_ticked_are_cancelled_and_told(app, client, office):
    people = add(app, office, 3, sessions=[office.first])
    answer = give(client, office, "cancellation", id=[people[0].id, people[1].id])
    page = client.get(answer.location)
    assert "2 inscriptions traitées sur 2" in page.text
    assert "Refresh" not in page.headers
    assert states(app) == {"cancelled": 2, "confirmed": 1}
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail)).all()
        assert {mail.recipient for mail in mails} == {people[0].email, people[1].email}
        assert db.session.scalar(select(func.count()).select_from(SessionPlace)) == 1


def test_all_that_the_filter_keeps_are_cancelled_whatever_the_page_shows(app, client, office):
    add(app, office, 60, participant_kind="elected")
    add(app, office, 2, participant_kind="officer")
    page = client.get(f"{office.path}/lot?action=cancellation&portee=tout&type=elected")
    assert "60 inscriptions sont concernées" in page.text
    answer = give(client, office, "cancellation", query="type=elected")
    page = client.get(answer.location)
    assert "25 sur 60" in page.text
    assert page.headers["Refresh"]
    with app.app_context():
        carry_out_batches()
    assert "60 inscriptions traitées sur 60" in client.get(answer.location).text
    assert states(app) == {"cancelled": 60, "confirmed": 2}


def test_a_turn_cut_short_is_begun_again_and_nothing_is_done_twice(app, client, office, monkeypatch):
    add(app, office, 30)
    answer = give(client, office, "cancellation", query="")
    cancel, seen = changing.cancel_registration, []

    def crash_at_the_third(**values):
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return cancel(**values)

    monkeypatch.setattr(changing, "cancel_registration", crash_at_the_third)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        carry_out_batches()
    monkeypatch.undo()
    assert states(app) == {"cancelled": 25, "confirmed": 5}
    with app.app_context():
        carry_out_batches()
        carry_out_batches()
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 30
    assert "30 inscriptions traitées sur 30" in client.get(answer.location).text


def test_one_that_breaks_is_told_and_stops_nothing(app, client, office, monkeypatch):
    people = add(app, office, 3)
    cancel = changing.cancel_registration

    def break_one(*, registration, **values):
        if registration.id == people[1].id:
            raise ZeroDivisionError
        return cancel(registration=registration, **values)

    monkeypatch.setattr(changing, "cancel_registration", break_one)
    page = client.get(give(client, office, "cancellation", query="").location)
    assert "2 inscriptions traitées sur 3" in page.text
    assert people[1].full_name in page.text
    assert "Une erreur s’est produite" in page.text


def test_forged_numbers_of_another_meeting_change_nothing(app, client, office):
    with stored(app):
        elsewhere = make_registration(make_meeting(region_code="32"))
    (here,) = add(app, office)
    give(client, office, "cancellation", id=[elsewhere.id, here.id, "x", "99999999999", "-1"])
    assert states(app) == {"cancelled": 1, "confirmed": 1}
    refused = give(client, office, "cancellation", id=[elsewhere.id])
    assert refused.status_code == 422
    with app.app_context():
        assert db.session.get(Registration, elsewhere.id).state == "confirmed"
        assert db.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_the_list_leads_back_to_the_last_orders_of_its_meeting(app, client, office):
    (one,) = add(app, office)
    assert "Derniers traitements" not in client.get(office.path).text
    pages = [
        give(client, office, "message", id=[one.id], subject="Salle", message="B").location for _n in range(6)
    ]
    listed = client.get(office.path).text
    assert [page in listed for page in pages] == [False, True, True, True, True, True]
    with stored(app):
        other = make_meeting(region_code="53")
    assert "Derniers traitements" not in client.get(f"/gestion/rencontres/{other.id}/inscriptions").text


def test_another_region_s_orders_are_not_found(app, client, office):
    with stored(app):
        other = make_meeting(region_code="32")
        make_registration(other)
        by = make_account()
        batch = bulk.give_order(
            selection=Selection(other.id, filters=Filters()), kind="cancellation", by=by, at=now()
        )
    there = f"/gestion/rencontres/{other.id}/inscriptions"
    for path in ("/lot?action=message&portee=tout", f"/lots/{batch.id}"):
        assert client.get(there + path).status_code == 404
    assert client.post(f"{there}/lots", data={"action": "cancellation", "query": ""}).status_code == 404
    assert client.post(f"{there}/lots/{batch.id}/arret").status_code == 404
    assert client.get(f"{office.path}/lots/{batch.id}").status_code == 404


def test_people_are_placed_in_a_workshop_instead_of_the_one_at_the_same_time(app, client, office):
    (mover,) = add(app, office, sessions=[office.first, office.later], family_name="Zèle")
    (keeper,) = add(app, office, sessions=[office.first], family_name="Avant")
    page = client.get(f"{office.path}/lot?action=move&id={mover.id}")
    assert "Habitat : 1 place restante" in page.text
    answer = give(client, office, "move", id=[mover.id, keeper.id], session_id=office.second.id)
    page = client.get(answer.location)
    assert "Une inscription traitée sur 2" in page.text
    assert "est complet. Choisissez-en un autre." in page.text
    with app.app_context():
        held = db.session.execute(select(SessionPlace.registration_id, SessionPlace.session_id)).all()
    assert sorted(held) == sorted(
        [(mover.id, office.second.id), (mover.id, office.later.id), (keeper.id, office.first.id)]
    )


def test_a_workshop_of_another_meeting_is_refused(app, client, office):
    (one,) = add(app, office)
    with stored(app):
        elsewhere = make_session(make_meeting())
    answer = give(client, office, "move", id=one.id, session_id=elsewhere.id)
    assert answer.status_code == 422


def test_a_message_is_seen_before_it_leaves_and_leaves_once(app, client, office):
    people = add(app, office, 2)
    add(app, office, state="cancelled")
    written = {"subject": "Salle changée", "message": "Rendez-vous en **salle B**.", "query": ""}
    page = give(client, office, "message", preview="1", **written)
    assert "Rendez-vous en salle B." in page.text
    assert "votre-lien-personnel" in page.text
    assert "Salle changée" in page.text
    assert "2 inscriptions sont concernées" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    give(client, office, "message", **written)
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail)).all()
        assert {mail.recipient for mail in mails} == {one.email for one in people}
        assert {mail.subject for mail in mails} == {"Salle changée"}


def test_a_page_sent_twice_writes_once(app, client, office):
    (person,) = add(app, office)
    message = {"subject": "Salle changée", "message": "Rendez-vous en salle B."}
    seen = give(client, office, "message", id=person.id, preview="1", **message)
    form = re.search(r'name="form" value="([^"]+)"', seen.text)[1]
    twice = [give(client, office, "message", id=person.id, form=form, **message) for _time in range(2)]
    assert twice[0].location == twice[1].location
    give(client, office, "message", id=person.id, **message)  # another page: said again on purpose
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_those_cancelled_are_written_to_when_asked_for_by_name(app, client, office):
    (gone,) = add(app, office, state="cancelled")
    give(client, office, "message", subject="A", message="B", query="etat=cancelled")
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).one().recipient == gone.email


def test_a_message_without_text_is_refused_and_keeps_what_was_typed(app, client, office):
    add(app, office)
    page = give(client, office, "message", subject="Objet gardé", message=" ", query="")
    assert page.status_code == 422
    assert "Écrivez le message" in page.text
    assert "Objet gardé" in page.text


def test_places_are_offered_to_those_chosen_in_the_waiting_list(app, client, office):
    with stored(app):
        db.session.merge(office).capacity = 2
    add(app, office)
    waiting = [add(app, office, state="waiting", family_name=name)[0] for name in ("Zèle", "Avant")]
    page = client.get(give(client, office, "offer", query="etat=waiting").location)
    assert "Une inscription traitée sur 2" in page.text
    assert "plus de place" in page.text
    with app.app_context():  # the first in line, whatever their names
        assert db.session.get(Registration, waiting[0].id).state == "offered"


def test_registrations_to_validate_are_approved_or_refused_together(app, client, office):
    with stored(app):
        db.session.merge(office).capacity = 2
    pending = add(app, office, 4, state="pending", place_number=None)
    page = client.get(give(client, office, "approval", id=[one.id for one in pending[:3]]).location)
    assert "3 inscriptions traitées sur 3" in page.text
    assert states(app) == {"confirmed": 2, "waiting": 1, "pending": 1}
    asked = client.get(f"{office.path}/lot?action=refusal&portee=tout")
    assert "Une inscription est concernée" in asked.text
    give(client, office, "refusal", query="", reason="Réservé aux communes.")
    assert states(app) == {"confirmed": 2, "waiting": 1, "refused": 1}


def test_an_order_is_stopped_and_what_was_done_stays(app, client, office):
    add(app, office, 40)
    here = give(client, office, "cancellation", query="").location
    assert client.post(f"{here}/arret").status_code == 303
    with app.app_context():
        carry_out_batches()
    assert states(app) == {"cancelled": 25, "confirmed": 15}
    page = client.get(here)
    assert "Arrêté" in page.text
    assert "25 inscriptions traitées sur 40" in page.text
    assert client.post(f"{here}/arret").status_code == 409


def test_nothing_ticked_or_nothing_to_do_leads_back_to_the_list(client, office):
    for query in ("action=cancellation", "action=&id=1", "action=zzz&id=1", "id=zzz&action=message"):
        page = client.get(f"{office.path}/lot?{query}", follow_redirects=True)
        assert "Cochez au moins une inscription" in page.text
    assert give(client, office, "zzz", query="").status_code == 303


def test_those_ticked_open_in_a_spreadsheet(app, client, office):
    people = add(app, office, 3)
    answer = client.get(
        f"{office.path}/lot",
        query_string={"action": "csv", "id": [people[0].id, people[2].id]},
        follow_redirects=True,
    )
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert people[1].family_name not in answer.text


def test_a_turn_takes_as_many_statements_whatever_the_size_of_the_order(app, context):
    counts = []
    for number in (60, 600):
        with unit_of_work():
            meeting, by = make_meeting(), make_account()
            for _time in range(number):
                make_registration(meeting)
        with unit_of_work():
            batch_id = bulk.give_order(
                selection=Selection(meeting.id, filters=Filters()), kind="cancellation", by=by, at=now()
            ).id
        with count_statements(app) as statements, unit_of_work():
            bulk.continue_batch(batch_id=batch_id, at=now())
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_old_orders_are_erased_with_their_reasons(app, context):
    with unit_of_work():
        meeting, by = make_meeting(), make_account()
        make_registration(meeting)
        batch = bulk.give_order(
            selection=Selection(meeting.id, filters=Filters()), kind="cancellation", by=by, at=now()
        )
        assert progress_of(get_batch(meeting.id, batch.id)).done == 1
    with unit_of_work():
        bulk.erase_old_batches(at=now())
        assert db.session.scalar(select(func.count()).select_from(BatchItem)) == 1
        bulk.erase_old_batches(at=now() + bulk.KEPT)
    assert db.session.scalar(select(func.count()).select_from(BatchItem)) == 0
