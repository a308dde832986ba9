"""What becomes of each line of a list, decided on plain values."""

from __future__ import annotations

import pytest

from eventsapp.core.tables.cells import civility_of
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.titles import guess_columns
from eventsapp.invitations.columns import FIELD_OF, is_known
from eventsapp.invitations.rules import examine, is_address, read_invitee


def run(text, *, invited=(), registered=()):
    sheet = read_table(text.encode(), is_known)
    return examine(sheet, guess_columns(sheet.header, FIELD_OF), invited=invited, registered=registered)


def test_each_line_is_told_what_will_become_of_it():
    found = run(
        "Courriel;Nom\na@exemple.fr;A\nA@Exemple.fr;A encore\nb@exemple.fr;B\nc@exemple.fr;C\n;D\ne@;E\n",
        invited={"b@exemple.fr"},
        registered={"c@exemple.fr"},
    )
    assert [(x.number, x.outcome) for x in found.lines] == [
        (2, "added"),
        (3, "duplicate"),
        (4, "invited"),
        (5, "registered"),
        (6, "refused"),
        (7, "refused"),
    ]
    assert "ligne 2" in str(found.lines[1].reason)
    assert "manque" in str(found.lines[4].reason)
    assert "e@" in str(found.lines[5].reason)
    assert [x.email for x in found.invitees] == ["a@exemple.fr"]
    assert not found.is_clean()


def test_a_line_longer_than_the_titles_is_refused_because_its_cells_may_have_shifted():
    found = run("Courriel;Nom\na@exemple.fr;A;B\nb@exemple.fr;B;;\n")
    assert [x.outcome for x in found.lines] == ["refused", "added"]


def test_a_short_line_keeps_what_it_has():
    assert run("Courriel;Nom;Organisme\na@exemple.fr\n").invitees[0].organisation == ""


def test_a_text_too_long_for_its_field_is_refused_by_name():
    found = run(f"Courriel;Organisme\na@exemple.fr;{'x' * 201}\n")
    assert "Organisme" in str(found.lines[0].reason)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" a@exemple.fr ", "a@exemple.fr"),
        ("mailto:a@exemple.fr", "a@exemple.fr"),
        ("Camille Exemple <a@exemple.fr>", "a@exemple.fr"),
    ],
)
def test_an_address_is_found_in_what_people_paste(cell, address):
    assert read_invitee([cell], ["email"]).email == address


def test_line_breaks_inside_a_name_become_blanks():
    assert read_invitee(["Métropole\r\nde  Lille"], ["organisation"]).organisation == "Métropole de Lille"


@pytest.mark.parametrize(
    ("text", "civility"),
    [
        ("Monsieur", "M."),
        ("M", "M."),
        ("Mr.", "M."),
        ("MME", "Mme"),
        ("Mlle", "Mme"),
        ("Mrs", "Mme"),
        ("X", ""),
    ],
)
def test_civilities_are_written_one_way(text, civility):
    assert civility_of(text) == civility


@pytest.mark.parametrize("text", ["a", "a@", "@b.fr", "a b@c.fr", "a@b..fr", "a@localhost\nBcc: x@y.fr"])
def test_what_is_not_an_address_is_recognised(text):
    assert not is_address(text)
