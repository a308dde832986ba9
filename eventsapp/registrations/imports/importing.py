"""Registering the people of a file, a line at a time, by the service that registers somebody by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places
from eventsapp.registrations.imports.errors import LineIsRefused
from eventsapp.registrations.imports.records import RecordReader
from eventsapp.registrations.models import Batch, BatchItem
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.services import registering


@dataclass(frozen=True)
class Importer:
    """Carries out the lines of one import, under the meeting's lock."""

    meeting: Meeting
    reader: RecordReader
    is_told: bool
    by: Account
    at: datetime

    def register(self, item: BatchItem) -> None:
        """Somebody is registered from the line. Raises LineIsRefused, and what registering by hand raises."""
        record = self.reader.read(item.cells or ())
        if record.problems or record.details is None:
            raise LineIsRefused(record.problems)
        registration = registering.register_by_hand(
            meeting=self.meeting,
            details=record.details,
            choices=record.choices,
            locale=record.locale,
            answers=record.answers,
            is_told=self.is_told,
            by=self.by,
            at=self.at,
        )
        item.registration_id, item.cells = registration.id, None


def importer_of(batch: Batch, *, by: Account, at: datetime) -> Importer:
    """Return what carries out this import. The form cannot change meanwhile. Raises ColumnsHaveChanged."""
    meeting = places.hold(batch.meeting_id, ()).meeting
    reader = RecordReader(load_offer(meeting, at=at), batch.options["columns"], looks_up=True)
    return Importer(meeting, reader, bool(batch.options["is_told"]), by, at)
