"""The organisers' forms: one question, and the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from eventsapp.core.fields import Rows, WholeNumberField
from eventsapp.core.forms import AtMost, Between, Form, Required, choices, one_line, tidy
from eventsapp.core.i18n import _, _l
from eventsapp.core.versions import version_of
from eventsapp.registrations.models import QUESTION_KINDS, FormTemplate, Question
from eventsapp.registrations.models.form import ANSWER_VISIBILITIES
from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.plans import QuestionPlan, content_of

PLAIN = ("kind", "is_required", "visibility", "keep_days")
TEXTS = ("label", "section", "help")
LONGEST_HELP = 3000
LONGEST_OPTIONS = 20_000
MOST_DAYS = 3650
_CONDITION = re.compile(r"([1-9][0-9]{0,8}):(.{1,200})")


class OptionForm(PlainForm):
    """One option that exists: its place and its words; without words it is removed."""

    key = HiddenField()
    rank = WholeNumberField(_l("Ordre"))
    label = StringField(_l("Choix"), filters=[tidy, one_line], render_kw={"maxlength": rules.LONGEST_OPTION})


class QuestionForm(Form):
    """A question as an organiser describes it. The order is that of the page and of its error summary."""

    seen = HiddenField()
    kind = SelectField(_l("Type de réponse"), choices=choices(QUESTION_KINDS))
    label = StringField(_l("Question"), [Required(_l("Écrivez la question.")), AtMost(rules.LONGEST_LABEL)])
    help = TextAreaField(_l("Précisions"), [Optional(), AtMost(LONGEST_HELP)])
    options = Rows(FormField(OptionForm), _l("Choix proposés"), max_entries=rules.MOST_OPTIONS)
    new_options = TextAreaField(_l("Ajouter des choix"), [Optional(), AtMost(LONGEST_OPTIONS)])
    is_required = BooleanField(_l("Il faut répondre pour s’inscrire"))
    section = StringField(_l("Rubrique"), [Optional(), AtMost(150)])
    shown_if = SelectField(_l("Poser cette question"), validate_choice=False)
    visibility = RadioField(
        _l("Qui lit les réponses ?"), choices=choices(ANSWER_VISIBILITIES), default="office"
    )
    keep_days = WholeNumberField(
        _l("Jours de conservation après la rencontre"), [Optional(), Between(0, MOST_DAYS)]
    )

    def offer(self, questions: Iterable[Question], question: Question | None) -> None:
        """Give the answers that may call for the question: those to the others that can decide."""
        others = [one for one in questions if one.kind in rules.DECIDING and one is not question]
        self.shown_if.choices = choices(
            {
                f"{one.id}:{key}": _condition(one, said)
                for one in others
                for key, said in _answers(one).items()
            },
            first=_l("Toujours"),
        )

    def take_over(self, stored: QuestionForm) -> None:
        """Saving again replaces what is stored; options that somebody else has added stay unless they are emptied."""
        self.seen.data = stored.seen.data
        known = {row.form.key.data for row in self.options.entries}
        for row in stored.options.entries:
            if row.form.key.data not in known:
                self.options.append_entry(row.data)

    def begin_anew(self) -> None:
        """The question is gone: what was typed, options included, is that of a new one."""
        labels = [label for label in self._labels().values() if label]
        self.new_options.data = "\n".join(filter(None, [*labels, self.new_options.data]))
        while self.options.entries:
            self.options.pop_entry()

    def plan(self) -> QuestionPlan:
        """Return the question of a valid form."""
        lines = re.split(r"[\r\n]+", self.new_options.data or "")
        condition = _CONDITION.fullmatch(self.shown_if.data or "")
        values: dict[str, Any] = {name: self._fields[name].data for name in PLAIN}
        values |= {name: self._fields[name].data or "" for name in TEXTS}
        return QuestionPlan(
            **values,
            labels=self._labels(),
            new_options=tuple(label for line in lines if (label := tidy(one_line(line)))),
            shown_if=(int(condition[1]), condition[2]) if condition else None,
        )

    def _labels(self) -> dict[str, str]:
        rows = [row.form for row in self.options.entries]
        last = len(rows) + 1
        ranked = sorted(rows, key=lambda row: last if row.rank.data is None else row.rank.data)
        return {row.key.data: row.label.data or "" for row in ranked if row.key.data}


class TemplateForm(Form):
    """The title of a template."""

    title = StringField(_l("Nom du modèle"), [Required(_l("Donnez un nom au modèle.")), AtMost(200)])


class TemplateChoiceForm(Form):
    """Which template is used."""

    template = SelectField(_l("Modèle"), validate_choice=False)

    def offer(self, templates: Iterable[tuple[FormTemplate, int]]) -> None:
        self.template.choices = choices(
            {
                str(one.id): _("%(title)s (%(count)d)", title=one.title, count=number)
                for one, number in templates
            }
        )


def form_of(question: Question) -> QuestionForm:
    """Return the form filled with the question."""
    offered = rules.offered(question.options)
    condition = f"{question.shown_if_id}:{question.shown_if_value}" if question.shown_if_id else ""
    values = {name: getattr(question, name) for name in (*PLAIN, *TEXTS)}
    rows = [{**option, "rank": rank} for rank, option in enumerate(offered, 1)]
    values |= {"options": rows, "shown_if": condition, "seen": version_of(content_of(question))}
    return QuestionForm(formdata=None, data=values)


def ready_made_form(values: Mapping[str, object]) -> QuestionForm:
    """Return the form of a new question, filled with what was prepared for it."""
    return QuestionForm(data={name: _plain(value) for name, value in values.items()})


def _plain(value: object) -> Any:
    return value if isinstance(value, int) else str(value)


def _answers(question: Question) -> dict[str, str]:
    if question.kind == "yes_no":
        return {rules.YES: _("Oui"), rules.NO: _("Non")}
    return {option["key"]: option["label"] for option in rules.offered(question.options)}


def _condition(question: Question, said: str) -> str:
    return _("Si « %(question)s » : %(answer)s", question=question.label, answer=said)
