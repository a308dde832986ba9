"""The form of a meeting's questions, made from what organisers wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.validators import Optional, StopValidation

from eventsapp.core.errors import DomainError
from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import Text, _, _l, french_spaces
from eventsapp.registrations.forms import PhoneNumber
from eventsapp.registrations.models import AnswerFile, Question
from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.answers import GivenAnswers, in_words
from eventsapp.registrations.questions.forms import fields
from eventsapp.registrations.questions.forms.fields import FileAnswer, field_name, which_name

LONGEST_TEXT = 500
LONGEST_LONG_TEXT = 5000
MOST_IN_SIGHT = 8  # options; more are in a list
PREFIX = "question_"
VERSION = "form_version"
SEEN = "_asked"  # after the name of a field: the page showed its question

# field class, further validators
KINDS: dict[str, tuple[type[Any], tuple[Any, ...]]] = {
    "text": (fields.TextAnswer, (AtMost(LONGEST_TEXT),)),
    "long_text": (fields.LongTextAnswer, (AtMost(LONGEST_LONG_TEXT),)),
    "choice": (fields.ChoiceAnswer, (fields.OneOf(),)),
    "choices": (fields.ChoicesAnswer, (fields.OneOf(),)),
    "yes_no": (fields.YesNoAnswer, (fields.OneOf(),)),
    "number": (fields.NumberAnswer, (fields.Numeric(),)),
    "date": (fields.DateAnswer, ()),
    "email": (fields.EmailAnswer, (AtMost(254), MailAddress())),
    "phone": (fields.PhoneAnswer, (AtMost(30), PhoneNumber())),
    "file": (fields.FileAnswer, ()),
    "organisation": (fields.OrganisationAnswer, (AtMost(200), fields.Listed())),
    "commune": (fields.CommuneAnswer, (AtMost(100), fields.Located())),
    "consent": (fields.ConsentAnswer, ()),
}


class Answered(Required):
    """The question must be answered; an answer that cannot be read says so by itself."""

    def __call__(self, form: Form, field: Any) -> None:
        if field.errors:
            raise StopValidation
        super().__call__(form, field)


class ToAsk(Optional):
    """The question is asked of everybody; whoever answers for somebody else may leave it for later."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}  # not said to be optional


class AskedForm(Form):
    """One field a question, those not asked for included: the page hides them until an answer calls for them."""

    questions: Sequence[Question] = ()  # those of the page
    every: Sequence[Question] = ()  # those of the form
    fixed: Mapping[int, Any] = {}  # answers that the page leaves as they are

    def field_of(self, question: Question) -> Any:
        return self._fields[field_name(question.id)]

    @property
    def values(self) -> dict[int, Any]:
        """The answers typed, and those that the page does not show."""
        typed = {one.id: self.field_of(one).answer for one in self.questions}
        return {**self.fixed, **{key: value for key, value in typed.items() if value is not None}}

    @property
    def shown(self) -> list[Question]:
        """The questions of the page that the answers call for."""
        return [one for one in rules.shown(self.every, self.values) if one in self.questions]

    def is_complete(self) -> bool:
        """Check the answers; tell whether every question that they call for was shown and well answered."""
        return self.validate() and not self.newly_shown

    @property
    def sections(self) -> list[tuple[str, list[Question]]]:
        """The questions under the title of their section, those not asked included."""
        return [(title, list(one)) for title, one in groupby(self.questions, lambda one: one.section)]

    @property
    def has_files(self) -> bool:
        return any(question.kind == "file" for question in self.questions)

    @property
    def newly_shown(self) -> list[Question]:
        """The questions called for by answers of the very page that did not show them."""
        if self._seen is None:
            return []
        return [question for question in self.shown if field_name(question.id) not in self._seen]

    def filled_with(self, typed: MultiDict[str, str]) -> AskedForm:
        """Return the form of the same questions with these answers, which no page sent."""
        form = type(self)(formdata=typed, meta={"csrf": False})
        form.questions, form.every = self.questions, self.every
        return form

    _seen: frozenset[str] | None = None

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Read what was sent, and which questions its page showed."""
        super().process(formdata, *args, **kwargs)
        sent = self.meta.wrap_formdata(self, formdata)
        self._seen = frozenset(name for name in self._fields if sent and f"{name}{SEEN}" in sent) or None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the answers to the questions asked; what was typed for another is no error.

        Nor is it one to have left empty a question that the page did not show.
        """
        super().validate(*args, **kwargs)
        new = [question for question in self.newly_shown if self.field_of(question).answer is None]
        due = [question for question in self.shown if question not in new]
        for question in self.questions:
            if question not in due:
                self.field_of(question).errors = []
        return not self.errors

    def receive(self, keep: Callable[[int, str, bytes], AnswerFile]) -> None:
        """Have the files sent kept; one that is refused says why beside its field."""
        for question in self.questions:
            field = self.field_of(question)
            if not isinstance(field, FileAnswer) or field.upload is None:
                continue
            try:
                field.hold(keep(question.id, field.upload.filename or "", field.upload.read()))
            except DomainError as refusal:
                field.process_errors.append(refusal.message)

    @property
    def rows(self) -> list[tuple[str, str, None]]:
        """The questions asked and their answers in words, for components/summary_list.html."""
        values = self.values
        said = {key: in_words(one, values[key]) for one in self.shown if (key := one.id) in values}
        return [(french_spaces(one.label), said.get(one.id, ""), None) for one in self.shown]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What other pages post on: the answers as they were typed, files by their token."""
        files = [field for field in self if isinstance(field, FileAnswer)]
        tokens = [(f"{field.name}_file", field.token) for field in files if field.token]
        return [
            (field.name, value) for field in self if field not in files for value in _sent(field)
        ] + tokens

    def given(self, form_version: int) -> GivenAnswers:
        """Return the answers to the questions asked."""
        values = rules.kept(self.every, self.values)
        files = {one.id: self.field_of(one) for one in self.questions if one.kind == "file"}
        received = {key: f.received.id for key, f in files.items() if key in values and f.received}
        return GivenAnswers(form_version, values, received)


def asked_form(
    questions: Sequence[Question],
    values: Mapping[int, Any] | None = None,
    *,
    is_sent: bool = False,
    by_office: bool = False,
    is_new: bool = False,
) -> AskedForm:
    """Return the form of these questions, filled with the answers there are, or with what was sent.

    ``by_office``: nothing has to be answered, what only the desk reads is not shown (unless nothing was answered
    yet: ``is_new``) and nobody consents for somebody else.
    """
    if not questions:
        return AskedForm(formdata=None, meta={"csrf": False})
    values = values or {}
    written = [one for one in questions if not by_office or is_the_offices(one, is_new=is_new)]
    known = [one for one in written if one.kind == "file" or not is_sent]  # a file is not sent again
    kind = type("QuestionsForm", (AskedForm,), fields_for(written, may_be_left=by_office))
    form: AskedForm = kind(data={field_name(one.id): values.get(one.id) for one in known})
    form.questions, form.every = written, questions
    form.fixed = {key: value for key, value in values.items() if key not in {one.id for one in written}}
    return form


def fields_for(questions: Sequence[Question], *, may_be_left: bool) -> dict[str, Any]:
    """Return the fields of these questions; ``may_be_left``: whoever answers for somebody else may not know."""
    made: dict[str, Any] = {}
    for question in questions:
        made[field_name(question.id)] = _field(question, may_be_left=may_be_left)
        if question.kind == "commune":
            made[which_name(field_name(question.id))] = _which()
    return made


def is_the_offices(question: Question, *, is_new: bool = False) -> bool:
    """Tell whether organisers may answer for somebody else: never consent in their name, nor read what the desk
    alone reads, which they may write down when nothing was answered yet (``is_new``)."""
    return question.kind != "consent" and (is_new or question.visibility == "office")


def is_a_colleagues(question: Question) -> bool:
    """Tell whether whoever registers a colleague may answer for them: never consent in their name; a file is
    theirs to send."""
    return is_the_offices(question, is_new=True) and question.kind != "file"


def _field(question: Question, *, may_be_left: bool) -> Any:
    kind, validators = KINDS[question.kind]
    is_required = question.is_required and not may_be_left
    options: dict[str, Any] = {}
    match question.kind:
        case "choice" | "choices":
            kind, options = _among(question, kind, is_required=is_required)
        case "yes_no":
            options = {
                "choices": choices({rules.YES: _l("Oui"), rules.NO: _l("Non")}),
                "validate_choice": False,
            }
        case "consent":
            text = rules.consent_text(question.label, question.help)
            options = {"text": text, "version": rules.consent_version(text)}
    first = Answered(_missing(question)) if is_required else ToAsk() if question.is_required else Optional()
    return kind(french_spaces(question.label), [first, *validators], **options)


def _among(question: Question, kind: type[Any], *, is_required: bool) -> tuple[type[Any], dict[str, Any]]:
    labels: dict[str, Text] = {one["key"]: one["label"] for one in rules.offered(question.options)}
    if question.kind == "choice" and len(labels) > MOST_IN_SIGHT:
        return fields.ListedAnswer, {
            "choices": choices(labels, first=_l("Choisissez")),
            "validate_choice": False,
        }
    if question.kind == "choice" and not is_required:
        labels = {**labels, "": _l("Sans réponse")}
    return kind, {"choices": choices(labels), "validate_choice": False}


def _sent(field: Any) -> list[str]:
    sent = [value for value in field.raw_data or [] if value and field.name.startswith(PREFIX)]
    return sent if isinstance(field, fields.ChoicesAnswer) else sent[:1]


def _which() -> Any:
    return RadioField(_l("Quelle commune ?"), choices=[], validate_choice=False)


def _missing(question: Question) -> Text:
    if question.kind == "consent":
        return _("Cochez « %(label)s » pour continuer.", label=question.label)
    return _("Répondez à « %(label)s ».", label=question.label)
