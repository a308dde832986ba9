"""One field a kind of question. Each reads what was typed and gives the value that an Answer keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.utils import unset_value
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, FileInput, ListWidget

from eventsapp.core.errors import DomainError
from eventsapp.core.fields import DayField
from eventsapp.core.forms import choices
from eventsapp.core.i18n import _
from eventsapp.core.tokens import make_token, read_token
from eventsapp.directory.models import Organisation
from eventsapp.directory.queries import find_organisation
from eventsapp.geography.queries import communes_typed
from eventsapp.registrations.models import AnswerFile
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.rules import NO, YES

FILE_PURPOSE = "answer-file"  # (file, question) signed: whoever holds it received the file's form
AS_TYPED = "-"  # the commune is none of ours: kept as it is
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,6})?")


class Answering:
    """A field whose ``answer`` is what is kept, or None when nothing was answered."""

    data: Any

    @property
    def answer(self) -> Any:
        return self.data if self.data not in (None, "", []) else None


class TextAnswer(Answering, StringField):
    pass


class LongTextAnswer(Answering, TextAreaField):
    pass


class EmailAnswer(Answering, EmailField):
    pass


class PhoneAnswer(Answering, TelField):
    pass


class ChoiceAnswer(Answering, RadioField):
    """One of a few options, all in sight."""


class ListedAnswer(Answering, SelectField):
    """One of many options, in a list."""


class ChoicesAnswer(Answering, SelectMultipleField):
    """Several options."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class YesNoAnswer(Answering, RadioField):
    """Yes or no, kept as a truth value."""

    def process_data(self, value: Any) -> None:
        super().process_data({True: YES, False: NO}.get(value))

    @property
    def answer(self) -> bool | None:
        return {YES: True, NO: False}.get(self.data)


class NumberAnswer(Answering, StringField):
    """A number with a comma or a point, blanks between thousands; kept as a number."""

    def process_data(self, value: Any) -> None:
        super().process_data(None if value is None else str(value).replace(".", ","))

    @property
    def answer(self) -> int | float | None:
        text = "".join((self.data or "").split()).replace(",", ".")
        if not _NUMBER.fullmatch(text):
            return None
        number = float(text)
        return int(number) if number.is_integer() else number


class DateAnswer(Answering, DayField):
    """A day, kept as YYYY-MM-DD."""

    def process_data(self, value: Any) -> None:
        super().process_data(date.fromisoformat(value) if value else None)

    @property
    def answer(self) -> str | None:
        return self.data.isoformat() if self.data else None


class ConsentAnswer(Answering, BooleanField):
    """An agreement to one exact text, which is kept with it. The box's value names the text that was shown."""

    is_outdated = False  # another text was agreed to

    def __init__(self, *args: Any, text: str, version: str, **options: Any) -> None:
        self.text, self.version = text, version
        super().__init__(*args, **options)

    def process_data(self, value: Any) -> None:
        self.data = bool(value) and value["version"] == self.version
        self.is_outdated = bool(value) and not self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = self.version in valuelist
        if valuelist and not self.data:
            raise ValueError(_("Ce texte a changé. Relisez-le, puis cochez de nouveau la case."))

    def _value(self) -> str:
        return self.version

    @property
    def answer(self) -> dict[str, str] | None:
        return {"version": self.version, "text": self.text} if self.data else None


class OrganisationAnswer(Answering, StringField):
    """An organisation of the directory, or one that is not there, as typed."""

    known: Organisation | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(value and value["name"])

    @property
    def answer(self) -> dict[str, Any] | None:
        return {"id": self.known.id if self.known else None, "name": self.data} if self.data else None


class CommuneAnswer(Answering, StringField):
    """A commune by its name or postal code; when several answer, or none, another field asks which."""

    found: dict[str, str] | None = None

    def process_data(self, value: Any) -> None:
        self.found = value or None
        super().process_data(value and value["name"])

    def look_up(self, which: RadioField) -> None:
        """Find the commune typed; StopValidation until it is known which it is."""
        self.found = None
        chosen = which.data or ""
        found = communes_typed(self.data, chosen)
        if chosen == AS_TYPED and not found:
            self.found = {"code": "", "name": self.data}
        elif len(found) == 1:
            self.found = {"code": found[0].code, "name": found[0].name}
        elif found:
            which.choices = choices({one.code: one.label for one in found})
            raise StopValidation(_("Plusieurs communes répondent à ce nom. Choisissez la bonne ci-dessous."))
        else:
            abroad = _("Garder « %(name)s » : hors de France", name=self.data)
            which.choices = choices({AS_TYPED: abroad})
            raise StopValidation(
                _("Aucune commune de France de ce nom. Vérifiez l’orthographe, ou saisissez le code postal.")
            )

    @property
    def answer(self) -> dict[str, str] | None:
        return self.found if self.data else None


class FileAnswer(Answering, Field):
    """A file, kept as its number and its name. Received once, it travels by a signed token of its number."""

    widget = FileInput()
    upload: FileStorage | None = None
    received: AnswerFile | None = None
    question_id: int

    def process(
        self, formdata: Any, data: Any = unset_value, extra_filters: Sequence[Any] | None = None
    ) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is None:
            return
        if f"{self.name}_removal" in formdata:
            self.data = None
        elif token := formdata.get(f"{self.name}_file"):
            self._read_token(str(token))

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]
        self.upload = sent[0] if sent else None

    def _read_token(self, token: str) -> None:
        try:
            file_id, self.question_id = read_token(FILE_PURPOSE, token)
        except DomainError:
            return
        if self.name == field_name(self.question_id):
            self.hold(queries.waiting_file(file_id, self.question_id))

    def hold(self, file: AnswerFile | None) -> None:
        """The answer is this file, received but nobody's yet."""
        if file is not None:
            self.received = file
            self.data = {"id": file.id, "name": file.filename}

    @property
    def token(self) -> str:
        """What the pages carry in place of the file."""
        return make_token(FILE_PURPOSE, self.received.id, self.received.question_id) if self.received else ""

    def _value(self) -> bool:
        return False


def field_name(question_id: int) -> str:
    """Return the name of the question's field in pages."""
    return f"question_{question_id}"


def which_name(name: str) -> str:
    """Return the name of the field that asks which commune another field means."""
    return f"{name}_which"


class OneOf:
    """The answer is among those offered."""

    def __call__(self, form: Any, field: Any) -> None:
        given = field.data if isinstance(field.data, list) else [field.data]
        if not set(given) <= {str(choice.value) for choice in field.choices}:
            raise ValidationError(_("Choisissez une réponse dans la liste."))


class Numeric:
    """The text is a number."""

    def __call__(self, form: Any, field: NumberAnswer) -> None:
        if field.data and field.answer is None:
            raise ValidationError(_("Saisissez un nombre, par exemple 12 ou 12,5."))


class Located:
    """The text names one commune, or what is typed is kept on purpose."""

    def __call__(self, form: Any, field: CommuneAnswer) -> None:
        field.look_up(form[which_name(field.name)])


class Listed:
    """The organisation is looked for in the directory; it need not be there."""

    def __call__(self, form: Any, field: OrganisationAnswer) -> None:
        field.known = find_organisation(field.data)
