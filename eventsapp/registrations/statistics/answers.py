"""Answers to the questions of the form that are options, counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eventsapp.core.i18n import _, _l, ngettext
from eventsapp.registrations.models import Question
from eventsapp.registrations.questions.rules import NO, YES, offered
from eventsapp.registrations.statistics.tables import MOST_LINES, Line, Table, table_of_answers

OPTION_KINDS = ("choice", "choices", "yes_no")
COUNTED_KINDS = (*OPTION_KINDS, "commune")


def counted_questions(questions: Iterable[Question]) -> list[Question]:
    """Return those whose answers are counted: options and communes, none that only the reception desk reads."""
    return [one for one in questions if one.kind in COUNTED_KINDS and one.visibility == "office"]


def options_table(question: Question, chosen: Mapping[tuple[int, str], int], respondents: int) -> Table:
    """Return how often each option was chosen, in the order of the form; one removed since has its last words."""
    given = {key: number for (question_id, key), number in chosen.items() if question_id == question.id}
    labels = _labels(question)
    keys = [key for key in labels if key in given or key in _offered(question)]
    lines = [Line(labels[key], given.get(key, 0), respondents) for key in keys]
    return _table(question, _bounded(lines, respondents), respondents)


def communes_table(question: Question, found: Iterable[tuple[int, str, int]], respondents: int) -> Table:
    """Return the communes that most people answered, all others in one line."""
    largest = [(name, number) for question_id, name, number in found if question_id == question.id]
    if len(largest) >= MOST_LINES:
        largest = largest[: MOST_LINES - 1]
        largest.append((_("Autres communes"), respondents - sum(number for _name, number in largest)))
    return _table(question, [Line(name, number, respondents) for name, number in largest], respondents)


def _labels(question: Question) -> Mapping[str, str]:
    if question.kind == "yes_no":
        return {YES: _("Oui"), NO: _("Non")}
    return {option["key"]: option["label"] for option in question.options}


def _offered(question: Question) -> set[str]:
    return {YES, NO} if question.kind == "yes_no" else {one["key"] for one in offered(question.options)}


def _bounded(lines: Sequence[Line], respondents: int) -> list[Line]:
    """A long list of options keeps those chosen most; «others» may be one person's several times."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    largest = sorted(lines, key=lambda line: -line.expected)
    rest = sum(line.expected for line in largest[MOST_LINES - 1 :])
    return [*largest[: MOST_LINES - 1], Line(_("Autres réponses"), rest, respondents)]


def _table(question: Question, lines: Sequence[Line], respondents: int) -> Table:
    note = ngettext("%(num)d personne a répondu.", "%(num)d personnes ont répondu.", respondents)
    if question.kind == "choices":
        note = f"{note} {_('Plusieurs réponses étaient possibles.')}"
    if question.retired_at:
        note = f"{note} {_('Cette question n’est plus posée.')}"
    return table_of_answers(f"question-{question.id}", question.label, _l("Réponse"), lines, note)
