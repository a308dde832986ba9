"""Reads for an import: the file being prepared, who is registered, the places left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.registrations import queries, rules
from eventsapp.registrations.imports.forecast import Room, joins_waiting
from eventsapp.registrations.likeness import Keys, likeness_key, mailbox_key
from eventsapp.registrations.models import ENDED_STATES, Batch, BatchItem, Registration
from eventsapp.registrations.offer import Offer
from eventsapp.registrations.queries.duplicates import is_large
from eventsapp.registrations.queries.scene import meeting_edge

KIND = "import"


def get_import(meeting_id: int, batch_id: int) -> Batch:
    """Return an import of the meeting, begun or not; NoResultFound (404) when it is another's."""
    statement = select(Batch).where(Batch.meeting_id == meeting_id, Batch.id == batch_id, Batch.kind == KIND)
    return db.session.scalars(statement).one()


def people_registered(meeting_id: int, newcomers: Collection[Keys]) -> Sequence[Keys]:
    """Return what tells who the people expected are: two statements.

    Of a large meeting, only those who share a name or a mailbox with a newcomer, through indexes.
    """
    one = Registration
    statement = select(one.id, one.name_key, one.email_key, one.organisation_key)
    statement = statement.where(one.meeting_id == meeting_id, one.state.not_in(ENDED_STATES))
    if is_large(meeting_id):
        names = {likeness_key(new.name) for new in newcomers}
        mailboxes = {mailbox_key(new.email) for new in newcomers}
        statement = statement.where(or_(one.likeness_key.in_(names), one.mailbox_key.in_(mailboxes)))
    return [Keys(*row) for row in db.session.execute(statement)]


def room_of(offer: Offer, options: Mapping[str, Any]) -> Room:
    """Return the places of the meeting as an import with these options takes them: two statements, three with
    quotas."""
    meeting, setup = offer.meeting, offer.setup
    quotas = rules.read_quotas(setup.quotas)
    return Room(
        capacity=meeting.capacity,
        taken=queries.count_taken(meeting.id),
        attendance=setup.attendance,
        has_queue=meeting_edge(meeting.id).has_queue,
        has_waiting_list=setup.has_waiting_list,
        quotas=quotas,
        shares=queries.quota_shares(meeting.id) if quotas else rules.NO_SHARES,
        workshops=offer.seats.sessions,
        joins_waiting=joins_waiting(options, offer),
    )


def results_of(batch: Batch) -> Sequence[BatchItem]:
    """Return every line of the import with the registration made from it: one statement."""
    statement = select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.number)
    return db.session.scalars(statement.options(joinedload(BatchItem.registration))).all()


def count_waiting(batch: Batch) -> int:
    """Return how many of those registered by the import are in the waiting list: one statement."""
    waits = func.sum(case((Registration.state == "waiting", 1), else_=0))
    statement = select(waits).join(BatchItem, BatchItem.registration_id == Registration.id)
    return db.session.scalar(statement.where(BatchItem.batch_id == batch.id)) or 0


def names_of(ids: Sequence[int]) -> Mapping[int, Registration]:
    """Return these registrations by id: one statement."""
    found = db.session.scalars(select(Registration).where(Registration.id.in_(ids)))
    return {one.id: one for one in found}
