"""Base of every form: protected, French first, nothing typed is lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FieldList, FormField, SelectChoice, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.i18n import messages_path
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import Text, _, _l, current_locale
from eventsapp.core.versions import SavedMeanwhile
from eventsapp.core.widgets import draw

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


class _TokenField(CSRFTokenField):
    """The token is signed when it is shown: a form that is only read needs none."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        Field.process(self, *args, **kwargs)

    def _value(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class _Protection(FlaskForm.Meta.csrf_class):  # Flask-WTF names this class nowhere else
    field_class = _TokenField


def _bound(form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
    if issubclass(unbound_field.field_class, StringField):
        lines = [] if issubclass(unbound_field.field_class, TextAreaField) else [one_line]
        options["filters"] = [tidy, *lines, *unbound_field.kwargs.pop("filters", [])]
    return unbound_field.bind(form=form, **options)


def _belonging_to(field: Any, form: Any) -> Any:
    """Return a twin of the field for this form: making one from its declaration takes ten times as long."""
    twin = object.__new__(type(field))
    vars(twin).update(vars(field), _form=form, meta=form and form.meta)
    return twin


class _Texts:
    """WTForms' own messages in the language spoken: Flask-WTF looks for their files at each request."""

    def gettext(self, text: str) -> str:
        return str(_texts_of_wtforms(current_locale()).gettext(text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(_texts_of_wtforms(current_locale()).ngettext(singular, plural, count))


@cache
def _texts_of_wtforms(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


_WTFORMS_TEXTS = _Texts()


class Form(FlaskForm):
    """A protected form. Subclasses hold shape and syntax; rules are the services'."""

    error_status = 422  # of the page that shows its errors

    class Meta(FlaskForm.Meta):
        csrf_class = _Protection

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A file sent in the name of another field is none: the field would take it for a text."""
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            expected = [field.name for field in form if isinstance(field.widget, FileInput)]
            files = [(name, file) for name, file in request.files.items(multi=True) if name in expected]
            return CombinedMultiDict([MultiDict(files), request.form])

        def get_translations(self, form: Any) -> Any:
            return _WTFORMS_TEXTS

        def render_field(self, field: Field, render_kw: Mapping[str, Any]) -> Markup:
            return draw(field, render_kw)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, FieldList | FormField) or options["prefix"]:
                return _bound(form, unbound_field, options)
            models = vars(unbound_field).setdefault("models", {})
            if options["name"] not in models:
                models[options["name"]] = _belonging_to(_bound(form, unbound_field, options), None)
            return _belonging_to(models[options["name"]], form)

    def refuse(self, error: DomainError) -> None:
        """Show a rule's refusal next to its field, or above the form when it has none."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)

    def carries_out(self, write: Callable[[], object]) -> bool:
        """Run one service; when a rule refuses, show why in the form and return False.

        SavedMeanwhile passes: the page has to show both.
        """
        try:
            write()
        except SavedMeanwhile:
            raise
        except DomainError as refusal:
            self.refuse(refusal)
            return False
        return True

    @property
    def status(self) -> int:
        """The status of the page that shows this form: that of its errors, else 200."""
        return self.error_status if self.errors else 200


class Together:
    """Several forms that one page sends at once, in their order on it: checked, and their errors told, as one."""

    def __init__(self, *forms: Form) -> None:
        self.forms = forms

    def __iter__(self) -> Iterator[Field]:
        return (field for form in self.forms for field in form)

    @property
    def errors(self) -> dict[str, Any]:
        return {name: errors for form in self.forms for name, errors in form.errors.items()}

    @property
    def form_errors(self) -> list[Any]:
        return [message for form in self.forms for message in form.form_errors]

    @property
    def status(self) -> int:
        """The status of the page: 422 with errors, else 200."""
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


_PLAIN_ADDRESS = re.compile(
    r"(?=.{6,254}\Z)(?=[^@]{1,64}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9]|-(?!-)){0,61}\.)+([A-Za-z]{2,24})"
)
_SPECIAL_ENDINGS = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


def is_plain_address(text: str) -> bool:
    """Tell whether the text is plainly an address: letters, digits and dots. Others need a longer look."""
    found = _PLAIN_ADDRESS.fullmatch(text)
    return found is not None and "-." not in text and found[1].lower() not in _SPECIAL_ENDINGS


class MailAddress:
    """The field must hold the syntax of an e-mail address (RFC 5321); delivery is not tried here."""

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data or is_plain_address(field.data):
            return
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError as error:
            message = _("Saisissez une adresse électronique complète, par exemple nom@exemple.fr.")
            raise StopValidation(message) from error


class WebAddress:
    """The field may hold the whole address of a web page, https or http."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise StopValidation(_("Saisissez une adresse complète, par exemple https://exemple.fr/page."))


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
