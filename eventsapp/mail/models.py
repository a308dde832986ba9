"""The ledger of messages: a row is written in the transaction that caused the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from eventsapp.core.db import Base, UtcDateTime, partial_index

STATES = ("queued", "claimed", "sending", "sent", "failed", "doubtful", "cancelled")


class OutgoingMail(Base):
    """One message to one person; unique by (purpose, recipient, occasion) through ``occasion_key``."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_key: Mapped[str] = mapped_column(String(200), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    template: Mapped[str | None] = mapped_column(String(100))  # the folder of its texts
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    # What the texts show, as it was when the message was caused; none once they are made (mail/composing.py).
    context: Mapped[str | None] = deferred(mapped_column(Text))  # JSON
    body_text: Mapped[str] = deferred(mapped_column(Text, default=""))
    body_html: Mapped[str] = deferred(mapped_column(Text, default=""))
    calendar: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # iCalendar (RFC 5545)
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    unsubscribe_url: Mapped[str | None] = mapped_column(String(500))  # List-Unsubscribe (RFC 8058)
    about: Mapped[str | None] = mapped_column(String(60), index=True)  # e.g. "meeting:12", to list them
    territory_code: Mapped[str | None] = mapped_column(String(5))  # whose regional organisers see it
    priority: Mapped[int] = mapped_column(default=5)  # 1 before 9
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None] = mapped_column(String(200))
    server_reply: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"state IN {STATES!r}", name="known_state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        CheckConstraint("context IS NULL OR template IS NOT NULL", name="context_has_template"),
        CheckConstraint("calendar IS NULL OR calendar_method IS NOT NULL", name="calendar_has_method"),
        Index("ix_outgoing_mail_due", "state", "priority", "due_at"),
        partial_index("ix_outgoing_mail_lease", "state", "lease_until", where="lease_until IS NOT NULL"),
    )
