"""Changing a form: no change loses an answer, and each makes a new version."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.registrations.models import Answer, AnswerFile, Question, RegistrationSetup
from eventsapp.registrations.questions import errors, queries, rules
from eventsapp.registrations.questions.answers import in_words
from eventsapp.registrations.questions.services import editing, templates
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting
from tests.factories.questions import make_answer, make_plan, make_question
from tests.factories.registrations import make_registration


@pytest.fixture
def meeting(context):
    with unit_of_work():
        yield make_meeting()


@pytest.fixture
def by(meeting):
    return make_account()


@pytest.fixture
def answered(meeting):
    """A question with two options, of which the first is somebody's answer."""
    question = make_question(meeting, kind="choice", label="Venez-vous dîner ?")
    make_answer(make_registration(meeting), question, "oui")
    return question


def add(meeting, by, **values):
    return editing.add_question(meeting=meeting, plan=make_plan(**values), by=by)


def change(question, by, **values):
    known = {name: getattr(question, name) for name in editing.PLAIN}
    if question.shown_if_id:
        known["shown_if"] = (question.shown_if_id, question.shown_if_value)
    known["labels"] = {option["key"]: option["label"] for option in rules.offered(question.options)}
    editing.change_question(question=question, plan=make_plan(**{**known, **values}), by=by)


def labels(meeting):
    return [(one.section, one.label) for one in queries.live_questions(meeting.id)]


def version(meeting):
    return db.session.get(RegistrationSetup, meeting.id).form_version


def test_a_first_question_makes_the_setup_and_the_first_version(meeting, by):
    assert db.session.get(RegistrationSetup, meeting.id) is None
    question = add(meeting, by, label="Venez-vous en train ?", kind="yes_no")
    assert version(meeting) == 1
    change(question, by, label="Venez-vous en train ou en car ?")
    assert version(meeting) == 2
    assert labels(meeting) == [("", "Venez-vous en train ou en car ?")]


def test_questions_join_their_section(meeting, by):
    for section, label in (("Repas", "1"), ("Hôtel", "2"), ("Repas", "3")):
        add(meeting, by, section=section, label=label)
    assert labels(meeting) == [("Repas", "1"), ("Repas", "3"), ("Hôtel", "2")]


def test_moving_goes_one_place_and_enters_the_next_section(meeting, by):
    first, second, third = (add(meeting, by, section=x, label=x) for x in ("A", "B", "C"))
    editing.move_question(question=third, step=-1, by=by)
    assert labels(meeting) == [("A", "A"), ("B", "B"), ("B", "C")]
    editing.move_question(question=third, step=-1, by=by)
    assert labels(meeting) == [("A", "A"), ("B", "C"), ("B", "B")]
    editing.move_question(question=first, step=-1, by=by)
    assert labels(meeting)[0] == ("A", "A")
    assert second.position == 2


def test_a_question_that_depends_on_another_stays_after_it(meeting, by):
    source = add(meeting, by, kind="yes_no", label="Dînez-vous ?")
    dependent = add(meeting, by, label="Quel menu ?", shown_if=(source.id, "yes"))
    with pytest.raises(errors.QuestionComesTooEarly) as refusal:
        editing.move_question(question=dependent, step=-1, by=by)
    assert "« Quel menu ? » dépend de « Dînez-vous ? »" in str(refusal.value.message).replace("\xa0", " ")
    with pytest.raises(errors.QuestionComesTooEarly):
        editing.move_question(question=source, step=1, by=by)
    add(meeting, by, section="Plus tard", label="Autre")
    with pytest.raises(errors.QuestionComesTooEarly):
        change(source, by, section="Plus tard")
    assert [one.label for one in queries.live_questions(meeting.id)][:2] == ["Dînez-vous ?", "Quel menu ?"]


def test_what_decides_on_another_question_stays_able_to(meeting, by):
    source = add(meeting, by, kind="choice", label="Repas", new_options=("Midi", "Soir", "Aucun"))
    dependent = add(meeting, by, label="Menu", shown_if=(source.id, "midi"))
    with pytest.raises(errors.AnotherQuestionDepends):
        editing.remove_question(question=source, by=by, at=now())
    for wrong in ({"kind": "text"}, {"labels": {"midi": "", "soir": "Soir", "aucun": "Aucun"}}):
        with pytest.raises(errors.AnotherQuestionDepends):
            change(source, by, **wrong)
    change(source, by, labels={"midi": "À midi", "soir": "Soir", "aucun": "Aucun"})
    assert dependent.shown_if_value == "midi"
    change(dependent, by, shown_if=None)
    assert editing.remove_question(question=source, by=by, at=now()) is False


@pytest.mark.parametrize("condition", [(0, "yes"), ("later", "yes"), ("text", "yes"), ("source", "maybe")])
def test_a_condition_names_an_earlier_question_and_one_of_its_answers(meeting, by, condition):
    known = {
        "source": add(meeting, by, kind="yes_no").id,
        "text": add(meeting, by, kind="text").id,
        "later": add(make_meeting(), by, kind="yes_no").id,
    }
    named, value = condition
    with pytest.raises(errors.ConditionIsUnknown):
        add(meeting, by, shown_if=(known.get(named, 0), value))


def test_a_question_may_not_depend_on_itself(meeting, by):
    question = add(meeting, by, kind="yes_no")
    with pytest.raises(DomainError):
        change(question, by, shown_if=(question.id, "yes"))


def test_what_depends_on_an_answer_of_the_desk_is_for_the_desk(meeting, by):
    source = add(meeting, by, kind="yes_no", visibility="desk")
    with pytest.raises(errors.DesksAnswersAreNoCondition):
        add(meeting, by, shown_if=(source.id, "yes"))
    add(meeting, by, shown_if=(source.id, "yes"), visibility="desk")
    shown = add(meeting, by, kind="yes_no")
    add(meeting, by, shown_if=(shown.id, "no"))
    with pytest.raises(errors.DesksAnswersAreNoCondition):
        change(shown, by, visibility="desk")


def test_a_kind_is_settled_once_somebody_answered(answered, by):
    with pytest.raises(errors.KindIsSettled) as refusal:
        change(answered, by, kind="text")
    assert "Retirez-la" in str(refusal.value.message)
    assert answered.kind == "choice"


def test_a_removed_question_with_answers_is_retired_and_can_come_back(meeting, answered, by):
    assert editing.remove_question(question=answered, by=by, at=now()) is True
    assert queries.live_questions(meeting.id) == []
    ((question, value),) = queries.answers_of(db.session.scalar(select(Answer.registration_id)))
    assert in_words(question, value) == "Volontiers"
    with pytest.raises(errors.QuestionIsRetired):
        change(answered, by, label="Autre")
    editing.restore_question(question=answered, by=by)
    assert [one.id for one in queries.live_questions(meeting.id)] == [answered.id]


def test_a_removed_question_without_answers_is_gone_with_its_waiting_files(meeting, by):
    question = add(meeting, by, kind="file")
    db.session.add(
        AnswerFile(
            question_id=question.id,
            filename="a.pdf",
            media_type="application/pdf",
            content=b"%PDF",
            uploaded_at=now(),
        )
    )
    assert editing.remove_question(question=question, by=by, at=now()) is False
    assert db.session.scalars(select(Question)).all() == []
    assert db.session.scalars(select(AnswerFile.id)).all() == []


def test_an_option_that_was_chosen_stays_readable_with_its_last_words(meeting, answered, by):
    change(answered, by, labels={"oui": "Avec plaisir", "non": "Non merci"}, new_options=("Peut-être",))
    assert in_words(answered, "oui") == "Avec plaisir"
    change(answered, by, labels={"oui": "", "non": "Non merci", "peut-etre": "Peut-être"})
    assert [option["key"] for option in rules.offered(answered.options)] == ["non", "peut-etre"]
    assert in_words(answered, "oui") == "Avec plaisir"


@pytest.mark.parametrize(
    ("new_options", "error"),
    [
        ((), errors.OptionsAreMissing),
        (("seul",), errors.OptionsAreMissing),
        (("un", "UN"), errors.OptionIsDoubled),
        (("un", "x" * 151), errors.OptionIsTooLong),
        (tuple(f"choix {n}" for n in range(101)), errors.TooManyOptions),
    ],
)
def test_options_are_few_short_and_different(meeting, by, new_options, error):
    with pytest.raises(error):
        add(meeting, by, kind="choices", new_options=new_options)


def test_a_form_has_a_bounded_number_of_questions_and_of_files(meeting, by):
    for _number in range(rules.MOST_FILES):
        last = add(meeting, by, kind="file")
    with pytest.raises(errors.TooManyFileQuestions):
        add(meeting, by, kind="file")
    change(last, by, label="Autre fichier")
    for _number in range(rules.MOST_FILES, rules.MOST_QUESTIONS):
        make_question(meeting)
    with pytest.raises(errors.FormIsFull):
        add(meeting, by)


def test_a_file_is_not_for_the_desk(meeting, by):
    with pytest.raises(errors.FilesAreForTheOffice):
        add(meeting, by, kind="file", visibility="desk")


# --- Templates -------------------------------------------------------------------------------------


def test_a_template_is_a_copy_that_lives_its_own_life(meeting, by):
    source = add(meeting, by, kind="choice", label="Repas", new_options=("Midi", "Soir"), section="Table")
    add(meeting, by, label="Menu", shown_if=(source.id, "midi"), visibility="desk", keep_days=30)
    template = templates.save_template(meeting=meeting, title="Avec repas", by=by, at=now())
    change(source, by, label="Repas du soir")
    other = make_meeting()
    make_question(other, label="Déjà là")
    before = version(other)
    assert templates.apply_template(meeting=other, template=template, by=by) == 2
    first, second, third = queries.live_questions(other.id)
    assert [first.label, second.label, third.label] == ["Déjà là", "Repas", "Menu"]
    assert (third.shown_if_id, third.shown_if_value) == (second.id, "midi")
    assert (third.visibility, third.keep_days, second.section) == ("desk", 30, "Table")
    assert version(other) == before + 1
    templates.remove_template(template=template, by=by)
    assert len(queries.live_questions(other.id)) == 3
    assert queries.list_templates() == []


def test_templates_have_titles_of_their_own_and_something_in_them(meeting, by):
    with pytest.raises(errors.NothingToKeep):
        templates.save_template(meeting=meeting, title="Vide", by=by, at=now())
    add(meeting, by)
    first = templates.save_template(meeting=meeting, title="Un", by=by, at=now())
    with pytest.raises(errors.TemplateTitleIsTaken):
        templates.save_template(meeting=meeting, title="Un", by=by, at=now())
    second = templates.save_template(meeting=meeting, title="Deux", by=by, at=now())
    with pytest.raises(errors.TemplateTitleIsTaken):
        templates.rename_template(template=second, title="Un", by=by)
    templates.rename_template(template=first, title="Un", by=by)
    assert [(one.title, number) for one, number in queries.list_templates()] == [("Deux", 1), ("Un", 1)]


def test_a_template_that_would_overfill_a_form_is_refused(meeting, by):
    for _number in range(40):
        make_question(meeting)
    template = templates.save_template(meeting=meeting, title="Quarante", by=by, at=now())
    with pytest.raises(errors.FormIsFull):
        templates.apply_template(meeting=meeting, template=template, by=by)


# --- Whatever organisers do ------------------------------------------------------------------------


GESTURES = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "restore", "up", "down", "kind", "options", "depend"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GESTURES)
def test_no_sequence_of_changes_loses_an_answer_or_breaks_a_condition(meeting, by, gestures):
    meeting = make_meeting()
    question = make_question(meeting, kind="choice")
    make_answer(make_registration(meeting), question, "oui")
    for gesture, number in gestures:
        everything = queries.every_question(meeting.id)
        with suppress(
            DomainError
        ):  # a refusal leaves all as it was: what comes next is checked without a rollback
            perform(gesture, everything[number % len(everything)], everything, meeting, by)
        check(meeting)


def perform(gesture, question, everything, meeting, by):
    if gesture == "add":
        made = add(meeting, by, kind="yes_no", section="AB"[question.id % 2])
        make_answer(make_registration(meeting), made, True)
    elif gesture == "remove":
        editing.remove_question(question=question, by=by, at=now())
    elif gesture == "restore":
        editing.restore_question(question=question, by=by)
    elif gesture in ("up", "down"):
        editing.move_question(question=question, step=-1 if gesture == "up" else 1, by=by)
    elif gesture == "kind":
        with pytest.raises(DomainError):
            change(question, by, kind="date")
    elif gesture == "options":
        change(question, by, labels={"oui": "", "non": "Non"}, new_options=(f"Choix {question.id}", "Autre"))
    else:
        change(question, by, shown_if=(everything[0].id, "yes"))


def check(meeting):
    """Every answer has its question and its words; every condition can be met."""
    everything = {one.id: one for one in queries.every_question(meeting.id)}
    answers = db.session.scalars(select(Answer).where(Answer.question_id.in_(everything))).all()
    assert {answer.question_id for answer in answers} >= set(everything)
    assert all(in_words(everything[one.question_id], one.value) in ("Oui", "Volontiers") for one in answers)
    live = queries.live_questions(meeting.id)
    assert rules.too_early(rules.Line(one.id, one.section, one.shown_if_id) for one in live) is None
    by_id = {one.id: one for one in live}
    conditions = [(by_id[one.shown_if_id], one.shown_if_value) for one in live if one.shown_if_id]
    assert all(value in editing.deciding_values(source.kind, source.options) for source, value in conditions)
