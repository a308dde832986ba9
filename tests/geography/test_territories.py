"""Territories: loading, finding, searching."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from eventsapp.core.db import db
from eventsapp.geography.models import Territory, TerritoryKind
from eventsapp.geography.queries import (
    current_region,
    departments,
    find_commune,
    former_regions,
    regions,
    search_communes,
)
from eventsapp.geography.services import load_territories
from tests.geography.conftest import LOADED_AT

LATER = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("reading")


def test_loading_twice_changes_nothing() -> None:
    again = load_territories(at=LATER)
    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == db.session.scalar(select(func.count()).select_from(Territory))
    assert db.session.scalar(select(func.max(Territory.loaded_at))) == LOADED_AT


def test_loading_again_mends_what_was_altered() -> None:
    db.session.execute(update(Territory).where(Territory.code == "35238").values(name="Roazhon"))
    mended = load_territories(at=LATER)
    assert (mended.added, mended.changed) == (0, 1)
    rennes = find_commune("35238")
    assert rennes is not None
    assert (rennes.name, rennes.loaded_at) == ("Rennes", LATER)


def test_every_level_is_there() -> None:
    counts = dict(db.session.execute(select(Territory.kind, func.count()).group_by(Territory.kind)).all())
    assert counts[TerritoryKind.COMMUNE] == 34_969
    assert counts[TerritoryKind.EPCI] > 1_200
    assert len(regions()) == 18
    assert len(departments()) == 101
    assert len(former_regions()) == 27


@pytest.mark.parametrize(
    ("code", "name", "department", "region"),
    [
        ("01004", "Ambérieu-en-Bugey", "01", "84"),
        ("2A004", "Ajaccio", "2A", "94"),
        ("2B033", "Bastia", "2B", "94"),
        ("97411", "Saint-Denis", "974", "04"),
        ("75056", "Paris", "75", "11"),
    ],
)
def test_codes_are_text_with_their_leading_zero_and_letters(
    code: str, name: str, department: str, region: str
) -> None:
    commune = find_commune(code)
    assert commune is not None
    assert (commune.name, commune.department_code, commune.region_code) == (name, department, region)
    assert commune.epci_code is not None
    assert len(commune.epci_code) == 9


def test_an_unknown_code_gives_nothing() -> None:
    assert find_commune("99999") is None
    assert current_region("99") is None


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("41", "44"),
        ("31", "32"),
        ("82", "84"),
        ("74", "75"),
        ("72", "75"),
        ("53", "53"),
        ("44", "44"),
        ("04", "04"),
    ],
)
def test_a_region_of_2015_leads_to_that_of_today(former: str, today: str) -> None:
    region = current_region(former)
    assert region is not None
    assert region.code == today
    assert region.vintage > 2015


def test_the_name_of_the_time_is_kept() -> None:
    names = {region.code: region.name for region in former_regions()}
    assert names["41"] == "Lorraine"
    assert names["31"] == "Nord-Pas-de-Calais"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("saint etienne", "42218"),
        ("St-Étienne", "42218"),
        ("Évry", "89162"),
        ("evry-c", "91228"),
        ("35000", "35238"),
        ("97400", "97411"),
        ("rochelle", "17300"),
        ("LYON", "69123"),
    ],
)
def test_a_search_finds_the_likeliest_commune_first(typed: str, first: str) -> None:
    assert search_communes(typed)[0].code == first


def test_a_search_for_evry_offers_the_new_commune_too() -> None:
    assert "91228" in [commune.code for commune in search_communes("Évry")]


@pytest.mark.parametrize("typed", ["", " ", "a", "%", "__", "zzzz"])
def test_a_search_without_letters_or_match_is_empty(typed: str) -> None:
    assert search_communes(typed) == []


def test_the_look_up_is_bounded_and_may_be_kept_by_the_browser(visitor: FlaskClient) -> None:
    answer = visitor.get("/communes.json?q=saint")
    assert answer.status_code == 200
    assert len(answer.json["communes"]) == 10
    assert answer.cache_control.max_age == 86_400
    assert answer.cache_control.public


def test_the_look_up_tells_communes_of_the_same_name_apart(visitor: FlaskClient) -> None:
    found = visitor.get("/communes.json?q=Saint-Denis").json["communes"]
    assert {"Saint-Denis (93200)", "Saint-Denis (97400)"} <= {commune["label"] for commune in found}
    reunion = next(commune for commune in found if commune["code"] == "97411")
    assert (reunion["department"], reunion["region"]) == ("974", "04")
    assert reunion["latitude"] == pytest.approx(-20.88, abs=0.05)


def test_a_look_up_without_a_question_is_an_empty_list(visitor: FlaskClient) -> None:
    assert visitor.get("/communes.json").json == {"communes": []}


def test_the_command_may_be_run_again(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["geography", "load"])
    assert said.exit_code == 0
    assert said.output.startswith("0 added, 0 changed, 36")
