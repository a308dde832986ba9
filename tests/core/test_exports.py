"""Files for spreadsheets, written row by row and read back by another library."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from eventsapp.core.columns import Column, chosen_columns
from eventsapp.core.exports import csv_text, list_file

COLUMNS = (
    Column("text", "Nom", lambda x: x.text),
    Column("phone", "Téléphone", lambda x: x.phone, on_screen=False),
    Column("day", "Jour", lambda x: x.day),
    Column("at", "Instant", lambda x: x.at),
    Column("number", "Nombre", lambda x: x.number),
    Column("amount", "Montant", lambda x: x.amount),
    Column("agreed", "Accord", lambda x: x.agreed),
    Column("nothing", "Rien", lambda _x: None),
)


@dataclass
class Item:
    text: str = "de La Tour  d’Auvergne"
    phone: str = "+33 6 12 34 56 78"
    day: date = date(2026, 12, 1)
    at: datetime = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    number: int = 12
    amount: Decimal = Decimal("3.5")
    agreed: bool = True


def made(app, kind, items):
    with app.test_request_context():
        response = list_file(kind, COLUMNS, items, title="Liste : essai", filename="liste", tz="Europe/Paris")
        assert response.headers["Content-Disposition"] == f'attachment; filename="liste.{kind}"'
        assert int(response.headers["Content-Length"]) == len(response.data)
        return response.data


def read_back(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_a_workbook_holds_dates_numbers_and_texts_as_such(app, kind):
    heading, row = read_back(made(app, kind, [Item()]))
    assert heading == [str(column.label) for column in COLUMNS]
    assert row[:2] == ["de La Tour  d’Auvergne", "+33 6 12 34 56 78"]
    assert row[2] == date(2026, 12, 1)
    assert row[3].isoformat() == "2026-12-01T23:30:00"  # the hour of the meeting's zone
    assert row[4:7] == [12, 3.5, "oui"]


def test_a_csv_file_opens_in_a_french_spreadsheet(app):
    content = made(app, "csv", [Item()])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [
        "de La Tour  d’Auvergne",
        "+33 6 12 34 56 78",
        "01/12/2026",
        "01/12/2026 23:30",
        "12",
        "3,5",
        "oui",
        "",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+A1", "\t=1", '=HYPERLINK("x")']
)
def test_a_text_that_looks_like_a_formula_stays_a_text(app, text):
    assert csv_text(text) == f"'{text}"
    for kind in ("ods", "xlsx"):
        content = made(app, kind, [Item(text=text)])
        assert read_back(content)[1][0].strip() == text.strip()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = b"".join(archive.read(name) for name in archive.namelist())
        assert b"<f>" not in parts
        assert b"table:formula" not in parts


@pytest.mark.parametrize(
    "text",
    ["+33612345678", "+33 (0)6-12-34", "-12,5", "'t Hooft", "d’Été;", 'dit "Zoé"', "deux\nlignes", " bords "],
)
def test_people_stay_as_typed(app, text):
    assert csv_text(text) == text
    for kind in ("ods", "xlsx"):
        assert read_back(made(app, kind, [Item(text=text)]))[1][0] == text


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_what_no_file_can_hold_does_not_break_it(app, kind):
    content = made(app, kind, [Item(text="a\x00b\x08c\ufffe<&>")])
    if kind == "csv":
        assert "abc<&>" in content.decode()
    else:
        assert read_back(content)[1][0] == "abc<&>"


def test_chosen_columns_keep_the_order_of_the_list_and_its_first():
    assert [x.key for x in chosen_columns(COLUMNS, ["phone", "day"])] == ["text", "phone", "day"]
    assert "phone" not in [x.key for x in chosen_columns(COLUMNS, [])]
    assert [x.key for x in chosen_columns(COLUMNS, ["zzz"])] == [x.key for x in chosen_columns(COLUMNS, [])]
