"""Work on many registrations, done a few at a time: what was asked, and what became of each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

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
    "import": _l("Import d’inscriptions"),
}
BATCH_STATES = {
    "draft": _l("À confirmer"),  # a file to import, before anybody said yes
    "running": _l("En cours"),
    "done": _l("Terminé"),
    "stopped": _l("Arrêté"),
}
OUTCOMES = ("waiting", "done", "skipped", "refused")  # skipped: there was nothing to do


class Batch(Base):
    """One order given about many registrations. ``options`` are those of its kind: a workshop, a text.

    ``content`` is the file of an import, until it begins: then its lines are items. ``review`` is what the file
    would do (imports.review).
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default="running")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    review: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # then it is erased

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(BATCH_KINDS)!r}", name="known_kind"),
        CheckConstraint(f"state IN {tuple(BATCH_STATES)!r}", name="known_state"),
        CheckConstraint("(state IN ('done', 'stopped')) = (ended_at IS NOT NULL)", name="ended_has_time"),
        CheckConstraint("(state = 'draft') = (content IS NOT NULL)", name="draft_has_content"),
        Index(
            "ix_batch_running",
            "id",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )


class BatchItem(Base):
    """One registration of a batch, or one line of a file to import; ``reason`` says why it was refused.

    ``cells`` are those of the line, until somebody is registered from them; ``number`` is then the line's.
    """

    __tablename__ = "batch_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    cells: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str] = mapped_column(String(8), default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration | None] = relationship()

    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES!r}", name="known_outcome"),
        CheckConstraint("registration_id IS NOT NULL OR cells IS NOT NULL", name="about_somebody"),
        Index("ix_batch_item_outcome", "batch_id", "outcome", "number"),
    )
