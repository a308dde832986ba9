"""Base of every form: protected, French first, nothing typed is lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, StringField, TextAreaField
from wtforms.validators import StopValidation

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import Text, _, _l

# Never typed on purpose: control characters, and marks that make a text read backwards.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")


def tidy(value: Any) -> Any:
    """Return the text without outer blanks nor unseen marks and in Unicode NFC; letters stay as typed."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", value)).strip() if isinstance(value, str) else value


def one_line(value: Any) -> Any:
    """Return the text with a blank for each line break: a name ends up in headers, calendars and titles."""
    return _BREAKS.sub(" ", value) if isinstance(value, str) else value


def choices(labels: Mapping[str, Text], *, first: Text | None = None) -> list[SelectChoice]:
    """Return the options of a list or of radio buttons; ``first`` is an empty choice above the others."""
    options = [SelectChoice(value, label) for value, label in labels.items()]
    return options if first is None else [SelectChoice("", first), *options]


class Form(FlaskForm):
    """A protected form. Subclasses hold shape and syntax; rules are the services'."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField):
                lines = [] if issubclass(unbound_field.field_class, TextAreaField) else [one_line]
                options["filters"] = [tidy, *lines, *unbound_field.kwargs.pop("filters", [])]
            return unbound_field.bind(form=form, **options)

    def refuse(self, error: DomainError) -> None:
        """Show a rule's refusal next to its field, or above the form when it has none."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)

    def carries_out(self, write: Callable[[], object]) -> bool:
        """Run one service; when a rule refuses, show why in the form and return False."""
        try:
            write()
        except DomainError as refusal:
            self.refuse(refusal)
            return False
        return True

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 422 with errors, else 200."""
        return 422 if self.errors else 200


class Required:
    """The field must be filled; the message says what to type or choose."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __init__(self, message: Text) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        data = field.data
        if data is None or data in ("", [], False) or (isinstance(data, str) and not data.strip()):
            field.errors = []
            raise StopValidation(str(self.message))


class MailAddress:
    """The field must hold the syntax of an e-mail address (RFC 5321); delivery is not tried here."""

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            return
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError as error:
            message = _("Saisissez une adresse électronique complète, par exemple nom@exemple.fr.")
            raise StopValidation(message) from error


class AtMost:
    """The text may have that many characters at most."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.field_flags = {"maxlength": length}

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and len(field.data) > self.length:
            raise StopValidation(
                _(
                    "Écrivez au plus %(count)d caractères (vous en avez %(typed)d).",
                    count=self.length,
                    typed=len(field.data),
                )
            )


class Between:
    """The number must lie between two bounds, both included."""

    def __init__(self, minimum: int, maximum: int, message: Text | None = None) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.message = message or _l(
            "Saisissez un nombre entre %(low)d et %(high)d.", low=minimum, high=maximum
        )

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is not None and not self.minimum <= field.data <= self.maximum:
            raise StopValidation(str(self.message))
