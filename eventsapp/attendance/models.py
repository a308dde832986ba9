"""Who was there: person × half-day or workshop, and how it is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.registrations.models import Registration

ATTENDANCE_STATES = {
    "present": _l("Présente ou présent"),
    "represented": _l("Représentée ou représenté"),
    "excused": _l("Excusée ou excusé"),
    "absent": _l("Absente ou absent"),
}


class Attendance(Base):
    """One person's presence in one half-day ('2026-12-01:am'); no row: not known yet."""

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    half_day: Mapped[str] = mapped_column(String(13))  # date in the meeting's zone, am or pm
    state: Mapped[str] = mapped_column(String(12))
    represented_by: Mapped[str] = mapped_column(String(200), default="")
    evidence: Mapped[str] = mapped_column(String(10), default="desk")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    registration: Mapped[Registration] = relationship()

    __table_args__ = (
        UniqueConstraint("registration_id", "half_day", name="uq_attendance_half_day"),
        CheckConstraint(f"state IN {tuple(ATTENDANCE_STATES)!r}", name="known_state"),
        CheckConstraint("(state = 'represented') = (represented_by <> '')", name="represented_by_somebody"),
        CheckConstraint("evidence IN ('desk', 'paper')", name="known_evidence"),
    )
