"""An import registers people by the service of a registration by hand: nobody twice, never one place too many."""

import json
import threading

import pytest
from sqlalchemy import func, select

from eventsapp.accounts.models import Account
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.core.tables.reading import read_table
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.errors import RegistrationIsClosed
from eventsapp.registrations.imports import services
from eventsapp.registrations.imports.columns import destination_of, knows_at
from eventsapp.registrations.imports.errors import ColumnIsChosenTwice, ColumnsAreMissing, ImportHasBegun
from eventsapp.registrations.imports.review import review_rows
from eventsapp.registrations.models import Answer, Batch, BatchItem, Question, Registration, SessionPlace
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.queries import duplicates
from eventsapp.registrations.services import bulk, changing, registering
from eventsapp.worker.tasks import carry_out_batches
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.imports import HEADER, lines, make_import, people
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import make_question
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("context")


def draft_of(content, *, setup=None, sessions=(), **values):
    """The id of an import of a new meeting, and that of the meeting."""
    with unit_of_work():
        meeting = make_meeting(**values)
        make_setup(meeting, **(setup or {}))
        for title, capacity, *hour in sessions:
            make_session(meeting, title=title, capacity=capacity, hour=hour[0] if hour else 1)
        return make_import(meeting, content, by=make_account()).id


def load(batch_id):
    batch = db.session.get_one(Batch, batch_id)
    by = db.session.get_one(Account, batch.made_by_id)
    return batch, destination_of(load_offer(meeting_of(batch), at=now()), by=by)


def meeting_of(batch):
    return db.session.get_one(Meeting, batch.meeting_id)


def start(batch_id, *, is_told=True):
    with unit_of_work():
        batch, destination = load(batch_id)
        by = db.session.get_one(Account, batch.made_by_id)
        services.start_import(batch, destination, is_told=is_told, by=by, at=now())


def finish(batch_id, **how):
    start(batch_id, **how)
    carry_out_batches()


def forecast(batch_id):
    batch, destination = load(batch_id)
    sheet = read_table(batch.content, knows_at(destination))
    return review_rows(sheet.rows, batch.options, destination, at=now())


def found(batch_id):
    rows = db.session.execute(
        select(BatchItem.number, BatchItem.outcome)
        .where(BatchItem.batch_id == batch_id)
        .order_by(BatchItem.number)
    )
    return [tuple(row) for row in rows]


def states():
    rows = db.session.execute(select(Registration.state, func.count()).group_by(Registration.state))
    return dict(rows.all())


def count(entity):
    return db.session.scalar(select(func.count()).select_from(entity))


def test_nothing_is_written_before_the_confirmation():
    batch_id = draft_of(lines(*people(3)))
    assert forecast(batch_id).counts["registered"] == 3
    assert count(Registration) == count(BatchItem) == count(OutgoingMail) == 0


def test_people_are_registered_and_told_in_their_language():
    batch_id = draft_of(
        lines(
            ("D’ÉTÉ", "zoé", "Zoe@Exemple.fr", "+33 6 12 34 56 78", "en"),
            header=("Nom", "Prénom", "Courriel", "Téléphone", "Langue"),
        )
    )
    finish(batch_id)
    one = db.session.scalars(select(Registration)).one()
    assert (one.family_name, one.given_name, one.email, one.phone) == (
        "D’ÉTÉ",
        "zoé",
        "Zoe@Exemple.fr",
        "+33 6 12 34 56 78",
    )
    assert one.registered_by_id is not None
    assert one.consent_text_version == ""
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.recipient, mail.locale) == ("Zoe@Exemple.fr", "en")


def test_without_messages_nobody_is_told():
    finish(draft_of(lines(*people(3))), is_told=False)
    assert states() == {"confirmed": 3}
    assert count(OutgoingMail) == 0


def test_the_file_is_erased_once_its_lines_are_an_order():
    batch_id = draft_of(lines(*people(2)))
    finish(batch_id)
    batch = db.session.get_one(Batch, batch_id)
    assert (batch.state, batch.content) == ("done", None)
    items = db.session.scalars(select(BatchItem)).all()
    assert [item.cells for item in items] == [None, None]


@pytest.mark.parametrize("has_waiting_list", [True, False])
def test_a_full_meeting_is_told_in_advance_and_never_exceeded(has_waiting_list):
    batch_id = draft_of(lines(*people(40)), capacity=30, setup={"has_waiting_list": has_waiting_list})
    expected = forecast(batch_id).counts
    finish(batch_id)
    rest = "waiting" if has_waiting_list else "refused"
    assert (expected["registered"], expected[rest]) == (30, 10)
    assert states() == ({"confirmed": 30, "waiting": 10} if has_waiting_list else {"confirmed": 30})
    assert len(set(db.session.scalars(select(Registration.place_number)).all()) - {None}) == 30


def test_quotas_are_those_of_any_registration():
    quota = {"key": "elus", "label": "Élus", "group": "kind", "places": 3, "value": "elected"}
    rows = [(*person, "élu" if n % 2 else "agent") for n, person in enumerate(people(10))]
    batch_id = draft_of(lines(*rows, header=(*HEADER, "Type")), capacity=6, setup={"quotas": [quota]})
    expected = [line.outcome for line in forecast(batch_id).lines]
    finish(batch_id)
    by_address = dict(db.session.execute(select(Registration.email, Registration.state)).all())
    known = {"registered": "confirmed", "waiting": "waiting"}
    assert [by_address[row[2]] for row in rows] == [known[outcome] for outcome in expected]
    assert states()["confirmed"] == 6


def in_workshops(*titles, **how):
    """An import of as many people, each of whom asks for these workshops."""
    rows = [(*person, title) for person, title in zip(people(len(titles)), titles, strict=True)]
    return draft_of(lines(*rows, header=(*HEADER, "Ateliers")), **how)


def places():
    found = select(SessionPlace.state, SessionPlace.queue_rank).order_by(SessionPlace.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_a_full_workshop_is_waited_for_as_the_dry_run_told():
    batch_id = in_workshops(*["Habitat"] * 4, sessions=[("Habitat", 2)])
    assert [line.outcome for line in forecast(batch_id).lines] == ["registered"] * 2 + ["queued"] * 2
    assert forecast(batch_id).new == 4
    finish(batch_id)
    assert [outcome for _number, outcome in found(batch_id)] == ["done"] * 4
    assert states() == {"confirmed": 4}
    assert places() == [("confirmed", None), ("confirmed", None), ("waiting", 1), ("waiting", 2)]
    reasons = db.session.scalars(select(BatchItem.reason).order_by(BatchItem.number)).all()
    assert ["Habitat" in reason for reason in reasons] == [False, False, True, True]
    said = [
        compose(mail).body_text for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    ]
    assert ["liste d’attente" in text for text in said] == [False, False, True, True]


def test_whoever_waits_for_one_workshop_has_a_place_in_the_other():
    sessions = [("Habitat", 0), ("Eau", 5, 4)]
    batch_id = in_workshops("Habitat | Eau", sessions=sessions)
    assert [line.outcome for line in forecast(batch_id).lines] == ["queued"]
    finish(batch_id)
    assert sorted(places(), key=str) == [("confirmed", None), ("waiting", 1)]


def test_somebody_registered_already_joins_no_waiting_list():
    batch_id = in_workshops("Habitat", sessions=[("Habitat", 0)])
    with unit_of_work():
        make_registration(meeting_of(db.session.get_one(Batch, batch_id)), email=people(1)[0][2])
    finish(batch_id)
    assert found(batch_id) == [(2, "skipped")]
    assert places() == []


@pytest.mark.parametrize("has_waiting_list", [True, False])
def test_a_full_workshop_refuses_the_line_and_says_which(has_waiting_list):
    """When the organiser said so, or where nothing is waited for."""
    rows = [(*person, "Habitat") for person in people(3)]
    setup = {"has_waiting_list": has_waiting_list}
    batch_id = draft_of(lines(*rows, header=(*HEADER, "Ateliers")), sessions=[("Habitat", 2)], setup=setup)
    with unit_of_work():
        batch = db.session.get_one(Batch, batch_id)
        batch.options = services.with_waiting(batch, joins=not has_waiting_list)
    assert [line.outcome for line in forecast(batch_id).lines] == ["registered", "registered", "refused"]
    finish(batch_id)
    assert found(batch_id) == [(2, "done"), (3, "done"), (4, "refused")]
    assert count(SessionPlace) == 2
    assert count(Registration) == 2
    refused = db.session.scalars(select(BatchItem).where(BatchItem.outcome == "refused")).one()
    assert "Habitat" in refused.reason
    assert refused.cells == list(rows[2])


def test_an_address_already_registered_is_left_as_it_is():
    batch_id = draft_of(lines(("Autre", "Nom", "P0@Exemple.fr"), *people(2)[1:], ("X", "Y", "p1@exemple.fr")))
    with unit_of_work():
        meeting = meeting_of(db.session.get_one(Batch, batch_id))
        known = make_registration(meeting, email="p0@exemple.fr", family_name="Gardé")
        known_id = known.id
    review = forecast(batch_id)
    assert [line.outcome for line in review.lines] == ["skipped", "registered", "repeated"]
    assert review.lines[0].registration_id == known_id
    assert "ligne 3" in str(review.lines[2].reason).replace("\N{NO-BREAK SPACE}", " ")
    finish(batch_id)
    assert found(batch_id) == [(2, "skipped"), (3, "done"), (4, "skipped")]
    assert db.session.get_one(Registration, known_id).family_name == "Gardé"
    assert count(OutgoingMail) == 1


def test_somebody_who_cancelled_may_be_imported_again():
    batch_id = draft_of(lines(*people(1)))
    with unit_of_work():
        make_registration(
            meeting_of(db.session.get_one(Batch, batch_id)), email="p0@exemple.fr", state="cancelled"
        )
    assert forecast(batch_id).counts["registered"] == 1
    finish(batch_id)
    assert states() == {"cancelled": 1, "confirmed": 1}


def test_likely_duplicates_are_shown_with_whom_they_look_like():
    batch_id = draft_of(
        lines(
            ("Martin", "Camille", "camille.martin@exemple.fr"),
            ("Durand", "Alix", "alix@exemple.fr"),
            ("Durand", "Alix", "a.durand@exemple.fr"),
            ("Seul", "Tout", "seul@exemple.fr"),
        )
    )
    with unit_of_work():
        meeting = meeting_of(db.session.get_one(Batch, batch_id))
        alike = make_registration(
            meeting, given_name="Camille", family_name="MARTIN", email="cmartin@ailleurs.fr"
        )
        alike_id = alike.id
    review = forecast(batch_id)
    first, second, third, last = review.lines
    assert (first.outcome, first.registration_id) == ("registered", alike_id)
    assert (second.like_line, third.like_line) == (4, 3)
    assert not last.likeness
    assert review.counts["likely"] == 3


def test_answers_and_workshops_are_written_with_the_registration():
    with unit_of_work():
        meeting = make_meeting()
        make_session(meeting, title="Habitat")
        question = make_question(meeting, label="Trajet")
        content = lines((*people(1)[0], "Habitat", "En train"), header=(*HEADER, "Ateliers", "Trajet"))
        batch_id = make_import(meeting, content, by=make_account()).id
        question_id = question.id
    finish(batch_id)
    answer = db.session.scalars(select(Answer)).one()
    assert (answer.question_id, answer.value) == (question_id, "En train")
    assert count(SessionPlace) == 1


def test_a_crash_half_way_resumes_without_doubles(monkeypatch):
    batch_id = draft_of(lines(*people(60)))
    register, seen = registering.register_by_hand, []

    def crash_at_the_fortieth(**values):
        seen.append(1)
        if len(seen) == 40:
            raise KeyboardInterrupt
        return register(**values)

    monkeypatch.setattr(registering, "register_by_hand", crash_at_the_fortieth)
    start(batch_id)
    with pytest.raises(KeyboardInterrupt):
        carry_out_batches()
    db.session.rollback()
    assert count(Registration) == bulk.AT_ONCE
    monkeypatch.undo()
    carry_out_batches()
    carry_out_batches()
    assert count(Registration) == 60
    assert count(OutgoingMail) == 60
    assert {outcome for _number, outcome in found(batch_id)} == {"done"}


def test_a_line_that_breaks_is_told_and_stops_nothing(monkeypatch):
    batch_id = draft_of(lines(*people(3)))
    register = registering.register_by_hand

    def break_one(*, details, **values):
        if details.email == "p1@exemple.fr":
            raise ZeroDivisionError
        return register(details=details, **values)

    monkeypatch.setattr(registering, "register_by_hand", break_one)
    finish(batch_id)
    assert [outcome for _number, outcome in found(batch_id)] == ["done", "refused", "done"]


def test_begun_twice_it_is_begun_once():
    batch_id = draft_of(lines(*people(30)))
    start(batch_id)
    start(batch_id)
    carry_out_batches()
    assert count(Registration) == 30
    assert count(BatchItem) == 30


def test_the_first_who_registers_has_the_last_place_whatever_the_forecast_said():
    batch_id = draft_of(lines(*people(1)), capacity=1)
    assert forecast(batch_id).lines[0].outcome == "registered"
    with unit_of_work():
        meeting = meeting_of(db.session.get_one(Batch, batch_id))
        register_person(meeting=meeting, details=make_details(email="vite@exemple.fr"), at=now())
    finish(batch_id)
    assert states() == {"confirmed": 1, "waiting": 1}


def test_an_import_and_people_who_register_meanwhile_never_share_a_place(app):
    batch_id = draft_of(lines(*people(50)), capacity=60)
    with unit_of_work():
        meeting_id = db.session.get_one(Batch, batch_id).meeting_id
    start(batch_id)
    refused = []

    def register_some(of):
        with app.app_context():
            for number in range(15):
                try:
                    with unit_of_work():
                        register_person(
                            meeting=db.session.get_one(Meeting, meeting_id),
                            details=make_details(email=f"autre{of}-{number}@exemple.fr"),
                            at=now(),
                        )
                except DomainError as refusal:
                    refused.append(refusal)

    threads = [threading.Thread(target=register_some, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    carry_out_batches()
    for thread in threads:
        thread.join()
    assert refused == []
    assert states() == {"confirmed": 60, "waiting": 20}
    numbers = [n for n in db.session.scalars(select(Registration.place_number)) if n is not None]
    assert sorted(numbers) == list(range(1, 61))


def test_columns_are_corrected_and_checked():
    batch_id = draft_of(lines(("a", "b", "c@d.fr"), header=("Un", "Deux", "Trois")))
    with pytest.raises(ColumnsAreMissing) as refusal:
        start(batch_id)
    assert "Adresse électronique" in str(refusal.value.message)
    with unit_of_work():
        batch, destination = load(batch_id)
        with pytest.raises(ColumnIsChosenTwice):
            services.with_columns(batch, destination, ["family_name", "email", "email"])
        with pytest.raises(ColumnsAreMissing):
            services.with_columns(batch, destination, ["family_name", "zzz", "email"])
        chosen = ["family_name", "given_name", "email", "phone"]
        batch.options = services.with_columns(batch, destination, chosen)
        assert batch.options["columns"] == ["family_name", "given_name", "email"]
    finish(batch_id)
    assert states() == {"confirmed": 1}


def keep(batch_id, **changes):
    """Examine the file with these options, and keep what it would do."""
    batch, destination = load(batch_id)
    options = {**batch.options, **changes}
    services.keep_review(batch, options, services.examine(batch, options, destination, at=now()))


def kept(batch_id):
    batch, destination = load(batch_id)
    return services.kept_review(batch, batch.options, destination)


def test_what_was_examined_is_kept_whole():
    batch_id = in_workshops(*["Habitat"] * 2, "Rien", sessions=[("Habitat", 1)])
    assert kept(batch_id) is None
    with unit_of_work():
        keep(batch_id)
    examined, again = forecast(batch_id), kept(batch_id)
    assert [vars(line) for line in again.lines] == json.loads(
        json.dumps([vars(one) for one in examined.lines])
    )
    assert [line.outcome for line in again.lines] == ["registered", "queued", "refused"]
    assert dict(again.counts) == dict(examined.counts)
    assert again.at.tzinfo is not None


@pytest.mark.parametrize("changed", ["columns", "waiting", "workshop", "question"])
def test_what_was_examined_no_longer_counts_once_lines_are_read_otherwise(changed):
    batch_id = in_workshops("Habitat", sessions=[("Habitat", 1)])
    with unit_of_work():
        keep(batch_id)
    with unit_of_work():
        batch, _destination = load(batch_id)
        match changed:
            case "columns":
                batch.options = {**batch.options, "columns": [*batch.options["columns"][:-1], ""]}
            case "waiting":
                batch.options = services.with_waiting(batch, joins=False)
            case "workshop":
                meeting_of(batch).sessions[0].title = "Logement"
            case "question":
                make_question(meeting_of(batch))
    assert kept(batch_id) is None


def test_what_was_examined_still_counts_when_somebody_registers_meanwhile():
    """The places are counted again by the import."""
    batch_id = draft_of(lines(*people(1)), capacity=1)
    with unit_of_work():
        keep(batch_id)
    with unit_of_work():
        make_registration(meeting_of(db.session.get_one(Batch, batch_id)))
    assert kept(batch_id).counts["registered"] == 1
    finish(batch_id)
    assert states() == {"confirmed": 1, "waiting": 1}


def test_an_import_that_has_begun_keeps_no_review():
    batch_id = draft_of(lines(*people(1)))
    with unit_of_work():
        keep(batch_id)
    finish(batch_id)
    batch, _destination = load(batch_id)
    assert batch.review is None
    with unit_of_work(), pytest.raises(ImportHasBegun):
        keep(batch_id)


def test_a_question_removed_since_refuses_every_line_and_stops_nothing_else():
    with unit_of_work():
        meeting = make_meeting()
        question = make_question(meeting, label="Trajet")
        content = lines(*((*person, "x") for person in people(40)), header=(*HEADER, "Trajet"))
        batch_id = make_import(meeting, content, by=make_account()).id
        question_id = question.id
    start(batch_id)
    with unit_of_work():
        db.session.get_one(Question, question_id).retired_at = now()
    carry_out_batches()
    assert count(Registration) == bulk.AT_ONCE
    assert db.session.get_one(Batch, batch_id).state == "done"
    assert [outcome for _n, outcome in found(batch_id)].count("refused") == 15


def test_nobody_is_added_to_a_draft_or_cancelled_meeting():
    for state in ("draft", "cancelled"):
        with pytest.raises(RegistrationIsClosed):
            draft_of(lines(*people(1)), state=state)


def test_a_draft_is_discarded_or_erased_after_a_day():
    first, second = draft_of(lines(*people(1))), draft_of(lines(*people(1)))
    with unit_of_work():
        services.discard_draft(db.session.get_one(Batch, first))
        bulk.erase_old_batches(at=now())
        assert count(Batch) == 1
        bulk.erase_old_batches(at=now() + services.DRAFT_KEPT)
        assert count(Batch) == 0
    third = draft_of(lines(*people(1)))
    start(third)
    with pytest.raises(ImportHasBegun), unit_of_work():
        services.discard_draft(db.session.get_one(Batch, third))
    assert second


def test_the_forecast_takes_as_many_statements_whatever_the_lines(app):
    counts = []
    for number in (5, 200):
        batch_id = draft_of(lines(*people(number)))
        with unit_of_work():
            meeting = meeting_of(db.session.get_one(Batch, batch_id))
            for _time in range(number):
                make_registration(meeting)
        db.session.remove()
        batch, destination = load(batch_id)
        rows = read_table(batch.content, knows_at(destination)).rows
        with count_statements(app) as statements:
            review_rows(rows, batch.options, destination, at=now())
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_people_removed_from_the_meeting_before_the_end_stay_removed():
    batch_id = draft_of(lines(*people(2)))
    finish(batch_id)
    with unit_of_work():
        one = db.session.scalars(select(Registration).order_by(Registration.id)).first()
        changing.cancel_registration(registration=one, at=now())
    carry_out_batches()
    assert states() == {"cancelled": 1, "confirmed": 1}


def test_at_a_large_meeting_an_address_and_a_name_are_still_recognised(monkeypatch):
    batch_id = draft_of(
        lines(("A", "B", "p0@exemple.fr"), ("Martin", "Camille", "cm@exemple.fr"), *people(9)[8:])
    )
    with unit_of_work():
        meeting = meeting_of(db.session.get_one(Batch, batch_id))
        for number in range(5):
            make_registration(meeting, email=f"p{number}@exemple.fr")
        make_registration(meeting, given_name="Camille", family_name="Martin", email="autre@exemple.fr")
    monkeypatch.setattr(duplicates, "MOST_READ", 3)
    first, second, third = forecast(batch_id).lines
    assert first.outcome == "skipped"
    assert second.likeness
    assert (third.outcome, third.likeness) == ("registered", "")
