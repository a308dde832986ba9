"""What an import would do, line by line: computed once, kept with the file as long as its lines are read alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from eventsapp.core.i18n import Text, _, _l
from eventsapp.core.keys import email_key, name_key, search_key
from eventsapp.core.tables.sheet import Row
from eventsapp.registrations.details import Details
from eventsapp.registrations.imports import queries
from eventsapp.registrations.imports.columns import Destination
from eventsapp.registrations.imports.forecast import Forecast, joins_waiting
from eventsapp.registrations.imports.records import Record, RecordReader
from eventsapp.registrations.likeness import REASONS, Keys, likely_pairs
from eventsapp.registrations.setup.queries import groups_of

# What may become of a line, in the order shown. Words for one line or several.
REGISTERING = {
    "registered": _l("À inscrire"),
    "queued": _l("À inscrire, atelier en attente"),
    "waiting": _l("Liste d’attente"),
}
OUTCOMES = {
    **REGISTERING,
    "skipped": _l("Déjà à la rencontre"),
    "repeated": _l("En double dans le fichier"),
    "refused": _l("Refus"),
}
LIKELY = "likely"


SHOWN = {"given_name": 60, "family_name": 60, "email": 80, "organisation": 80}  # characters of each


@dataclass(frozen=True)
class Line:
    """What a line says and what would become of it, and why; whom the person looks like, if anybody."""

    number: int
    outcome: str
    reason: str = ""
    person: Mapping[str, str] = field(default_factory=dict)  # as typed, by field
    session_ids: Sequence[int] = ()
    notes: Sequence[str] = ()  # what is left out
    registration_id: int | None = None  # the one that has this address, or that looks alike
    like_line: int | None = None  # an earlier or later line that looks alike
    likeness: str = ""

    @property
    def makes_a_registration(self) -> bool:
        return self.outcome in REGISTERING


@dataclass(frozen=True)
class Review:
    """Every line, and how many of each outcome; when, and what the reading of the lines stood on."""

    lines: Sequence[Line]
    counts: Mapping[str, int]
    basis: Sequence[Any]
    at: datetime
    how: str = ""  # the file was read, in words

    def to_keep(self) -> dict[str, Any]:
        """Return the review as plain values."""
        return {**vars(self), "lines": [vars(line) for line in self.lines], "at": self.at.isoformat()}

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> Review:
        """Return the review that these plain values were."""
        lines, at = [Line(**line) for line in values["lines"]], datetime.fromisoformat(values["at"])
        return cls(**{**values, "lines": lines, "at": at})

    @property
    def new(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in REGISTERING)

    def having(self, outcome: str) -> Sequence[Line]:
        """Return the lines of that outcome; those that look like somebody for LIKELY; all of them otherwise."""
        if outcome == LIKELY:
            return [line for line in self.lines if line.likeness]
        return [line for line in self.lines if line.outcome == outcome] if outcome in OUTCOMES else self.lines


def basis_of(options: Mapping[str, Any], destination: Destination) -> list[Any]:
    """Return what the reading of the lines stands on: the options, the form and the workshops.

    Not the people nor the places, which change all the time: the import counts them again.
    """
    offer = destination.offer
    workshops = [
        [slot.name, x.id, x.title, x.starts_at.isoformat(), x.ends_at.isoformat()]
        for slot in offer.slots
        for x in slot.sessions
    ]
    questions = [one.id for one in destination.questions]
    chosen = [list(options["columns"]), joins_waiting(options, offer)]
    return [*chosen, offer.setup.form_version, questions, offer.setup.attendance, workshops]


def review_rows(
    rows: Sequence[Row], options: Mapping[str, Any], destination: Destination, *, at: datetime, how: str = ""
) -> Review:
    """Return what importing these rows with these options would do: a constant number of statements. Raises
    ColumnsHaveChanged."""
    offer = destination.offer
    reader = RecordReader(destination, options["columns"])
    room = queries.room_of(offer, options)
    groups = groups_of(offer.meeting, room.quotas)
    records = [(row.number, reader.read(row.cells)) for row in rows]
    newcomers = {number: _keys(number, x.details) for number, x in records if x.details and not x.problems}
    people = queries.people_registered(offer.meeting.id, newcomers.values())
    known = {one.email: one.id for one in people}
    seen: dict[str, int] = {}
    forecast = Forecast(room)

    def examine(number: int, record: Record) -> Line:
        if record.problems or record.details is None:
            return _line(number, record, "refused", " ".join(map(str, record.problems)))
        key = newcomers[number].email
        if key in known:
            return replace(_line(number, record, "skipped"), registration_id=known[key])
        if key in seen:
            return _line(
                number, record, "repeated", _("Même adresse qu’à la ligne %(line)d.", line=seen[key])
            )
        details = record.details
        person = groups.applicant(details.region_code, details.participant_kind, key)
        chosen = offer.sessions(record.choices.session_ids)
        outcome, reason = forecast.register(person, chosen, record.choices.mode)
        if outcome != "refused":
            seen[key] = number
        return _line(number, record, outcome, reason)

    lines = _with_likeness([examine(*record) for record in records], newcomers, people)
    counts = Counter(line.outcome for line in lines)
    counts[LIKELY] = sum(1 for line in lines if line.likeness)
    return Review(lines, dict(counts), basis_of(options, destination), at, how)


def _line(number: int, record: Record, outcome: str, reason: Text = "") -> Line:
    person = {name: record.values.get(name, "")[:most] for name, most in SHOWN.items()}
    notes = [str(note) for note in record.notes]
    return Line(number, outcome, str(reason), person, record.choices.session_ids, notes)


def _with_likeness(
    lines: Sequence[Line], newcomers: Mapping[int, Keys], people: Sequence[Keys]
) -> list[Line]:
    """Say of those who would be registered whom they look like: somebody registered, or another line."""
    new = {-line.number: line for line in lines if line.makes_a_registration}
    told: dict[int, Line] = {}
    for pair in likely_pairs([*people, *(newcomers[-number] for number in new)]):
        for own, other in ((pair.first_id, pair.second_id), (pair.second_id, pair.first_id)):
            if own not in new or own in told:
                continue
            told[own] = replace(
                new[own],
                likeness=str(REASONS[pair.reason]),
                like_line=-other if other < 0 else None,
                registration_id=other if other > 0 else None,
            )
    return [told.get(-line.number, line) for line in lines]


def _keys(number: int, details: Details) -> Keys:
    """Return what tells who somebody of the file is; their ids are below nought, registrations' above."""
    return Keys(
        -number,
        name_key(details.family_name, details.given_name),
        email_key(details.email),
        search_key(details.organisation)[:200],
    )
