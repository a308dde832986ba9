"""The statistics of a meeting's registrations: exact, scoped, bounded, the same on screen and in files."""

import csv
import io
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from eventsapp.core.clock import now
from eventsapp.core.exports import MEDIA_TYPES
from eventsapp.directory.models import Organisation
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration, make_wait
from tests.statements import count_statements


@pytest.fixture
def office(app, client, sign_in):
    """A meeting in Brittany with two workshops, and a secretary for Brittany signed in."""
    with stored(app):
        meeting = make_meeting(region_code="53", capacity=10, published_at=in_days(-3))
        meeting.workshop = make_session(meeting, title="Mobilités", capacity=4)
        meeting.other = make_session(meeting, title="Foncier", hour=4)
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/statistiques"
    return meeting


def add(app, meeting, **values):
    with stored(app):
        return make_registration(meeting, **values)


def table(client, office, key):
    """The table of that key as its CSV says it: rows by first cell."""
    answer = client.get(f"{office.path}/{key}.csv")
    assert answer.status_code == 200, key
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    return {row[0]: row[1:] for row in rows[1:]}


class Cells(HTMLParser):
    """The rows of every table of a page, as texts."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.is_in_cell = [], False
        self.feed(html)

    def handle_starttag(self, tag, _attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self.is_in_cell = tag in ("td", "th") or (self.is_in_cell and tag != "tr")

    def handle_endtag(self, tag):
        self.is_in_cell = self.is_in_cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self.is_in_cell:
            self.rows[-1][-1] += data.strip()


def test_key_figures_count_every_state_exactly(app, client, office):
    for state in ("confirmed", "confirmed", "waiting", "cancelled"):
        add(app, office, state=state)
    add(app, office, state="offered", held_until=in_days(2), offered_at=now())
    assert table(client, office, "chiffres") == {
        "inscriptions en cours": ["4"],
        "places en tout": ["10"],
        "places restantes": ["7"],
        "remplissage": ["30,0"],
        "confirmées": ["2"],
        "en liste d’attente": ["1"],
        "places proposées": ["1"],
        "annulées": ["1"],
    }


def test_each_workshop_says_its_places_given_awaited_and_left(app, client, office):
    first = add(app, office, sessions=[office.workshop])
    add(app, office, sessions=[office.workshop, office.other])
    with stored(app):
        make_wait(first, office.other)
    slot = "Atelier de "
    assert {name: [slot, *cells[1:]] for name, cells in table(client, office, "ateliers").items()} == {
        "Mobilités": [slot, "4", "2", "0", "2", "0", "50,0"],
        "Foncier": [slot, "", "1", "0", "", "1", ""],
    }
    page = client.get(office.path)
    assert ["Mobilités", "4", "2", "0", "2", "0", "50\N{NO-BREAK SPACE}%"] in Cells(page.text).rows
    assert ["Foncier", "sans limite", "1", "0", "", "1", ""] in Cells(page.text).rows


def test_people_are_told_by_type_with_those_not_confirmed_apart(app, client, office):
    for state in ("confirmed", "confirmed", "waiting"):
        add(app, office, participant_kind="elected", state=state)
    add(app, office, participant_kind="state")
    add(app, office, participant_kind="network", state="cancelled")
    assert table(client, office, "types") == {
        "Élue ou élu": ["2", "1", "3", "75,0"],
        "État": ["1", "0", "1", "25,0"],
    }


def test_a_region_not_said_is_that_of_the_organisation(app, client, office):
    with stored(app):
        organisation = store(Organisation(name="Ville d’essai", kind="local_authority", region_code="32"))
    add(app, office, region_code=None, organisation_id=organisation.id)
    add(app, office, region_code="53")
    add(app, office, region_code=None)
    assert {name: cells[2] for name, cells in table(client, office, "regions").items()} == {
        "Bretagne": "1",
        "Hauts-de-France": "1",
        "Non précisée": "1",
    }
    assert {name: cells[2] for name, cells in table(client, office, "types-organismes").items()} == {
        "Collectivité territoriale": "1",
        "Organismes hors de l’annuaire": "2",
    }


def test_the_largest_organisations_are_named_and_the_others_summed(app, client, office):
    with stored(app):
        for number in range(14):
            make_registration(
                office,
                organisation=f"Ville {number:02}",
                region_code="53",
                place_number=None,
                state="pending",
            )
        make_registration(office, organisation="VILLE 05")
        make_registration(office, organisation="")
    rows = table(client, office, "organismes")
    assert list(rows)[:2] == ["VILLE 05", "Ville 00"]
    assert rows["VILLE 05"][:3] == ["1", "1", "2"]
    assert rows["3 autres organismes"][:3] == ["0", "3", "3"]
    assert rows["Sans organisme"][:3] == ["1", "0", "1"]
    assert sum(int(cells[2]) for cells in rows.values()) == 16


def test_who_made_the_registration_is_told(app, client, office):
    with stored(app):
        account = make_account(role="secretary")
    add(app, office, registered_by_id=account.id)
    add(app, office, contact_name="Alix", contact_email="alix@exemple.fr", group_key="G1")
    add(app, office, mode="remote", place_number=None)
    assert {name: cells[2] for name, cells in table(client, office, "origine").items()} == {
        "La personne elle-même": "1",
        "Une ou un collègue": "1",
        "L’équipe de la rencontre": "1",
    }
    assert table(client, office, "participation")["À distance"][2] == "1"


def test_the_last_day_of_the_curve_says_what_the_list_does(app, client, office):
    add(app, office, registered_at=in_days(-2))
    add(app, office, registered_at=in_days(-2), state="cancelled", cancelled_at=in_days(-1))
    add(app, office)
    days = table(client, office, "jours")
    assert days[f"{in_days(-2):%d/%m/%Y}"] == ["2", "0", "2"]
    assert days[f"{in_days(-1):%d/%m/%Y}"] == ["0", "1", "1"]
    assert list(days.values())[-1] == ["1", "0", "2"]


def test_a_day_is_that_of_the_meeting_s_clocks(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(time_zone="Pacific/Marquesas", published_at=in_days(-3))
        make_registration(meeting, registered_at=in_days(-1, hour=9, minute=29))
        make_registration(meeting, registered_at=in_days(-1, hour=9, minute=31))
        account = make_account(role="administrator")
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/statistiques"
    sign_in(client, account)
    days = [day for day, cells in table(client, meeting, "jours").items() if cells[0] == "1"]
    assert days == [f"{in_days(-2):%d/%m/%Y}", f"{in_days(-1):%d/%m/%Y}"]


def test_options_are_counted_and_what_only_the_desk_reads_is_not(app, client, office):
    with stored(app):
        one = make_question(office, kind="choice", label="Venez-vous déjeuner ?")
        several = make_question(office, kind="choices", label="Quels sujets ?")
        sure = make_question(office, kind="yes_no", label="Première fois ?")
        commune = make_question(office, kind="commune", label="Votre commune ?")
        diet = make_question(office, kind="choice", label="Votre régime ?", visibility="desk", keep_days=10)
        make_question(office, kind="text", label="Un mot ?")
        for number in range(3):
            registration = make_registration(office)
            make_answer(registration, one, "oui")
            make_answer(registration, several, ["oui", "non"] if number else ["non"])
            make_answer(registration, sure, number == 0)
            make_answer(registration, commune, {"code": "35238", "name": "Rennes"})
            make_answer(registration, diet, "oui")
        gone = make_registration(office, state="cancelled")
        make_answer(gone, one, "non")
    assert table(client, office, f"question-{one.id}") == {
        "Volontiers": ["3", "100,0"],
        "Plutôt non": ["0", "0,0"],
    }
    assert table(client, office, f"question-{several.id}") == {
        "Volontiers": ["2", "66,7"],
        "Plutôt non": ["3", "100,0"],
    }
    assert table(client, office, f"question-{sure.id}") == {"Oui": ["1", "33,3"], "Non": ["2", "66,7"]}
    assert table(client, office, f"question-{commune.id}") == {"Rennes": ["3", "100,0"]}
    page = client.get(office.path).text
    assert "Quels sujets ?" in page
    assert "Votre régime ?" not in page
    assert "Un mot ?" not in page
    assert client.get(f"{office.path}/question-{diet.id}.csv").status_code == 404


def test_the_page_before_the_first_registration_says_so_and_shows_the_workshops(client, office):
    page = client.get(office.path)
    assert "Personne n’est encore inscrit" in page.text
    assert ["Mobilités", "4", "0", "0", "4", "0", "0\N{NO-BREAK SPACE}%"] in Cells(page.text).rows


def test_every_table_is_a_file_of_each_kind(app, client, office):
    add(app, office)
    for key in ("chiffres", "ateliers", "jours", "types", "organismes"):
        for kind, media_type in MEDIA_TYPES.items():
            answer = client.get(f"{office.path}/{key}.{kind}")
            assert (answer.status_code, answer.mimetype) == (200, media_type)
            assert (
                f'filename="statistiques-{key}-{office.slug}.{kind}"' in answer.headers["Content-Disposition"]
            )
    assert client.get(f"{office.path}/inconnue.csv").status_code == 404
    assert client.get(f"{office.path}/types.exe").status_code == 404


def test_the_curve_is_said_in_words_and_numbers(app, client, office):
    for _number in range(4):
        add(app, office, registered_at=now() - timedelta(days=1))
    page = client.get(office.path).text
    assert '<title id="courbe-name">Inscriptions en cours, cumulées</title>' in page
    assert "4 inscriptions en cours à la fin." in page
    assert "Places en tout : 10" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_another_region_s_statistics_are_not_found(app, client, office):
    with stored(app):
        elsewhere = make_meeting(region_code="11")
    path = f"/gestion/rencontres/{elsewhere.id}/inscriptions/statistiques"
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/types.csv").status_code == 404


def test_the_page_takes_as_many_statements_however_many_registered(app, client, office):
    with stored(app):
        questions = [make_question(office, kind=kind) for kind in ("choice", "commune")]
        answer_all(make_registration(office, sessions=[office.workshop]), questions)
    few = statements(app, client, office)
    with stored(app):
        for number in range(30):
            answer_all(
                make_registration(office, state="pending", organisation=f"Ville {number}", region_code="11"),
                questions,
            )
    assert statements(app, client, office) == few
    assert few <= 20


def answer_all(registration, questions):
    choice, commune = questions
    make_answer(registration, choice, "oui")
    make_answer(registration, commune, {"code": "", "name": f"Commune {registration.id}"})


def statements(app, client, office):
    with count_statements(app) as found:
        assert client.get(office.path).status_code == 200
    return len(found)
