"""Accounts, the roles they hold and where, sign-in attempts and one-time links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime


class Account(Base):
    """Somebody who signs in. ``email`` stays as typed, ``email_key`` compares it."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    session_version: Mapped[int] = mapped_column(default=1)  # a higher one ends every session
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    role_grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin", order_by="RoleGrant.id"
    )

    __table_args__ = (
        CheckConstraint("(disabled_at IS NULL) = (disabled_by_id IS NULL)", name="disabled_by_somebody"),
    )

    def is_active(self) -> bool:
        return self.disabled_at is None


class RoleGrant(Base):
    """A role an account holds, for the network (no scope), one région or one meeting."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    territory_code: Mapped[str | None] = mapped_column(String(9))  # INSEE code of a région
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(back_populates="role_grants")

    __table_args__ = (
        UniqueConstraint("account_id", "role", "territory_code", "meeting_id", name="uq_role_grant_scope"),
        CheckConstraint("territory_code IS NULL OR meeting_id IS NULL", name="one_scope"),
        CheckConstraint("role IN ('administrator', 'organiser', 'secretary')", name="known_role"),
    )


class SignInAttempt(Base):
    """One try to sign in; they are counted in the database so that the limit holds whatever the servers."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))  # IP address
    kind: Mapped[str] = mapped_column(String(10))
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (
        CheckConstraint("kind IN ('password', 'link')", name="known_kind"),
        Index("ix_sign_in_attempt_email_key_at", "email_key", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )


class MagicLink(Base):
    """A sign-in link, usable once; only its SHA-256 is kept."""

    __tablename__ = "magic_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("purpose IN ('sign_in', 'welcome')", name="known_purpose"),)
