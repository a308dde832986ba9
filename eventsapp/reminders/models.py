"""Reminder rules and the reminders they made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration


class ReminderRule(Base):
    """«Three days before, to the confirmed»: the due instant follows the meeting when it moves."""

    __tablename__ = "reminder_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    days_before: Mapped[int]
    hour: Mapped[int] = mapped_column(default=9)  # in the meeting's time zone
    subject: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text, default="")  # Markdown, above the practical facts
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()

    __table_args__ = (
        UniqueConstraint("meeting_id", "days_before", "hour", name="uq_reminder_rule_moment"),
        CheckConstraint("days_before BETWEEN 0 AND 60", name="days_in_range"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_in_range"),
    )


class Reminder(Base):
    """One person's reminder by one rule: unique, whatever the number of workers."""

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rule: Mapped[ReminderRule] = relationship()
    registration: Mapped[Registration] = relationship()

    __table_args__ = (UniqueConstraint("rule_id", "registration_id", name="uq_reminder_person"),)
