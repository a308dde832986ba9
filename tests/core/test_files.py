"""A file is what its content says."""

import io
import zipfile

import pytest

from eventsapp.core import files


def archive(*names, first=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        if first:
            zipped.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name in names:
            zipped.writestr(name, "<x/>")
    return buffer.getvalue()


ODT = archive("content.xml", first="application/vnd.oasis.opendocument.text")
DOCX = archive("[Content_Types].xml", "word/document.xml")
PDF = b"%PDF-1.7\n%..."


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (PDF, "Programme.PDF", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "plan.png", "image/png"),
        (b"\xff\xd8\xff\xe0....", "salle.jpeg", "image/jpeg"),
        (ODT, "note.odt", "opendocument.text"),
        (DOCX, "note.docx", "wordprocessingml.document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "liste.xlsx", "spreadsheetml.sheet"),
    ],
)
def test_a_file_is_recognised_by_its_content(content, name, ending):
    assert files.recognise_file(content, name).endswith(ending)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "programme.docx"),
        (PDF, "programme.exe"),
        (ODT, "note.docx"),
        (DOCX, "note.pdf"),
        (PDF, "programme"),
    ],
)
def test_a_file_whose_name_says_another_type_is_refused(content, name):
    with pytest.raises(files.FileIsDisguised):
        files.recognise_file(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>", "programme.pdf"),
        (b"", "vide.pdf"),
        (b"MZ\x90\x00", "programme.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "plan.svg"),
        (archive("setup.exe"), "outil.zip"),
        (b"PK\x03\x04 cut short", "note.odt"),
        (archive("content.xml", first="application/x-unknown"), "note.odt"),
    ],
)
def test_any_other_file_is_refused(content, name):
    with pytest.raises(files.FileIsNotAccepted):
        files.recognise_file(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "note.docx"),
        (
            archive(
                "content.xml", "Basic/Standard/Module1.xml", first="application/vnd.oasis.opendocument.text"
            ),
            "note.odt",
        ),
    ],
)
def test_a_file_with_macros_is_refused(content, name):
    with pytest.raises(files.FileHoldsMacros):
        files.recognise_file(content, name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Documents\\Compte rendu.pdf", "Compte rendu.pdf"),
        ('a"b\r\n.pdf', "ab.pdf"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
        ("///", "document"),
    ],
)
def test_a_name_is_kept_without_folders_or_control_characters(typed, kept):
    assert files.safe_name(typed) == kept
