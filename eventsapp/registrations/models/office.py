"""What the office keeps about registrations: their history, requests, saved views, drafts of allocations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.registrations.models.registration import Registration

REQUEST_KINDS = {
    "change": _l("Changement d’atelier"),
    "cancellation": _l("Annulation"),
    "transfer": _l("Remplacement"),
}


class RegistrationEvent(Base):
    """Something that happened to a registration; with the registration's own dates, its whole history.

    An internal note is one (kind «note»). ``details`` holds plain values, no address.
    """

    __tablename__ = "registration_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(30))  # registrations.timeline names them
    text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)  # none: the person


class ChangeRequest(Base):
    """Something asked after the deadline, which an organiser accepts or refuses."""

    __tablename__ = "change_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    message: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="open")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    answer: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(REQUEST_KINDS)!r}", name="known_kind"),
        CheckConstraint("state IN ('open', 'accepted', 'refused', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        Index(
            "uq_change_request_open",
            "registration_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class SavedView(Base):
    """Filters, order and columns of the list of registrations, under a name.

    One that names a workshop, a quota or a question belongs to that meeting; the others serve at all of them.
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(String(1000), default="")  # the list's own query string
    is_shared: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)  # the list opens with it, for its owner
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        Index(
            "uq_saved_view_default",
            "account_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )


class DistinctPair(Base):
    """Two registrations that look alike and are two people: they are not shown as duplicates again."""

    __tablename__ = "distinct_pair"

    first_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)

    __table_args__ = (CheckConstraint("first_id < second_id", name="in_order"),)


class Allocation(Base):
    """A proposal of who goes to which workshop, adjusted by hand, then committed or thrown away."""

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    fingerprint: Mapped[str] = mapped_column(
        String(64)
    )  # of the wishes, places and capacities it was made from
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    adjustments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'committed', 'discarded')", name="known_state"),
        CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_has_time"),
        Index(
            "uq_allocation_draft",
            "meeting_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
