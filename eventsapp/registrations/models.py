"""Registrations and places in workshops. The constraints here are the last line of defence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l, _p
from eventsapp.core.keys import email_key, name_key, search_key
from eventsapp.meetings.models import Meeting, Session

REGISTRATION_STATES = {"confirmed": _l("Confirmée"), "cancelled": _l("Annulée")}

# In what capacity somebody comes; feeds lists and totals.
PARTICIPANT_KINDS = {
    "elected": _l("Élue ou élu"),
    "officer": _l("Agente ou agent d’une collectivité"),
    "network": _l("Réseau"),
    "association": _l("Association"),
    "company": _l("Entreprise ou coopérative"),
    "university": _l("Université"),
    "state": _p("organisme", "État"),
    "other": _l("Autre"),
}


class Registration(Base):
    """One person's place at one meeting. Names stay as typed; ``email_key`` compares addresses."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)  # said on the phone, typed at the desk
    state: Mapped[str] = mapped_column(String(10), default="confirmed")
    place_number: Mapped[int | None]  # 1…capacity of the meeting; none once cancelled
    civility: Mapped[str] = mapped_column(String(5), default="")
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(210))  # family then given name, no accents: search and sort
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(30), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    organisation_key: Mapped[str] = mapped_column(String(200), default="")  # no accents: sort
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    job_title: Mapped[str] = mapped_column(String(200), default="")  # qualité
    participant_kind: Mapped[str] = mapped_column(String(12), default="other")
    region_code: Mapped[str | None] = mapped_column(String(2))
    needs: Mapped[str] = mapped_column(Text, default="")  # access, diet: seen by the desk only, erased after
    accepts_listing: Mapped[bool] = mapped_column(default=False)  # name may be published
    consent_text_version: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    search_key: Mapped[str] = mapped_column(Text, default="")  # every word the list is searched by
    link_version: Mapped[int] = mapped_column(default=1)  # a higher one ends earlier personal links
    revision: Mapped[int] = mapped_column(default=0)  # grows with each change, for SEQUENCE (RFC 5545)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # none: by the person
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship()
    places: Mapped[list[SessionPlace]] = relationship(
        back_populates="registration", cascade="all, delete-orphan", order_by="SessionPlace.session_id"
    )

    __table_args__ = (
        CheckConstraint(f"state IN {tuple(REGISTRATION_STATES)!r}", name="known_state"),
        CheckConstraint(f"participant_kind IN {tuple(PARTICIPANT_KINDS)!r}", name="known_kind"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        CheckConstraint("(state = 'confirmed') = (place_number IS NOT NULL)", name="confirmed_has_place"),
        CheckConstraint("place_number >= 1", name="place_number_positive"),
        Index(
            "uq_registration_active_email",
            "meeting_id",
            "email_key",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        UniqueConstraint("meeting_id", "place_number", name="uq_registration_place_number"),
        Index("ix_registration_meeting_name", "meeting_id", "name_key"),
    )

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def is_active(self) -> bool:
        return self.state == "confirmed"

    def set_keys(self) -> None:
        """Make the columns that compare, sort and search agree with what is shown."""
        self.email_key = email_key(self.email)
        self.name_key = name_key(self.family_name, self.given_name)
        self.organisation_key = search_key(self.organisation)[:200]
        words = (self.name_key, self.organisation_key, self.email_key, self.reference.lower())
        self.search_key = " ".join(words)


class SessionPlace(Base):
    """One registration's place in one session; the row goes when the place is released."""

    __tablename__ = "session_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    place_number: Mapped[int]  # 1…capacity of the session
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship(back_populates="places")
    session: Mapped[Session] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "registration_id", name="uq_session_place_registration"),
        UniqueConstraint("session_id", "place_number", name="uq_session_place_number"),
        CheckConstraint("place_number >= 1", name="place_number_positive"),
    )
