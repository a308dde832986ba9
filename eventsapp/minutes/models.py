"""Minutes: typed blocks that can be queried, and frozen publications."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.meetings.models import Meeting, Session
from eventsapp.minutes.errors import PublicationIsFrozen
from eventsapp.pdf.models import PdfOrder

MINUTES_STATES = {
    "draft": _l("Brouillon"),
    "in_review": _l("En relecture"),
    "approved": _l("Approuvé"),
    "published": _l("Publié"),
}
OUTCOMES = {"adopted": _l("Adoptée"), "postponed": _l("Reportée"), "dropped": _l("Sans suite")}
ACTION_STATES = {
    "to_do": _l("À venir"),
    "doing": _l("En cours"),
    "done": _l("Réalisée"),
    "blocked": _l("Bloquée"),
    "dropped": _l("Abandonnée"),
}


class Versioned:
    """A text saved as a whole: its version grows with each save, and a save from an older one is refused."""

    version: Mapped[int] = mapped_column(default=1)


class Minutes(Versioned, Base):
    """The record of one meeting (compte rendu)."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    chair: Mapped[str] = mapped_column(String(200), default="")
    secretary: Mapped[str] = mapped_column(String(200), default="")
    writer: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    introduction: Mapped[str] = mapped_column(Text, default="")  # Markdown
    conclusion: Mapped[str] = mapped_column(Text, default="")  # Markdown: next meeting, closing
    distribution: Mapped[str] = mapped_column(Text, default="")  # who receives it, in words
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approval_note: Mapped[str] = mapped_column(String(300), default="")  # by whom, at which later meeting

    meeting: Mapped[Meeting] = relationship()
    items: Mapped[list[AgendaItem]] = relationship(
        back_populates="minutes", cascade="all, delete-orphan", order_by="AgendaItem.position, AgendaItem.id"
    )
    publications: Mapped[list[Publication]] = relationship(
        back_populates="minutes", order_by="Publication.number.desc()"
    )

    def is_open(self) -> bool:
        """Tell whether the text may still change."""
        return self.state in ("draft", "in_review")

    __table_args__ = (
        CheckConstraint(f"state IN {tuple(MINUTES_STATES)!r}", name="known_state"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
        CheckConstraint(
            "closed_at IS NULL OR opened_at IS NULL OR closed_at > opened_at", name="closed_after_opened"
        ),
    )


class AgendaItem(Versioned, Base):
    """A point of the agenda, or the restitution of a workshop when tied to its session."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    rapporteur: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")  # Markdown: synthesis of the exchanges

    minutes: Mapped[Minutes] = relationship(back_populates="items")
    session: Mapped[Session | None] = relationship()
    interventions: Mapped[list[Intervention]] = relationship(
        cascade="all, delete-orphan", order_by="Intervention.position, Intervention.id"
    )
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="Decision.position, Decision.id"
    )
    actions: Mapped[list[ActionItem]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="ActionItem.position, ActionItem.id"
    )


class Intervention(Versioned, Base):
    """What somebody said, attributed with the function of the day."""

    __tablename__ = "intervention"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    speaker: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)  # Markdown


class Decision(Versioned, Base):
    """The exact text of a decision and its vote."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(10), default="adopted")
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]

    item: Mapped[AgendaItem] = relationship(back_populates="decisions")

    __table_args__ = (
        CheckConstraint(f"outcome IN {tuple(OUTCOMES)!r}", name="known_outcome"),
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0", name="votes_not_negative"
        ),
    )


class ActionItem(Versioned, Base):
    """What somebody will do, by when."""

    __tablename__ = "action_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="to_do")

    item: Mapped[AgendaItem] = relationship(back_populates="actions")

    __table_args__ = (CheckConstraint(f"state IN {tuple(ACTION_STATES)!r}", name="known_state"),)


class Publication(Base):
    """A frozen, numbered version: its content never changes; a correction is the next number."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    number: Mapped[int]  # 1, 2, …
    reference: Mapped[str] = mapped_column(String(20), unique=True)  # printed; verified at a public address
    reason: Mapped[str] = mapped_column(Text, default="")  # why this version corrects the former one
    content: Mapped[dict[str, Any]] = deferred(mapped_column(JSON))  # everything the two renderings show
    content_sha256: Mapped[str] = mapped_column(String(64))
    pdf_order_id: Mapped[int | None] = mapped_column(ForeignKey("pdf_order.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    minutes: Mapped[Minutes] = relationship(back_populates="publications")
    pdf_order: Mapped[PdfOrder | None] = relationship()

    __table_args__ = (
        UniqueConstraint("minutes_id", "number", name="uq_publication_number"),
        CheckConstraint("number = 1 OR reason <> ''", name="correction_says_why"),
    )


# The last line of defence, for statements that go round the ORM. Migrations execute the same texts.
FREEZE_PUBLICATIONS = {
    "sqlite": (
        "CREATE TRIGGER publication_is_frozen BEFORE UPDATE ON publication "
        "BEGIN SELECT RAISE(ABORT, 'a publication never changes'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change_of_publication() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a publication never changes'; END $$",
        "CREATE TRIGGER publication_is_frozen BEFORE UPDATE ON publication "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_publication()",
    ),
}


@event.listens_for(Publication, "before_update")
@event.listens_for(Publication, "before_delete")
def _refuse_change(_mapper: Any, _connection: Any, publication: Publication) -> None:
    raise PublicationIsFrozen


@event.listens_for(Publication.__table__, "after_create")
def _freeze(_table: Any, connection: Connection, **_options: Any) -> None:
    for statement in FREEZE_PUBLICATIONS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
