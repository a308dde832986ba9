"""A line of a file says what the office's own form would, with the same refusals."""

import pytest

from eventsapp.core.clock import now
from eventsapp.core.permissions import ROLES, Permission
from eventsapp.core.tables.titles import guess_columns
from eventsapp.registrations.imports.columns import Destination, destination_of, fields_of, titles_at
from eventsapp.registrations.imports.errors import ColumnsHaveChanged
from eventsapp.registrations.imports.records import RecordReader
from eventsapp.registrations.offer import load_offer
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting, make_session
from tests.factories.questions import OPTIONS, make_question
from tests.factories.registrations import make_setup

PERSON = {"family_name": "d’Été", "given_name": "Zoé", "email": "zoe@exemple.fr"}

pytestmark = pytest.mark.usefixtures("writing")


@pytest.fixture
def meeting():
    meeting = make_meeting()
    meeting.early = make_session(meeting, title="Mobilités / vélo", hour=1)
    meeting.other = make_session(meeting, title="Habitat", hour=1)
    meeting.late = make_session(meeting, title="Alimentation", hour=5)
    return meeting


def into(meeting, **how):
    return Destination(load_offer(meeting, at=now()), **how)


def read(meeting, *, reads_desk=False, **values):
    values = {**PERSON, **values}
    reader = RecordReader(into(meeting, reads_desk=reads_desk), list(values))
    return reader.read(list(values.values()))


def problems(record):
    return [str(problem).replace("\N{NO-BREAK SPACE}", " ") for problem in record.problems]


# --- Titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        (["NOM", "prénom", "Mél."], ["family_name", "given_name", "email"]),
        (
            ["Surname", "First name", "E-mail", "Company"],
            ["family_name", "given_name", "email", "organisation"],
        ),
        (["Catégorie", "Téléphone portable", "Région"], ["participant_kind", "phone", "region_code"]),
        (["Fonction ou qualité", "Langue", "Couleur"], ["job_title", "locale", ""]),
        (["Courriel", "Email"], ["email", ""]),
        (["Ateliers", "Besoins particuliers"], ["workshops", "needs"]),
        (["Atelier 1", "CRENEAU 2"], ["creneau_1", "creneau_2"]),
    ],
)
def test_titles_announce_fields_whatever_their_accents_and_capitals(meeting, titles, fields):
    assert guess_columns(titles, titles_at(into(meeting))) == fields


def test_the_meetings_own_questions_and_slots_are_recognised_by_their_words(meeting):
    question = make_question(meeting, label="Venez-vous en train ?")
    destination = into(meeting)
    titles = ["venez vous en TRAIN", destination.offer.slots[1].label.upper()]
    assert guess_columns(titles, titles_at(destination)) == [f"question:{question.id}", "creneau_2"]


def test_what_the_desk_alone_reads_consents_and_files_are_not_offered(meeting):
    make_question(meeting, label="Régime", visibility="desk")
    make_question(meeting, label="Droit à l’image", kind="consent")
    make_question(meeting, label="Justificatif", kind="file")
    kept = make_question(meeting, label="Trajet")
    fields = fields_of(into(meeting))
    assert [name for name in fields if name.startswith("question:")] == [f"question:{kept.id}"]


def test_whoever_reads_what_the_desk_alone_reads_may_import_it(meeting):
    desk = make_question(meeting, label="Régime", visibility="desk")
    called = make_question(
        meeting, label="Lequel ?", visibility="desk", shown_if_id=desk.id, shown_if_value="Sans porc"
    )
    image = make_question(meeting, label="Droit à l’image", kind="consent")
    names = [f"question:{one.id}" for one in (desk, called)]
    fields = fields_of(into(meeting, reads_desk=True))
    assert [name for name in fields if name.startswith("question:")] == names
    record = read(meeting, reads_desk=True, **{names[0]: "Sans porc", names[1]: "Halal"})
    assert record.answers.values == {desk.id: "Sans porc", called.id: "Halal"}
    with pytest.raises(ColumnsHaveChanged):
        read(meeting, reads_desk=True, **{f"question:{image.id}": "oui"})


@pytest.mark.parametrize(("region", "reads"), [("53", True), ("32", False)])
def test_the_desk_s_questions_are_imported_where_the_account_works_at_the_desk(region, reads):
    account = make_account(role="secretary", territory_code="53")
    offer = load_offer(make_meeting(region_code=region), at=now())
    assert destination_of(offer, by=account).reads_desk is reads


def test_the_way_of_attending_is_asked_for_only_where_there_is_a_choice(meeting):
    assert "mode" not in fields_of(into(meeting))
    make_setup(meeting, attendance="both")
    assert "mode" in fields_of(into(meeting))


def test_a_field_that_is_no_longer_there_is_refused(meeting):
    with pytest.raises(ColumnsHaveChanged):
        read(meeting, **{"question:999": "x"})


# --- People ---------------------------------------------------------------------------------------


def test_people_stay_as_typed(meeting):
    record = read(
        meeting, family_name="  de LA Tour ", phone="+33 (0)6 12 34 56 78", organisation="CC du Val-d’Oise"
    )
    assert problems(record) == []
    assert record.details.family_name == "de LA Tour"
    assert record.details.phone == "+33 (0)6 12 34 56 78"
    assert record.details.organisation == "CC du Val-d’Oise"


def test_the_guard_that_our_own_files_put_before_a_formula_is_taken_off(meeting):
    record = read(meeting, organisation="'=HYPERLINK(1)", job_title="'t Hooft")
    assert record.details.organisation == "=HYPERLINK(1)"
    assert record.details.job_title == "'t Hooft"


def test_codes_are_found_from_words(meeting):
    make_setup(meeting, attendance="both")
    record = read(
        meeting,
        participant_kind="ÉLUE",
        region_code="bretagne",
        civility="madame",
        locale="English",
        accepts_listing="Oui",
        mode="distanciel",
        email="Zoé <zoe@exemple.fr>",
    )
    assert problems(record) == []
    assert record.details.participant_kind == "elected"
    assert record.details.region_code == "53"
    assert record.details.civility == "Mme"
    assert record.details.accepts_listing is True
    assert record.details.email == "zoe@exemple.fr"
    assert record.locale == "en"
    assert record.choices.mode == "remote"


def test_nothing_is_guessed_from_empty_cells(meeting):
    record = read(meeting, participant_kind="", region_code="", civility="", accepts_listing="", phone="")
    assert record.details.participant_kind == "other"
    assert record.details.region_code is None
    assert record.details.accepts_listing is False


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"email": ""}, "Adresse électronique : Saisissez l’adresse"),
        ({"email": "zoe@"}, "Adresse électronique : Saisissez une adresse électronique complète"),
        ({"family_name": " "}, "Nom : Saisissez le nom."),
        ({"given_name": "x" * 101}, "Prénom : Écrivez au plus 100 caractères"),
        ({"phone": "appeler le bureau"}, "Téléphone : Saisissez un numéro"),
        ({"participant_kind": "Martien"}, "Type : « Martien » n’est pas reconnu."),
        ({"region_code": "Atlantide"}, "Région : « Atlantide » n’est pas reconnu."),
        ({"workshops": "Couture"}, "aucun atelier ne s’appelle « Couture »"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(meeting, values, words):
    record = read(meeting, **values)
    assert len(record.problems) == 1
    assert words in problems(record)[0]


def test_every_problem_of_a_line_is_told_at_once(meeting):
    assert len(read(meeting, email="x", participant_kind="x", creneau_1="x").problems) == 3


def test_a_line_longer_than_the_titles_is_refused(meeting):
    reader = RecordReader(into(meeting), ["family_name", "given_name", "email"])
    assert "plus de cases" in problems(reader.read(["a", "b", "c@d.fr", "", "reste"]))[0]


# --- Workshops ------------------------------------------------------------------------------------


def test_workshops_are_named_by_slot_or_together(meeting):
    by_slot = read(meeting, creneau_1="habitat", creneau_2="ALIMENTATION")
    assert set(by_slot.choices.session_ids) == {meeting.other.id, meeting.late.id}
    for text in ("Habitat / Alimentation", "Alimentation; Habitat", "Habitat\nAlimentation"):
        together = read(meeting, workshops=text)
        assert set(together.choices.session_ids) == {meeting.other.id, meeting.late.id}
    assert read(meeting, workshops="Mobilités / vélo").choices.session_ids == (meeting.early.id,)
    assert read(meeting, creneau_1="aucun", workshops="").choices.session_ids == ()


def test_a_workshop_of_another_slot_is_refused_in_this_one(meeting):
    assert "aucun atelier" in problems(read(meeting, creneau_1="Alimentation"))[0]


def test_two_workshops_at_one_time_are_refused(meeting):
    assert "en même temps" in problems(read(meeting, workshops="Habitat; Mobilités / vélo"))[0]


def test_a_title_given_twice_asks_for_a_column_a_slot(meeting):
    make_session(meeting, title="Habitat", hour=8)
    assert "une colonne par créneau" in problems(read(meeting, workshops="Habitat"))[0]
    assert problems(read(meeting, creneau_1="Habitat")) == []


# --- Answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "En train", "En train"),
        ("choice", "VOLONTIERS", "oui"),
        ("choices", "Volontiers, plutôt non", ["oui", "non"]),
        ("yes_no", "Oui", True),
        ("yes_no", "n", False),
        ("number", "12,5", 12.5),
        ("date", "14/06/2027", "2027-06-14"),
        ("phone", "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("organisation", "Ville d’ici", {"id": None, "name": "Ville d’ici"}),
        ("commune", "Saint-Denis", {"code": "", "name": "Saint-Denis"}),
    ],
)
def test_answers_are_read_as_the_form_reads_them(meeting, kind, text, value):
    question = make_question(meeting, kind=kind, options=OPTIONS if kind.startswith("choice") else [])
    record = read(meeting, **{f"question:{question.id}": text})
    assert problems(record) == []
    assert record.answers.values == {question.id: value}


@pytest.mark.parametrize(
    ("kind", "text"), [("choice", "Peut-être"), ("number", "beaucoup"), ("email", "x"), ("yes_no", "bof")]
)
def test_an_answer_that_cannot_be_is_refused_with_its_question(meeting, kind, text):
    question = make_question(meeting, kind=kind, label="Trajet", options=OPTIONS if kind == "choice" else [])
    (problem,) = problems(read(meeting, **{f"question:{question.id}": text}))
    assert problem.startswith("Trajet : ")


def test_a_required_question_may_be_left_to_ask(meeting):
    question = make_question(meeting, is_required=True)
    record = read(meeting, **{f"question:{question.id}": ""})
    assert record.problems == ()
    assert record.answers.values == {}


def test_an_answer_that_the_others_do_not_call_for_is_left_and_told(meeting):
    first = make_question(meeting, kind="yes_no")
    second = make_question(meeting, label="Lequel ?", shown_if_id=first.id, shown_if_value="yes")
    record = read(meeting, **{f"question:{first.id}": "non", f"question:{second.id}": "le bleu"})
    assert record.problems == ()
    assert "ne se pose pas" in str(record.notes[0])
    assert record.answers.values == {first.id: False}
    asked = read(meeting, **{f"question:{first.id}": "oui", f"question:{second.id}": "le bleu"})
    assert asked.answers.values == {first.id: True, second.id: "le bleu"}


def test_whoever_manages_registrations_reads_what_the_desk_alone_reads():
    """The lines of an import, shown and downloaded once refused, may hold such answers."""
    managing = [role for role in ROLES.values() if Permission.MANAGE_REGISTRATIONS in role.permissions]
    assert managing
    assert all(Permission.CHECK_IN in role.permissions for role in managing)
