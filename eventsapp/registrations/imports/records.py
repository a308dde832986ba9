"""A line of a file, read as the office's own form would be: by the same fields, with the same refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from eventsapp.core.i18n import Text, _l
from eventsapp.core.keys import search_key
from eventsapp.core.tables.cells import as_typed, bare_address, civility_of, locale_of, truth_of
from eventsapp.directory.queries import find_organisation
from eventsapp.geography.queries import communes_typed
from eventsapp.meetings.models import Session
from eventsapp.registrations import rules
from eventsapp.registrations.choices import NO_CHOICE, Choices
from eventsapp.registrations.details import Details
from eventsapp.registrations.errors import SessionsOverlap
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.forms import OfficeDetailsForm
from eventsapp.registrations.imports.columns import QUESTION, WORKSHOPS, Destination, fields_of
from eventsapp.registrations.imports.errors import ColumnsHaveChanged
from eventsapp.registrations.models import ATTENDANCE_MODES, PARTICIPANT_KINDS, Question
from eventsapp.registrations.questions.answers import GivenAnswers
from eventsapp.registrations.questions.forms.asked import asked_form
from eventsapp.registrations.questions.forms.fields import field_name
from eventsapp.registrations.questions.rules import NO, YES, kept, offered

LOOKED_UP = {"organisation": 200, "commune": 100}  # kinds found in our tables, and the longest text

_PARTS = re.compile(r"[;|\n]")
_SLASH = " / "  # as our own files write several workshops; titles may hold one
_NONE = {"", "0", "aucun", "aucune", "non", "neant", "sans", "je ne participe pas"}
_KINDS = {
    "elected": "elu|elue|elus|elues|elected",
    "officer": "agent|agente|agents|agent de collectivite|technicien|technicienne|officer",
    "network": "reseaux",
    "association": "associations|asso",
    "company": "entreprise|entreprises|cooperative|scop|scic|company",
    "university": "universites|recherche|chercheur|chercheuse|university",
    "state": "services de l etat|state",
    "other": "autres|other",
}
_MODES = {
    "on_site": "presentiel|en presentiel|on site",
    "remote": "distanciel|en distanciel|visio|en ligne|remote|online",
}


@dataclass(frozen=True)
class Record:
    """What a line says, and what is wrong with it; ``details`` is None when somebody cannot be registered from it."""

    values: Mapping[str, str]  # as typed, by field
    details: Details | None = None
    choices: Choices = NO_CHOICE
    locale: str = "fr"
    answers: GivenAnswers = field(default_factory=GivenAnswers)
    problems: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()  # what is left out


class RecordReader:
    """Reads the lines of one file for one meeting.

    ``looks_up``: organisations and communes are looked for in our tables, a statement each; what is not found, or
    is several, stays as typed.
    """

    def __init__(self, destination: Destination, columns: Sequence[str], *, looks_up: bool = False) -> None:
        offer = destination.offer
        self.offer, self.columns, self.looks_up = offer, columns, looks_up
        self.fields = fields_of(destination)
        if not {name for name in columns if name} <= set(self.fields):
            raise ColumnsHaveChanged
        self.questions = [one for one in destination.questions if f"{QUESTION}{one.id}" in columns]
        self.form = asked_form(offer.questions, by_office=True, is_new=True)
        self.kinds = _codes(PARTICIPANT_KINDS, _KINDS)
        self.modes = _codes(ATTENDANCE_MODES, _MODES)
        self.regions = _codes(REGIONS, {})

    def read(self, cells: Sequence[str]) -> Record:
        """Return what the line says."""
        problems: list[Text] = []
        notes: list[Text] = []
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            problems.append(_l("Cette ligne a plus de cases que la ligne de titres."))
        pairs = zip(self.columns, cells, strict=False)
        values = {name: as_typed(cell).strip() for name, cell in pairs if name}
        details = self._details(values, problems)
        sessions = self._sessions(values, problems)
        answers = self._answers(values, problems, notes)
        mode = self._among("mode", self.modes, values, problems)
        choices = Choices(session_ids=tuple(session.id for session in sessions), mode=mode)
        locale = locale_of(values.get("locale", ""))
        return Record(values, details, choices, locale, answers, tuple(problems), tuple(notes))

    def _details(self, values: Mapping[str, str], problems: list[Text]) -> Details | None:
        typed = {name: values.get(name, "") for name in Details.__annotations__}
        typed |= {
            "email": bare_address(typed["email"]),
            "civility": civility_of(typed["civility"]),
            "participant_kind": self._among("participant_kind", self.kinds, values, problems),
            "region_code": self._among("region_code", self.regions, values, problems),
            "accepts_listing": "y" if truth_of(typed["accepts_listing"]) else "",
        }
        given = MultiDict({name: text for name, text in typed.items() if text})
        form = OfficeDetailsForm(formdata=given, meta={"csrf": False})
        if form.validate():
            return form.to_details()
        problems += [self._about(name, errors[0]) for name, errors in form.errors.items()]
        return None

    def _among(
        self, name: str, codes: Mapping[str, str], values: Mapping[str, str], problems: list[Text]
    ) -> str:
        """Return the code of what is written in the cell; «» when nothing is."""
        text = values.get(name, "")
        code = codes.get(search_key(text), "")
        if text and not code:
            problems.append(self._about(name, _l("« %(text)s » n’est pas reconnu.", text=text[:80])))
        return code

    def _about(self, name: str, error: Text) -> Text:
        return _l("%(field)s : %(error)s", field=self.fields[name], error=error)

    # --- Workshops ----------------------------------------------------------------------------------

    def _sessions(self, values: Mapping[str, str], problems: list[Text]) -> list[Session]:
        found: dict[int, Session] = {}
        for name, among, text in self._wanted(values):
            titled = [session for session in among if search_key(session.title) == search_key(text)]
            if len(titled) == 1:
                found[titled[0].id] = titled[0]
                continue
            what = (
                _l("plusieurs ateliers s’appellent « %(text)s » : mettez une colonne par créneau.", text=text)
                if titled
                else _l("aucun atelier ne s’appelle « %(text)s ».", text=text[:80])
            )
            problems.append(self._about(name, what))
        if clash := rules.first_overlap(found.values()):
            problems.append(SessionsOverlap(*clash).message)
        return list(found.values())

    def _wanted(self, values: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Session], str]]:
        """Yield the titles written, each with its column and the workshops among which it is looked for."""
        every = [session for slot in self.offer.slots for session in slot.sessions]
        titles = {search_key(session.title) for session in every}
        parts = _titles_in(values.get(WORKSHOPS, ""), titles)
        wanted = [(slot.name, slot.sessions, values.get(slot.name, "")) for slot in self.offer.slots]
        wanted += [(WORKSHOPS, tuple(every), part) for part in parts]
        return ((name, among, text) for name, among, text in wanted if search_key(text) not in _NONE)

    # --- Answers to the meeting's own questions -------------------------------------------------------

    def _answers(self, values: Mapping[str, str], problems: list[Text], notes: list[Text]) -> GivenAnswers:
        version = self.offer.setup.form_version
        written = {one: text for one in self.questions if (text := values.get(f"{QUESTION}{one.id}", ""))}
        if not written:
            return GivenAnswers(version)
        typed = [
            pair for one, text in written.items() if one.kind not in LOOKED_UP for pair in _typed(one, text)
        ]
        form = self.form.filled_with(MultiDict(typed))
        form.validate()
        answers = {**form.values, **self._looked_up(written)}
        too_long = [one for one, text in written.items() if len(text) > LOOKED_UP.get(one.kind, len(text))]
        asked = kept(self.offer.questions, answers)
        for one in written:
            name, errors = f"{QUESTION}{one.id}", form.errors.get(field_name(one.id))
            if errors:
                problems.append(self._about(name, errors[0]))
            elif one in too_long:
                most = LOOKED_UP[one.kind]
                problems.append(self._about(name, _l("au plus %(count)d caractères.", count=most)))
            elif one.id not in asked:
                what = _l("la question ne se pose pas, d’après les autres réponses : celle-ci est laissée.")
                notes.append(self._about(name, what))
        return GivenAnswers(version, asked)

    def _looked_up(self, written: Mapping[Question, str]) -> dict[int, object]:
        ways: dict[str, Callable[[str], object]] = {
            "organisation": self._organisation,
            "commune": self._commune,
        }
        return {one.id: ways[one.kind](text) for one, text in written.items() if one.kind in ways}

    def _organisation(self, text: str) -> object:
        known = find_organisation(text) if self.looks_up else None
        return {"id": known.id if known else None, "name": text}

    def _commune(self, text: str) -> object:
        found = communes_typed(text) if self.looks_up else []
        return (
            {"code": found[0].code, "name": found[0].name} if len(found) == 1 else {"code": "", "name": text}
        )


def _codes(labels: Mapping[str, Text], others: Mapping[str, str]) -> dict[str, str]:
    """Return the code that each way of writing a choice stands for."""
    found = {word: code for code, words in others.items() for word in words.split("|")}
    return {
        **found,
        **{search_key(code): code for code in labels},
        **{search_key(str(x)): c for c, x in labels.items()},
    }


def _titles_in(text: str, titles: Collection[str]) -> list[str]:
    """Return the titles written in one cell, the longest known one first where a slash may be part of it."""
    found: list[str] = []
    for part in _PARTS.split(text):
        pieces = part.strip().split(_SLASH)
        while pieces:
            ends = range(len(pieces), 1, -1)
            end = next((n for n in ends if search_key(_SLASH.join(pieces[:n])) in titles), 1)
            found.append(_SLASH.join(pieces[:end]).strip())
            pieces = pieces[end:]
    return found


def _typed(question: Question, text: str) -> list[tuple[str, str]]:
    """Return what the form would have sent for this answer; what is not recognised stays, for the form to refuse."""
    name = field_name(question.id)
    match question.kind:
        case "choice":
            return [(name, _key(question, text))]
        case "choices":
            is_one = _key(question, text) != text
            separator = ";" if ";" in text else "," if "\n" not in text else "\n"
            parts = [text] if is_one else [part.strip() for part in text.split(separator)]
            return [(name, _key(question, part)) for part in parts if part]
        case "yes_no":
            return [(name, {True: YES, False: NO, None: text}[truth_of(text)])]
    return [(name, text)]


def _key(question: Question, text: str) -> str:
    labels = {search_key(option["label"]): option["key"] for option in offered(question.options)}
    return labels.get(search_key(text), text)
