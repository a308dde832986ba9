"""The promise to archives and to people who listen: every file is PDF/A-3a and PDF/UA-1."""

import io
import struct
import zlib

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from eventsapp.pdf.render import render_pdf
from eventsapp.pdf.wire import Attachment
from tests.pdf.conformity import assert_conforms, failures, text_of
from tests.pdf.documents import CREATED_AT, minutes, page

NBSP = "\N{NO-BREAK SPACE}"


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0\x0e\x5f\x5c\x0e\x5f\x5c" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_minutes_conform_to_both_standards(minutes_pdf):
    assert_conforms(minutes_pdf)


def test_a_table_over_three_pages_conforms_to_both_standards(sheet_pdf):
    assert len(PdfReader(io.BytesIO(sheet_pdf)).pages) == 3
    assert_conforms(sheet_pdf)


def test_images_and_drawings_conform_when_they_have_an_alternative_or_are_decoration(assets):
    assets = {**assets, "app:logo.png": png()}
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width=20 height=20><title>Plan</title><rect width=9 height=9 /></svg>"
    html = page(f"<p><img src='app:logo.png' alt='Logo'> <img src='app:logo.png' alt=''></p><p>{drawing}</p>")

    assert_conforms(render_pdf(html, assets, created_at=CREATED_AT))


def test_the_validator_refuses_an_image_without_alternative(render):
    assert failures(
        render(page("<p><svg width='9' height='9'><rect width='9' height='9'/></svg></p>")), "ua1"
    )


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_the_validator_refuses_a_file_that_makes_no_effort(profile):
    stock = HTML(string=page("<p>Bonjour</p>")).write_pdf()
    assert failures(stock, profile)


def test_a_stock_archive_file_does_not_claim_accessibility():
    assert failures(HTML(string=page("<p>Bonjour</p>")).write_pdf(pdf_variant="pdf/a-3a"), "ua1")


def test_accents_ligatures_and_no_break_spaces_are_read_back(minutes_pdf):
    text = text_of(minutes_pdf)
    assert "Œuvres, cœur, façade, Noël" in text
    assert f"« guillemets »{NBSP}: tout" in text
    assert "Compte rendu" in text


def test_title_language_and_author_are_told(minutes_pdf):
    reader = PdfReader(io.BytesIO(minutes_pdf))
    assert reader.metadata.title.startswith("Rencontre régionale")
    assert reader.metadata.author == "Réseau d’essai des territoires solidaires"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.metadata.creation_date.isoformat() == "2011-06-14T07:30:00+00:00"


def test_headings_become_bookmarks(minutes_pdf):
    titles = [
        entry.title for entry in PdfReader(io.BytesIO(minutes_pdf)).outline if not isinstance(entry, list)
    ]
    assert titles[0].startswith("Rencontre régionale")


def test_attached_files_travel_inside_with_their_type(render):
    attachments = [
        Attachment("décisions.json", "application/json", b'{"decisions": []}', "Relevé de décisions"),
        Attachment("liste.csv", "text/csv", "Nom;Prénom".encode()),
    ]
    pdf = render(page("<p>Voir les pièces jointes.</p>"), attachments=attachments)
    assert_conforms(pdf)
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.attachments["décisions.json"] == [b'{"decisions": []}']
    assert reader.attachments["liste.csv"] == ["Nom;Prénom".encode()]
    assert len(reader.trailer["/Root"]["/AF"]) == 2


def test_the_same_document_gives_the_same_bytes(render, minutes_pdf):
    assert render(minutes()) == minutes_pdf
