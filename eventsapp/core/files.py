"""Files that people send: what they are is read in their content, never believed from their name."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l

_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_OPENXML = "application/vnd.openxmlformats-officedocument."

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"

# Accepted types and the endings their names may have.
ENDINGS = {
    PDF: {"pdf"},
    PNG: {"png"},
    JPEG: {"jpg", "jpeg"},
    f"{_OPENDOCUMENT}text": {"odt"},
    f"{_OPENDOCUMENT}spreadsheet": {"ods"},
    f"{_OPENDOCUMENT}presentation": {"odp"},
    f"{_OPENXML}wordprocessingml.document": {"docx"},
    f"{_OPENXML}spreadsheetml.sheet": {"xlsx"},
    f"{_OPENXML}presentationml.presentation": {"pptx"},
}

_SIGNATURES = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_OPENXML_PARTS = {
    "word/document.xml": f"{_OPENXML}wordprocessingml.document",
    "xl/workbook.xml": f"{_OPENXML}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPENXML}presentationml.presentation",
}
_MOST_PARTS = 5000


class FileIsNotAccepted(DomainError):
    message = _l(
        "Choisissez un fichier PDF, PNG, JPEG, OpenDocument (ODT, ODS, ODP) ou Office (DOCX, XLSX, PPTX)."
    )
    status = 422
    field = "file"


class FileIsDisguised(FileIsNotAccepted):
    message = _l(
        "Le contenu de ce fichier ne correspond pas à son nom. Enregistrez-le de nouveau, puis envoyez-le."
    )


class FileHoldsMacros(FileIsNotAccepted):
    message = _l("Ce fichier contient des macros. Enregistrez-le sans macros, ou en PDF.")


def recognise_file(content: bytes, filename: str) -> str:
    """Return the media type read in the content; raise FileIsNotAccepted when it is none of the
    accepted ones, or when the name says another."""
    media_type = _simple_type(content) or _zipped_type(content)
    if media_type is None:
        raise FileIsNotAccepted
    if PurePath(filename.lower()).suffix.lstrip(".") not in ENDINGS[media_type]:
        raise FileIsDisguised
    return media_type


def _simple_type(content: bytes) -> str | None:
    return next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)


def _zipped_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _opendocument_type(archive) or _openxml_type(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None


def _opendocument_type(archive: zipfile.ZipFile) -> str | None:
    names = archive.namelist()
    # By its entry: a second one of that name, hugely compressed, would be read by name instead.
    if names[:1] != ["mimetype"] or names.count("mimetype") > 1 or archive.infolist()[0].file_size > 100:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise FileHoldsMacros
    with archive.open(archive.infolist()[0]) as entry:
        declared = entry.read(100).decode("ascii", "replace").strip()
    return declared if declared in ENDINGS and "content.xml" in names else None


def _openxml_type(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if len(names) > _MOST_PARTS or "[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileHoldsMacros
    return next((kind for part, kind in _OPENXML_PARTS.items() if part in names), None)


def safe_name(filename: str) -> str:
    """Return the file's own name without folders or control characters, at most 200 characters long."""
    name = PurePath(filename.replace("\\", "/")).name
    clean = (
        "".join(letter for letter in name if letter.isprintable() and letter not in '"/').strip()
        or "document"
    )
    stem, suffix = PurePath(clean).stem, PurePath(clean).suffix
    return stem[: 200 - len(suffix)] + suffix
