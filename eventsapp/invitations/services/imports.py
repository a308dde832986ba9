"""Lists of people from a spreadsheet: kept, examined, then imported from the same file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from eventsapp.core.db import db, insert_new, lock
from eventsapp.core.permissions import Actor
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tables.sheet import Sheet
from eventsapp.core.tables.titles import guess_columns
from eventsapp.invitations import queries
from eventsapp.invitations.columns import FIELD_OF, FIELDS, is_known
from eventsapp.invitations.errors import ColumnOfAddressesIsMissing, ImportHasExpired, SomeLinesAreRefused
from eventsapp.invitations.models import Campaign, Invitation, InviteeImport
from eventsapp.invitations.rules import DryRun, examine
from eventsapp.invitations.services.campaigns import row_of

KEPT = timedelta(hours=24)


def keep_file(
    campaign: Campaign, *, content: bytes, header: Sequence[str], filename: str, by: Actor, at: datetime
) -> InviteeImport:
    """Keep for a day a file that was read and has this header."""
    erase_expired_files(at=at)
    kept = InviteeImport(
        campaign_id=campaign.id,
        filename=filename[:200],
        content=content,
        columns=guess_columns(header, FIELD_OF),
        created_at=at,
        created_by_id=by.id,
        expires_at=at + KEPT,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def erase_expired_files(*, at: datetime) -> None:
    """Erase the files that have had their day."""
    db.session.execute(delete(InviteeImport).where(InviteeImport.expires_at <= at))


def choose_columns(kept: InviteeImport, columns: Sequence[str]) -> None:
    """Say which field each column holds; an unknown field is none, and of two columns alike the first counts."""
    chosen: list[str] = []
    for field in columns:
        chosen.append(field if field in FIELDS and field not in chosen else "")
    if "email" not in chosen:
        raise ColumnOfAddressesIsMissing
    kept.columns = chosen
    db.session.flush()


def read_kept_file(kept: InviteeImport, *, at: datetime) -> Sheet:
    """Return the table of the file; refused once it has had its day."""
    if kept.expires_at <= at:
        raise ImportHasExpired
    return read_table(kept.content, is_known)


def dry_run(kept: InviteeImport, campaign: Campaign, *, at: datetime) -> DryRun:
    """Return what importing the file would do now; nothing is written."""
    return examine(
        read_kept_file(kept, at=at),
        kept.columns,
        invited=queries.invited_keys(campaign),
        registered=queries.registered_keys(campaign.meeting_id),
    )


def import_invitees(kept: InviteeImport, campaign: Campaign, *, valid_only: bool, at: datetime) -> int:
    """Put the people of the file on the campaign's list and erase the file; return how many are new.

    When a line is refused nothing is imported, unless ``valid_only`` says to leave those lines out.
    """
    if "email" not in kept.columns:
        raise ColumnOfAddressesIsMissing
    campaign = lock(Campaign, campaign.id)
    found = dry_run(kept, campaign, at=at)
    if not (found.is_clean() or valid_only):
        raise SomeLinesAreRefused
    rows = [row_of(campaign, invitee, at) for invitee in found.invitees]
    added = insert_new(Invitation, rows, unique=["campaign_id", "email_key"], returning=["id"])
    db.session.delete(kept)
    db.session.flush()
    return len(added)
