"""Answers are written with the registration, changed later, and erased in their time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.files import FileIsDisguised, FileIsNotAccepted
from eventsapp.registrations.errors import ChangeIsTooLate, RegistrationIsCancelled
from eventsapp.registrations.models import Answer, AnswerFile, RegistrationEvent, RegistrationSetup
from eventsapp.registrations.questions import errors, queries
from eventsapp.registrations.questions.answers import GivenAnswers, for_a_file, in_words
from eventsapp.registrations.questions.columns import question_columns
from eventsapp.registrations.questions.queries import LEAST_COUNTED as LEAST
from eventsapp.registrations.questions.services import answering, editing, files
from eventsapp.registrations.questions.services.retention import erase_old_answers
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import in_days, make_meeting
from tests.factories.questions import make_answer, make_question
from tests.factories.registering import register_or_remind, register_person
from tests.factories.registrations import make_registration
from tests.statements import count_statements

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def meeting(context):
    with unit_of_work():
        yield make_meeting()


def given(meeting, values, files=None):
    version = db.session.get(RegistrationSetup, meeting.id).form_version
    return GivenAnswers(version, values, files or {})


def answers(registration):
    return {question.label: value for question, value in queries.answers_of(registration.id)}


def receive(question, **values):
    known = {"question_id": question.id, "filename": "devis.pdf", "content": PDF, "at": now()}
    known |= {"sender_key": "a connection", "room": 1000 * LEAST}
    return files.receive_file(**{**known, **values})


def register(meeting, values, files=None, **how):
    return register_person(
        meeting=meeting, details=make_details(), at=now(), answers=given(meeting, values, files), **how
    )


# --- Registering -----------------------------------------------------------------------------------


def test_a_registration_is_written_with_its_answers(meeting):
    diet, train = make_question(meeting, label="Menu"), make_question(meeting, kind="yes_no", label="Train")
    registration = register(meeting, {diet.id: "Végétarien", train.id: False})
    assert answers(registration) == {"Menu": "Végétarien", "Train": False}


def test_answers_to_a_form_that_changed_meanwhile_are_refused(meeting):
    question = make_question(meeting)
    old = given(meeting, {question.id: "oui"})
    make_question(meeting)
    with pytest.raises(errors.FormHasChanged):
        register_person(meeting=meeting, details=make_details(), at=now(), answers=old)
    with pytest.raises(errors.FormHasChanged):
        register_person(meeting=meeting, details=make_details(), at=now(), answers=GivenAnswers())


def test_a_form_that_changed_tells_nobody_who_is_registered(meeting):
    question = make_question(meeting)
    details = make_details()
    register_person(meeting=meeting, details=details, at=now(), answers=given(meeting, {question.id: "x"}))
    for one in (details, make_details()):
        with pytest.raises(errors.FormHasChanged):
            register_or_remind(meeting=meeting, details=one, at=now(), answers=GivenAnswers(9))


def test_an_organiser_registers_somebody_without_answers(meeting):
    make_question(meeting, is_required=True)
    registration = register_person(meeting=meeting, details=make_details(), at=now())
    assert answers(registration) == {}


def test_questions_cost_one_statement_and_none_when_there_are_none(app, meeting):
    plain = make_meeting()
    asked = [make_question(meeting) for _n in range(3)]
    db.session.flush()
    counts = []
    for one, values in ((plain, {}), (meeting, {}), (meeting, {x.id: "a" for x in asked})):
        how = GivenAnswers() if one is plain else given(one, values)
        db.session.expunge_all()
        with count_statements(app) as seen:
            register_person(meeting=one, details=make_details(), at=now(), answers=how)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] - 1


# --- Files -----------------------------------------------------------------------------------------


def test_a_file_belongs_to_the_registration_once_it_is_made(meeting):
    question = make_question(meeting, kind="file", label="Devis")
    file = receive(question)
    registration = register(
        meeting, {question.id: {"id": file.id, "name": "devis.pdf"}}, {question.id: file.id}
    )
    assert queries.get_file(registration.id, file.id).content == PDF
    assert queries.waiting_file(file.id, question.id) is None


def test_a_file_of_somebody_else_cannot_be_claimed(meeting):
    question = make_question(meeting, kind="file")
    file = receive(question)
    value = {question.id: {"id": file.id, "name": "devis.pdf"}}
    register(meeting, value, {question.id: file.id})
    with pytest.raises(errors.FileIsGone):
        register(meeting, value, {question.id: file.id})


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"content": b"MZ\x90\x00", "filename": "devis.pdf"}, FileIsNotAccepted),
        ({"filename": "devis.png"}, FileIsDisguised),
        ({"content": PDF + b"x" * files.MOST_BYTES}, errors.FileIsTooLarge),
    ],
)
def test_a_file_is_what_its_content_says(meeting, values, error):
    with pytest.raises(error):
        receive(make_question(meeting, kind="file"), **values)


def test_files_of_one_sender_that_wait_are_bounded_whatever_the_question_and_the_day(meeting):
    one, other = (make_question(meeting, kind="file") for _number in range(2))
    large = PDF.ljust(2 * LEAST)
    room = 40 * LEAST
    for question, content in ((one, large), (other, PDF)):
        receive(question, content=content, room=room)
    with pytest.raises(errors.TooManyFilesOfYours):
        receive(one, content=large, room=room, at=now() + timedelta(days=2))
    assert receive(one, content=large, room=room, sender_key="another connection").id
    assert receive(one, room=room).id


def test_all_files_that_wait_are_bounded(meeting):
    question = make_question(meeting, kind="file")
    for number in range(20):
        receive(question, sender_key=f"connection {number}", room=20 * LEAST)
    with pytest.raises(errors.TooManyFilesWait):
        receive(question, sender_key="the last one", room=20 * LEAST)


def test_what_waits_is_summed_up_without_reading_any_file(app, context):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps large contents apart from their rows")
    with count_statements(app) as statements:
        queries.bytes_waiting("a connection")
    values = ("x",) * statements[0].count("?")
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[0]}", values)
    assert ["USING COVERING INDEX ix_answer_file_registration " in row.detail for row in plan] == [True]


def test_a_file_claimed_takes_no_more_room_and_forgets_where_it_came_from(meeting):
    question = make_question(meeting, kind="file", label="Devis")
    file = receive(question, room=10 * LEAST)
    with pytest.raises(errors.TooManyFilesOfYours):
        receive(question, room=10 * LEAST)
    register(meeting, {question.id: {"id": file.id, "name": "devis.pdf"}}, {question.id: file.id})
    db.session.refresh(file)
    assert file.sender_key == ""
    assert receive(question, room=10 * LEAST).id


# --- Changing --------------------------------------------------------------------------------------


@pytest.fixture
def answered(meeting):
    registration = make_registration(meeting)
    for label, value in (("Menu", "Poisson"), ("Train", "Oui")):
        make_answer(registration, make_question(meeting, label=label), value)
    return registration


def change(registration, meeting, **values):
    by_label = {one.label: one.id for one in queries.live_questions(meeting.id)}
    new = given(meeting, {by_label[label]: value for label, value in values.items()})
    answering.change_answers(registration=registration, answers=new, at=now())


def test_changed_answers_replace_the_former_ones(meeting, answered):
    make_question(meeting, label="Hôtel")
    change(answered, meeting, Menu="Végétarien", Hôtel="Non")
    assert answers(answered) == {"Menu": "Végétarien", "Hôtel": "Non"}
    assert answered.changed_at is not None
    assert [one.kind for one in db.session.scalars(select(RegistrationEvent))] == ["answers_changed"]


def test_the_same_answers_again_change_nothing(meeting, answered):
    change(answered, meeting, Menu="Poisson", Train="Oui")
    assert answered.changed_at is None
    assert db.session.scalars(select(RegistrationEvent)).all() == []


def test_changing_leaves_the_answers_to_retired_questions(meeting, answered):
    menu = next(one for one in queries.live_questions(meeting.id) if one.label == "Menu")
    editing.remove_question(question=menu, by=make_account(), at=now())
    change(answered, meeting, Train="Non")
    assert answers(answered) == {"Train": "Non", "Menu": "Poisson"}


def test_a_replaced_file_is_erased(meeting):
    question = make_question(meeting, kind="file")
    first = receive(question)
    registration = register(meeting, {question.id: {"id": first.id, "name": "a"}}, {question.id: first.id})
    second = receive(question)
    new = given(meeting, {question.id: {"id": second.id, "name": "b"}}, {question.id: second.id})
    answering.change_answers(registration=registration, answers=new, at=now())
    assert db.session.scalars(select(AnswerFile.id)).all() == [second.id]
    answering.change_answers(registration=registration, answers=given(meeting, {}), at=now())
    assert db.session.scalars(select(AnswerFile.id)).all() == []


def test_answers_change_until_the_deadline_and_later_by_an_organiser(meeting, answered):
    meeting.registration_closes_at = now() - timedelta(hours=1)
    with pytest.raises(ChangeIsTooLate):
        change(answered, meeting, Menu="Autre")
    new = given(meeting, {})
    answering.change_answers(registration=answered, answers=new, at=now(), by=make_account())
    assert answers(answered) == {}
    answered.state, answered.place_number, answered.cancelled_at = "cancelled", None, now()
    with pytest.raises(RegistrationIsCancelled):
        answering.change_answers(registration=answered, answers=new, at=now(), by=make_account())


# --- Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "said", "cell"),
    [
        ("text", "Bonjour", "Bonjour", "Bonjour"),
        ("choice", "oui", "Volontiers", "Volontiers"),
        ("choice", "forgotten", "forgotten", "forgotten"),
        ("choices", ["oui", "non"], "Volontiers, Plutôt non", "Volontiers, Plutôt non"),
        ("yes_no", False, "Non", False),
        ("number", 1250.5, "1\xa0250,5", 1250.5),
        ("organisation", {"id": None, "name": "RTES"}, "RTES", "RTES"),
        ("commune", {"code": "59350", "name": "Lille"}, "Lille (59350)", "Lille (59350)"),
        ("commune", {"code": "", "name": "Gand"}, "Gand", "Gand"),
        ("file", {"id": 1, "name": "devis.pdf"}, "devis.pdf", "devis.pdf"),
        ("consent", {"version": "a", "text": "b"}, "Accepté", "Accepté"),
    ],
)
def test_an_answer_is_said_in_words_and_in_cells(meeting, kind, value, said, cell):
    question = make_question(meeting, kind=kind)
    assert in_words(question, value) == said
    assert for_a_file(question, value) == cell


def test_a_day_is_said_in_words_and_stays_a_day_in_files(meeting):
    question = make_question(meeting, kind="date")
    assert in_words(question, "2027-06-14") == "14 juin 2027"
    assert f"{for_a_file(question, '2027-06-14'):%d/%m/%Y}" == "14/06/2027"


def test_columns_have_retired_questions_and_none_of_the_desk(meeting):
    kept, gone = make_question(meeting, label="Train"), make_question(meeting, label="Menu", retired_at=now())
    make_question(meeting, label="Allergies", visibility="desk")
    make_answer(make_registration(meeting), kept, "x")
    assert [str(column.label) for column in question_columns(meeting.id)] == [
        "Train",
        "Menu (question retirée)",
    ]
    assert [column.key for column in question_columns(meeting.id)] == [
        f"question:{kept.id}",
        f"question:{gone.id}",
    ]


# --- Erasing ---------------------------------------------------------------------------------------


def test_answers_are_erased_so_many_days_after_the_meeting(meeting):
    over = make_meeting(starts_at=in_days(-40))
    for one, days, label in (
        (over, 30, "past its time"),
        (over, 60, "not yet"),
        (over, None, "kept"),
        (meeting, 0, "to come"),
    ):
        make_answer(make_registration(one), make_question(one, keep_days=days, label=label), label)
    assert erase_old_answers(at=now()) == 1
    assert sorted(db.session.scalars(select(Answer.value))) == ["kept", "not yet", "to come"]
    assert erase_old_answers(at=now()) == 0


def test_files_are_erased_with_their_answers_and_when_nobody_claims_them(meeting):
    over = make_meeting(starts_at=in_days(-40))
    question = make_question(over, kind="file", keep_days=30)
    kept = make_question(meeting, kind="file")
    old = receive(question)
    old.registration_id = make_registration(over).id
    forgotten, fresh = receive(kept, at=now() - timedelta(hours=25)), receive(kept)
    db.session.flush()
    assert erase_old_answers(at=now()) == 2
    assert db.session.scalars(select(AnswerFile.id)).all() == [fresh.id]
    assert forgotten.id != fresh.id
