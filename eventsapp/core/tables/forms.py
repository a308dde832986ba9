"""The form that sends a table."""

from __future__ import annotations

from flask_wtf.file import FileField

from eventsapp.core.forms import Form, Required
from eventsapp.core.i18n import _l


class FileForm(Form):
    """A file from a spreadsheet."""

    file = FileField(_l("Fichier CSV, XLSX ou ODS"), [Required(_l("Choisissez un fichier."))])
