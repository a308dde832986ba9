"""Work on many registrations, done a few at a time: what was asked, and what became of each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.registrations.models.registration import Registration

BATCH_KINDS = {
    "approval": _l("Validation d’inscriptions"),
    "refusal": _l("Refus d’inscriptions"),
    "offer": _l("Proposition de places"),
    "cancellation": _l("Annulation d’inscriptions"),
    "move": _l("Changement d’atelier"),
    "message": _l("Message aux personnes inscrites"),
}
BATCH_STATES = ("running", "done", "stopped")
OUTCOMES = ("waiting", "done", "refused")


class Batch(Base):
    """One order given about many registrations. ``options`` are those of its kind: a workshop, a text."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default="running")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # then it is erased

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(BATCH_KINDS)!r}", name="known_kind"),
        CheckConstraint(f"state IN {BATCH_STATES!r}", name="known_state"),
        CheckConstraint("(state IN ('done', 'stopped')) = (ended_at IS NOT NULL)", name="ended_has_time"),
        Index(
            "ix_batch_running",
            "id",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )


class BatchItem(Base):
    """One registration of a batch; ``reason`` says why it was refused."""

    __tablename__ = "batch_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(8), default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration] = relationship()

    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES!r}", name="known_outcome"),
        Index("ix_batch_item_outcome", "batch_id", "outcome", "number"),
    )
