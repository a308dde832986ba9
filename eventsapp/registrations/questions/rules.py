"""What of a form is asked, in which order, and what is kept of the answers. Pure, on plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Protocol, TypeVar

from slugify import slugify

MOST_QUESTIONS = 60
MOST_OPTIONS = 100
MOST_FILES = 3  # questions that ask for one: a page of them is received whole (views.asking.take_files)
LONGEST_LABEL = 300
LONGEST_OPTION = 150
LONGEST_KEY = 40

WITH_OPTIONS = ("choice", "choices")
DECIDING = (*WITH_OPTIONS, "yes_no")  # kinds whose answer may call for a later question
YES, NO = "yes", "no"

Option = dict[str, str]


class Asked(Protocol):
    """What of a question decides whether it is asked."""

    @property
    def id(self) -> int: ...

    @property
    def shown_if_id(self) -> int | None: ...

    @property
    def shown_if_value(self) -> str: ...


Question = TypeVar("Question", bound=Asked)


def shown(questions: Iterable[Question], values: Mapping[int, Any]) -> list[Question]:
    """Return the questions that these answers call for, in their order.

    A question that is not asked calls for no other, whatever was answered to it before.
    """
    asked: dict[int, Question] = {}
    for question in questions:
        source = question.shown_if_id
        if source is None or (source in asked and says(values.get(source), question.shown_if_value)):
            asked[question.id] = question
    return list(asked.values())


def says(value: Any, wanted: str) -> bool:
    """Tell whether an answer is the one wanted, or one of several is."""
    if isinstance(value, bool):
        return wanted == (YES if value else NO)
    return wanted in value if isinstance(value, list) else value == wanted


def kept(questions: Iterable[Question], values: Mapping[int, Any]) -> dict[int, Any]:
    """Return the answers to the questions that are asked; the others are dropped."""
    return {one.id: values[one.id] for one in shown(questions, values) if one.id in values}


# --- The order of a form ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A question's place in a form: questions of one section follow each other."""

    id: int
    section: str
    shown_if_id: int | None = None


def moved(lines: Sequence[Line], line_id: int, step: int) -> list[Line]:
    """Return the order once the question went one step up (-1) or down (1).

    At the edge of its section it enters the next one, and stays where it is among all.
    """
    order = list(lines)
    at = _index(order, line_id)
    to = at + step
    if not 0 <= to < len(order):
        return order
    if order[at].section == order[to].section:
        order[at], order[to] = order[to], order[at]
    else:
        order[at] = replace(order[at], section=order[to].section)
    return order


def placed(lines: Sequence[Line], line: Line) -> list[Line]:
    """Return the order with the question last in its section; where it already stands in it, it stays."""
    known = next((one for one in lines if one.id == line.id), None)
    if known and known.section == line.section:
        return [line if one.id == line.id else one for one in lines]
    others = [one for one in lines if one.id != line.id]
    same = [at for at, one in enumerate(others) if one.section == line.section]
    at = same[-1] + 1 if same else len(others)
    return [*others[:at], line, *others[at:]]


def too_early(lines: Iterable[Line]) -> Line | None:
    """Return the first question that stands before the one that decides on it, or None."""
    before: set[int] = set()
    for line in lines:
        if line.shown_if_id is not None and line.shown_if_id not in before:
            return line
        before.add(line.id)
    return None


def _index(lines: Sequence[Line], line_id: int) -> int:
    return next(at for at, line in enumerate(lines) if line.id == line_id)


# --- Options ---------------------------------------------------------------------------------------


def is_retired(option: Option) -> bool:
    """Tell whether the option is no longer offered, and only there to read earlier answers."""
    return "retired" in option


def offered(options: Iterable[Option]) -> list[Option]:
    """Return the options that can be chosen."""
    return [option for option in options if not is_retired(option)]


def revised(
    options: Sequence[Option], labels: Mapping[str, str], added: Iterable[str], *, keeps_removed: bool
) -> list[Option]:
    """Return the options once their labels are ``labels`` (by key, in that order) and others are added.

    Keys never change, so that earlier answers are read with today's words. An option without a label is
    removed: still there to be read when ``keeps_removed``. One that comes back has the key it had.
    """
    offering = {key: label for key, label in labels.items() if label}
    removed = {option["key"]: option["label"] for option in options if option["key"] not in offering}
    for label in added:
        key = _key_of(label, removed) or _new_key(label, {*offering, *removed})
        removed.pop(key, None)
        offering[key] = label
    retired = [{"key": key, "label": label, "retired": YES} for key, label in removed.items()]
    return [*({"key": key, "label": label} for key, label in offering.items()), *retired * keeps_removed]


def _key_of(label: str, options: Mapping[str, str]) -> str | None:
    return next((key for key, known in options.items() if known.casefold() == label.casefold()), None)


def _new_key(label: str, taken: set[str]) -> str:
    base = slugify(label, max_length=LONGEST_KEY) or "choix"
    return next(key for key in _numbered(base) if key not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def first_doubled(labels: Iterable[str]) -> str | None:
    """Return the first label that another one already is, letter case aside."""
    seen: set[str] = set()
    for label in labels:
        if label.casefold() in seen:
            return label
        seen.add(label.casefold())
    return None


# --- Consents --------------------------------------------------------------------------------------


def consent_text(label: str, explanation: str) -> str:
    """Return the exact text that a person agrees to."""
    return f"{label}\n{explanation}" if explanation else label


def consent_version(text: str) -> str:
    """Return what tells this text from any other."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
