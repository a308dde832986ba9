"""What becomes of each line of a list of people, and who may still answer: decided on plain values."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from email_validator import EmailNotValidError, validate_email

from eventsapp.core.i18n import Text, _l
from eventsapp.core.keys import email_key
from eventsapp.core.tables.cells import as_typed, bare_address, civility_of, locale_of
from eventsapp.core.tables.sheet import Row, Sheet
from eventsapp.invitations.columns import FIELDS

LENGTHS = {
    "email": 254,
    "civility": 5,
    "given_name": 100,
    "family_name": 100,
    "organisation": 200,
    "job_title": 200,
    "locale": 2,
}

# What may become of a line, in the order shown; only the first is imported.
OUTCOMES = {
    "added": _l("Sera ajoutée"),
    "refused": _l("Refusée"),
    "duplicate": _l("En double dans le fichier"),
    "invited": _l("Déjà invitée"),
    "registered": _l("Déjà inscrite"),
}


@dataclass(frozen=True)
class Invitee:
    """Somebody to invite."""

    email: str = ""
    civility: str = ""
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""
    job_title: str = ""
    locale: str = "fr"

    @property
    def key(self) -> str:
        return email_key(self.email)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Line:
    """What a line of the file holds, what will become of it, and why."""

    number: int
    invitee: Invitee
    outcome: str
    reason: Text = ""


@dataclass(frozen=True)
class DryRun:
    """What an import would do, line by line."""

    lines: tuple[Line, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def invitees(self) -> list[Invitee]:
        """Those that would be added."""
        return [line.invitee for line in self.lines if line.outcome == "added"]

    def is_clean(self) -> bool:
        return not self.counts.get("refused")

    def having(self, outcome: str) -> Sequence[Line]:
        """Return the lines of that outcome; all of them when it is none of the known ones."""
        return [x for x in self.lines if x.outcome == outcome] if outcome in OUTCOMES else self.lines


def examine(
    sheet: Sheet, columns: Sequence[str], *, invited: Collection[str], registered: Collection[str]
) -> DryRun:
    """Return what an import would do; ``invited`` and ``registered`` are keys of e-mail addresses."""
    seen: dict[str, int] = {}
    lines = [_examine_row(row, columns, seen, invited, registered) for row in sheet.rows]
    return DryRun(tuple(lines), Counter(line.outcome for line in lines))


def _examine_row(
    row: Row,
    columns: Sequence[str],
    seen: dict[str, int],
    invited: Collection[str],
    registered: Collection[str],
) -> Line:
    invitee = read_invitee(row.cells, columns)
    if reason := _refusal(row, columns, invitee):
        return Line(row.number, invitee, "refused", reason)
    first = seen.setdefault(invitee.key, row.number)
    if first != row.number:
        return Line(row.number, invitee, "duplicate", _l("Même adresse qu’à la ligne %(line)d.", line=first))
    if invitee.key in registered:
        return Line(row.number, invitee, "registered")
    return Line(row.number, invitee, "invited" if invitee.key in invited else "added")


def read_invitee(cells: Sequence[str], columns: Sequence[str]) -> Invitee:
    """Return the person that a record describes, its texts tidied."""
    values = {name: _tidy(cell) for name, cell in zip(columns, cells, strict=False) if name}
    values["email"] = bare_address(values.get("email", ""))
    values["civility"] = civility_of(values.get("civility", ""))
    values["locale"] = locale_of(values.get("locale", ""))
    return Invitee(**values)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", as_typed(text)).split())


def _refusal(row: Row, columns: Sequence[str], invitee: Invitee) -> Text:
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        return _l("Cette ligne a plus de cases que la ligne de titres.")
    if not invitee.email:
        return _l("L’adresse électronique manque.")
    if not is_address(invitee.email):
        return _l("L’adresse « %(address)s » n’est pas complète.", address=invitee.email[:80])
    for name, most in LENGTHS.items():
        if len(getattr(invitee, name)) > most:
            return _l("« %(field)s » dépasse %(count)d caractères.", field=FIELDS[name], count=most)
    return ""


def is_address(text: str) -> bool:
    """Tell whether the text has the syntax of an e-mail address."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


class Dated(Protocol):
    """What of a meeting decides on its invitations."""

    @property
    def state(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...


def may_invite(meeting: Dated, at: datetime) -> bool:
    """Tell whether invitations may leave: the meeting is announced and has not begun."""
    return meeting.state == "published" and at < meeting.starts_at


def may_answer(meeting: Dated, at: datetime) -> bool:
    """Tell whether an answer still serves: the meeting has not begun and will take place."""
    return meeting.state in ("published", "postponed") and at < meeting.starts_at
