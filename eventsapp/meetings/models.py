"""Series, meetings and their programme."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from eventsapp.core import i18n
from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.core.keys import search_key
from eventsapp.directory.models import Theme
from eventsapp.meetings.rules import place_of

MEETING_KINDS = {
    "regional": _l("Rencontre régionale"),
    "review_day": _l("Journée bilan"),
    "committee": _l("Comité"),
    "general_assembly": _l("Assemblée générale"),
    "training": _l("Formation"),
}
MEETING_STATES = {
    "draft": _l("Brouillon"),
    "published": _l("Publiée"),
    "postponed": _l("Reportée"),
    "cancelled": _l("Annulée"),
    "held": _l("Tenue"),
    "archived": _l("Archivée"),
}
VISIBILITIES = {
    "public": _l("Publique"),
    "members": _l("Réservée aux adhérents"),
    "invited": _l("Sur invitation"),
}
SESSION_KINDS = {
    "welcome": _l("Accueil"),
    "plenary": _l("Plénière"),
    "workshop": _l("Atelier"),
    "break": _l("Pause"),
    "restitution": _l("Restitution"),
}
SESSION_ROLES = {
    "speaker": _l("Intervention"),
    "moderator": _l("Animation"),
    "rapporteur": _l("Rapport"),
    "witness": _l("Témoignage"),
}

meeting_theme = Table(
    "meeting_theme",
    Base.metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True),
)


class Series(Base):
    """Meetings that belong together (cycle de rencontres)."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")

    meetings: Mapped[list[Meeting]] = relationship(back_populates="series", order_by="Meeting.starts_at")


class Meeting(Base):
    """One dated meeting (rencontre), with its place, its registration window and its programme."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="regional")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    summary: Mapped[str] = mapped_column(Text, default="")  # one or two sentences
    description: Mapped[str] = mapped_column(Text, default="")  # Markdown
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    venue: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    commune_code: Mapped[str | None] = mapped_column(String(5))  # INSEE
    department_code: Mapped[str | None] = mapped_column(String(3))
    region_code: Mapped[str | None] = mapped_column(String(2), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    access_note: Mapped[str] = mapped_column(Text, default="")  # access, accessibility
    online_url: Mapped[str] = mapped_column(
        String(500), default=""
    )  # told to those who follow from afar only
    capacity: Mapped[int | None]  # none: no limit
    registration_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: at the start
    contact_email: Mapped[str | None] = mapped_column(String(254))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancellation_reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=0)  # SEQUENCE of calendar entries (RFC 5545)
    search_key: Mapped[str] = mapped_column(Text, default="")  # title, place and summary as searched

    series: Mapped[Series | None] = relationship(back_populates="meetings")
    sessions: Mapped[list[Session]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Session.starts_at, Session.position, Session.id",
    )
    themes: Mapped[list[Theme]] = relationship(secondary=meeting_theme, order_by="Theme.position")
    documents: Mapped[list[Document]] = relationship(cascade="all, delete-orphan", order_by="Document.id")

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(MEETING_KINDS)!r}", name="known_kind"),
        CheckConstraint(f"state IN {tuple(MEETING_STATES)!r}", name="known_state"),
        CheckConstraint(f"visibility IN {tuple(VISIBILITIES)!r}", name="known_visibility"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        Index("ix_meeting_state_starts_at", "state", "starts_at"),
    )

    @property
    def workshops(self) -> list[Session]:
        return [session for session in self.sessions if session.kind == "workshop"]

    def registration_ends_at(self) -> datetime:
        return self.registration_closes_at or self.starts_at

    def is_cancelled(self) -> bool:
        return self.state == "cancelled"

    @property
    def place(self) -> str:
        """Where it is held, on one line: «Hôtel de Région, 1 rue du Lac, Lille»."""
        return place_of(self)

    @property
    def state_label(self) -> i18n.Text:
        """Its state in words."""
        return MEETING_STATES[self.state]


@event.listens_for(Meeting, "before_insert")
@event.listens_for(Meeting, "before_update")
def _refresh_search_key(_mapper: Any, _connection: Any, meeting: Meeting) -> None:
    # Neither database folds accents by itself, and a meeting is also written by commands and imports.
    words = (meeting.title, meeting.city, meeting.venue, meeting.summary)
    meeting.search_key = search_key(" ".join(word for word in words if word))


class Session(Base):
    """A part of the programme (séance; atelier when ``kind`` is workshop). Parallel when hours overlap."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="workshop")
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str] = mapped_column(String(100), default="")
    capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)  # order among parallel sessions
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="sessions")
    theme: Mapped[Theme | None] = relationship()
    roles: Mapped[list[SessionRole]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        order_by="SessionRole.position, SessionRole.id",
    )

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(SESSION_KINDS)!r}", name="known_kind"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
    )

    def is_workshop(self) -> bool:
        return self.kind == "workshop"

    @property
    def speaker_names(self) -> list[str]:
        return [role.name for role in self.roles]


class SessionRole(Base):
    """Who does what in a session; name and function are kept as they were on the day."""

    __tablename__ = "session_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(12), default="speaker")
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")  # qualité
    organisation: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    session: Mapped[Session] = relationship(back_populates="roles")

    __table_args__ = (CheckConstraint(f"role IN {tuple(SESSION_ROLES)!r}", name="known_role"),)


class Document(Base):
    """A file or a link attached to a meeting."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    credit: Mapped[str] = mapped_column(String(200), default="")
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    url: Mapped[str | None] = mapped_column(String(500))
    filename: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(100))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'office')", name="known_visibility"),
        CheckConstraint("(url IS NULL) <> (filename IS NULL)", name="link_or_file"),
        CheckConstraint("(filename IS NULL) = (content IS NULL)", name="file_has_content"),
        UniqueConstraint("meeting_id", "title"),
    )
