"""Lists of people come back equal from every way in which spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eventsapp.invitations import errors
from eventsapp.invitations.columns import guess_columns
from eventsapp.invitations.spreadsheet import MOST_LINES, MOST_MEGABYTES, read_sheet

TITLES = ["Courriel", "Nom", "Prénom", "Organisme", "Fonction", "Civilité"]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16"]

# Letters of Windows-1252, separators, quotes and line breaks; no other control characters.
_letters = [chr(n) for n in range(0xA0, 0x100)] + list("œŒ€’«»…–—") + [chr(n) for n in range(0x20, 0x7F)]
cells = st.text(st.sampled_from([*_letters, ";", ",", "\t", '"', "\n", "\r"]), max_size=12)


@st.composite
def tables(draw):
    titles = draw(st.lists(st.sampled_from(TITLES[1:]), unique=True, max_size=5))
    header = draw(st.permutations([TITLES[0], *titles]))
    row = st.lists(cells, min_size=len(header), max_size=len(header)).filter(
        lambda found: any(cell.strip() for cell in found)
    )
    return header, draw(st.lists(row, min_size=1, max_size=8))


def written(rows, delimiter=";", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


@given(
    table=tables(),
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_rows_come_back_equal_whatever_the_separator_and_the_encoding(
    table, delimiter, encoding, quoting
):
    header, rows = table
    content = written([header, *rows], delimiter, quoting).encode(encoding)
    if encoding == "cp1252" and not content.isascii():
        assume(not is_utf8(content))  # bytes that are both can only be read one way
    sheet = read_sheet(content)
    assert list(sheet.header) == header
    assert [list(row.cells) for row in sheet.rows] == rows


def is_utf8(content):
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_are_refused_with_a_sentence(content):
    refusals = []
    try:
        assert read_sheet(content).rows
    except errors.FileIsNotAccepted as refusal:
        refusals.append(str(refusal.message))
    assert all(refusals)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileIsEmpty),
        (b" \r\n\r\n", errors.FileIsEmpty),
        (codecs.BOM_UTF8, errors.FileIsEmpty),
        (b"Nom;Courriel\r\n", errors.FileIsEmpty),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", errors.FileIsAWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", errors.FileIsAWorkbook),
        (b"%PDF-1.7\n%\xe2\xe3", errors.FileIsAPdf),
        (b"\x89PNG\r\n\x1a\n\x00\x00", errors.FileIsNotText),
        (b"nom;courriel\r\nA;a@exemple.fr\x00", errors.FileIsNotText),
        (b"nom;courriel\r\n\x81\x8d;a@exemple.fr", errors.FileIsNotText),
        ("\ufeffa;b".encode("utf-16")[:-1], errors.FileIsNotText),
        (b'nom;courriel\r\n"A;a@exemple.fr\r\n', errors.FileIsBadlyQuoted),
        (b"Camille;camille@exemple.fr\r\nDominique;d@exemple.fr", errors.FileHasNoHeader),
        (b"courriel;" + b"x;" * 70 + b"\r\na@b.fr", errors.FileHasTooManyColumns),
        (b"courriel\r\n" + b"a@b.fr\r\n" * (MOST_LINES + 1), errors.FileHasTooManyLines),
        (b"courriel\r\n" + b"a" * MOST_MEGABYTES * 1024 * 1024, errors.FileIsTooHeavy),
    ],
)
def test_a_wrong_file_is_refused_by_its_own_name(content, refusal):
    with pytest.raises(refusal):
        read_sheet(content)


def test_as_many_lines_as_allowed_are_read():
    assert len(read_sheet(b"courriel\r\n" + b"a@b.fr\r\n" * MOST_LINES).rows) == MOST_LINES


def test_a_quote_left_open_is_told_with_its_line():
    with pytest.raises(errors.FileIsBadlyQuoted) as refusal:
        read_sheet(b'courriel;nom\r\na@b.fr;A\r\nc@d.fr;"B\r\n')
    assert "ligne 3" in str(refusal.value.message)


def test_blank_lines_are_left_out_and_numbers_stay_those_of_the_file():
    sheet = read_sheet(b'courriel;nom\r\n\r\na@b.fr;"A\r\nB"\r\n;\r\nc@d.fr;C\r\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (3, ("a@b.fr", "A\r\nB")),
        (6, ("c@d.fr", "C")),
    ]


def test_the_line_that_names_the_separator_is_obeyed_and_counted():
    sheet = read_sheet(b"sep=,\r\ncourriel,nom;x\r\na@b.fr,A\r\n")
    assert sheet.header == ("courriel", "nom;x")
    assert sheet.rows[0].number == 3


def test_a_line_of_old_macintosh_endings_is_read():
    assert len(read_sheet(b"courriel;nom\ra@b.fr;A\rc@d.fr;B").rows) == 2


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        (["Civilité", "NOM", "Prénom", "Mél."], ["civility", "family_name", "given_name", "email"]),
        (["E-mail", "Structure", "Qualité"], ["email", "organisation", "job_title"]),
        (["First name", "Surname", "Email address"], ["given_name", "family_name", "email"]),
        (["ADRESSE ÉLECTRONIQUE", "Code postal", "Courriel"], ["email", "", ""]),
        (["Company", "Job title", "Title", "Langue"], ["organisation", "job_title", "civility", "locale"]),
    ],
)
def test_titles_are_recognised_in_french_and_english(titles, fields):
    assert list(guess_columns(titles)) == fields
