"""The ledger of documents: an order is written in the transaction that wants the document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from eventsapp.core.db import Base, UtcDateTime

STATES = ("ordered", "rendering", "ready", "failed")


class PdfOrder(Base):
    """One PDF document: asked for, being made, ready or failed."""

    __tablename__ = "pdf_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)  # 256 random bits: the address is the key
    purpose: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(300))
    filename: Mapped[str] = mapped_column(String(120))
    html: Mapped[str] = deferred(mapped_column(Text))
    attachments: Mapped[list[dict[str, Any]] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    images: Mapped[list[dict[str, Any]] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    reuse_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    restricted_to_account_id: Mapped[int | None]  # no foreign key: accounts stand on a higher floor
    state: Mapped[str] = mapped_column(String(10), default="ordered")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nobody takes it before
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str | None] = mapped_column(String(64))
    page_count: Mapped[int | None]
    byte_count: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint(f"state IN {STATES!r}", name="known_state"),
        CheckConstraint(
            "(state = 'ready') = (content IS NOT NULL AND sha256 IS NOT NULL AND ready_at IS NOT NULL)",
            name="ready_has_content",
        ),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="failed_has_reason"),
        CheckConstraint("state <> 'rendering' OR lease_until IS NOT NULL", name="rendering_has_lease"),
        Index("ix_pdf_order_due", "state", "lease_until"),
    )

    @property
    def is_ready(self) -> bool:
        return self.state == "ready"

    @property
    def has_failed(self) -> bool:
        return self.state == "failed"
