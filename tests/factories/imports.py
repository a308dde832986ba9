"""Files of registrations, kept as drafts."""

from __future__ import annotations

from collections.abc import Sequence

from eventsapp.accounts.models import Account
from eventsapp.core.clock import now
from eventsapp.core.tables.reading import read_table
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.imports.columns import destination_of, knows_at
from eventsapp.registrations.imports.services import keep_file
from eventsapp.registrations.models import Batch
from eventsapp.registrations.offer import load_offer

HEADER = ("Nom", "Prénom", "Courriel")


def lines(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """Return a file of these rows as a French spreadsheet writes it."""
    return "\r\n".join(";".join(row) for row in (header, *rows)).encode("cp1252")


def people(number: int) -> list[tuple[str, str, str]]:
    """Return rows of that many people who share nothing."""
    names = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett")
    return [
        (f"{names[n % 10]}{names[n // 10 % 10]}", f"{names[n // 100]}", f"p{n}@exemple.fr")
        for n in range(number)
    ]


def make_import(meeting: Meeting, content: bytes, *, by: Account, filename: str = "liste.csv") -> Batch:
    """Keep the file as the draft of an import of the meeting."""
    destination = destination_of(load_offer(meeting, at=now()), by=by)
    header = read_table(content, knows_at(destination)).header
    return keep_file(destination, content=content, header=header, filename=filename, by=by, at=now())
