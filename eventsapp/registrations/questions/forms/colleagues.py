"""What a contact person answers for each colleague: one page a person, all of it posted on from page to page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from eventsapp.core.i18n import _l
from eventsapp.registrations.colleagues import MOST_COLLEAGUES, Colleague
from eventsapp.registrations.details import Details
from eventsapp.registrations.models import Question
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.errors import FormHasChanged
from eventsapp.registrations.questions.forms.asked import VERSION, AskedForm, fields_for, is_a_colleagues

PERSON = "personne"  # whose page this is; the answers of the others are named after it
LATER = "completes_later"
_NAME = re.compile(rf"question_[0-9]{{1,9}}(?:_which|_asked)?|{LATER}|{VERSION}")


class ColleagueForm(AskedForm):
    """The questions about one colleague, but for consents and files: those are that person's to give."""

    completes_later = BooleanField(_l("Cette personne complétera elle-même ce qui manque"))
    version = ""  # of the form that was filled in; «» before the person's page is sent

    def is_complete_for(self, form_version: int) -> bool:
        """Check the answers to this version of the form; those to another are shown again, with what changed."""
        if self.version == str(form_version):
            return self.is_complete()
        if self.version:
            self.refuse(FormHasChanged())
        return False


class ColleaguesAnswers:
    """The answers about each colleague, by their number on the page."""

    def __init__(self, questions: Sequence[Question], form_version: int, sent: MultiDict[str, str]) -> None:
        self.form_version, self.sent = form_version, sent
        self.asked = [one for one in questions if is_a_colleagues(one)]
        self.left_to_them = [one for one in questions if one not in self.asked]
        self._kinds = {is_left: _kind(questions, self.asked, is_left) for is_left in (False, True)}

    def form_of(self, number: int) -> ColleagueForm:
        """Return the form of this person with what was sent; what is required may be left to them."""
        sent = _about(number, self.sent)
        form: ColleagueForm = self._kinds[LATER in sent](formdata=sent, meta={"csrf": False})
        form.version = sent.get(VERSION, "")
        return form

    def first_due(self, numbers: Iterable[int]) -> tuple[int, ColleagueForm] | None:
        """Return the first of these people whose answers are to be given or corrected, or None: all are there."""
        forms = ((number, self.form_of(number)) for number in numbers if self.asked)
        return next((due for due in forms if not due[1].is_complete_for(self.form_version)), None)

    def about(self, number: int, details: Details) -> Colleague:
        """Return somebody whose answers are complete."""
        if not self.asked:
            return Colleague(details, GivenAnswers(self.form_version))
        form = self.form_of(number)
        form.validate()  # communes are looked up then
        return Colleague(details, form.given(self.form_version))

    def carried(self, *, but: int | None = None) -> list[tuple[str, str]]:
        """Return the answers that a page posts on, as typed; ``but`` those of the person whose page it is."""
        numbers = [number for number in range(1, MOST_COLLEAGUES + 1) if number != but]
        return [
            (f"{PERSON}_{number}_{name}", value)
            for number in numbers
            for name, value in _about(number, self.sent).items(multi=True)
            if value
        ]


def _kind(questions: Sequence[Question], asked: Sequence[Question], is_left: bool) -> Any:
    kind: Any = type("ColleagueQuestions", (ColleagueForm,), fields_for(asked, may_be_left=is_left))
    kind.questions, kind.every = asked, questions
    return kind


def _about(number: int, sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was sent about this person, under the names of their own page."""
    prefix = "" if sent.get(PERSON) == str(number) else f"{PERSON}_{number}_"
    return MultiDict(
        (name, value)
        for full, value in sent.items(multi=True)
        if full.startswith(prefix) and _NAME.fullmatch(name := full.removeprefix(prefix))
    )
