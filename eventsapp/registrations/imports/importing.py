"""Registering the people of a file, a line at a time, by the service that registers somebody by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations import places
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.details import Details
from eventsapp.registrations.errors import WorkshopIsFull
from eventsapp.registrations.imports.columns import destination_of
from eventsapp.registrations.imports.errors import LineIsRefused
from eventsapp.registrations.imports.forecast import awaits, joins_waiting
from eventsapp.registrations.imports.records import Record, RecordReader
from eventsapp.registrations.models import Batch, BatchItem, Registration
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.services import registering


@dataclass(frozen=True)
class Importer:
    """Carries out the lines of one import, under the meeting's lock."""

    meeting: Meeting
    reader: RecordReader
    is_told: bool
    joins_waiting: bool  # the waiting list of a workshop that is full
    by: Account
    at: datetime

    def register(self, item: BatchItem) -> None:
        """Somebody is registered from the line. Raises LineIsRefused, and what registering by hand raises."""
        record = self.reader.read(item.cells or ())
        if record.problems or record.details is None:
            raise LineIsRefused(record.problems)
        try:
            registration = self._register(record.details, record, record.choices)
        except WorkshopIsFull as refusal:
            if not self.joins_waiting:
                raise
            registration = self._register(
                record.details, record, waiting_for(refusal.sessions, record.choices)
            )
            item.reason = str(awaits(refusal.sessions))
        item.registration_id, item.cells = registration.id, None

    def _register(self, details: Details, record: Record, choices: Choices) -> Registration:
        return registering.register_by_hand(
            meeting=self.meeting,
            details=details,
            choices=choices,
            locale=record.locale,
            answers=record.answers,
            is_told=self.is_told,
            by=self.by,
            at=self.at,
        )


def waiting_for(full: Collection[Session], choices: Choices) -> Choices:
    """Return the choices with a rank in the waiting list of the workshops that are full."""
    ids = {session.id for session in full}
    kept = tuple(one for one in choices.session_ids if one not in ids)
    return replace(choices, session_ids=kept, waiting_ids=tuple(sorted(ids)))


def importer_of(batch: Batch, *, by: Account, at: datetime) -> Importer:
    """Return what carries out this import. The form cannot change meanwhile. Raises ColumnsHaveChanged."""
    meeting = places.hold(batch.meeting_id, ()).meeting
    offer, options = load_offer(meeting, at=at), batch.options
    reader = RecordReader(destination_of(offer, by=by), options["columns"], looks_up=True)
    return Importer(meeting, reader, bool(options["is_told"]), joins_waiting(options, offer), by, at)
