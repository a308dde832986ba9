"""The questions a meeting adds to its registration form, reusable forms, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l

QUESTION_KINDS = {
    "text": _l("Texte court"),
    "long_text": _l("Texte long"),
    "choice": _l("Un choix dans une liste"),
    "choices": _l("Plusieurs choix dans une liste"),
    "yes_no": _l("Oui ou non"),
    "number": _l("Nombre"),
    "date": _l("Date"),
    "email": _l("Adresse électronique"),
    "phone": _l("Téléphone"),
    "file": _l("Fichier"),
    "organisation": _l("Organisme"),
    "commune": _l("Commune"),
    "consent": _l("Consentement"),
}
# Who reads the answers: everybody who manages registrations, or only the reception desk's page.
ANSWER_VISIBILITIES = {"office": _l("Organisation et secrétariat"), "desk": _l("Accueil seulement")}


class FormTemplate(Base):
    """Questions kept to be used again; a meeting takes a copy of them."""

    __tablename__ = "form_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Question(Base):
    """One question of a meeting's form or of a template. A question that has answers is retired, never deleted."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    template_id: Mapped[int | None] = mapped_column(
        ForeignKey("form_template.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    section: Mapped[str] = mapped_column(String(150), default="")  # title above it; the same as before: none
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # [{"key": …, "label": …}, …]
    shown_if_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    shown_if_value: Mapped[str] = mapped_column(String(200), default="")
    visibility: Mapped[str] = mapped_column(String(8), default="office")
    keep_days: Mapped[
        int | None
    ]  # after the meeting, then the answers are erased; none: with the registration
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(QUESTION_KINDS)!r}", name="known_kind"),
        CheckConstraint(f"visibility IN {tuple(ANSWER_VISIBILITIES)!r}", name="known_visibility"),
        CheckConstraint("(meeting_id IS NULL) <> (template_id IS NULL)", name="meeting_or_template"),
        CheckConstraint("keep_days >= 0", name="keep_days_not_negative"),
    )


class Answer(Base):
    """What one registration answers to one question."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    value: Mapped[Any] = mapped_column(JSON)  # text, number, true, list of option keys, date as YYYY-MM-DD

    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)


class AnswerFile(Base):
    """A file given as an answer; one that no registration claims within a day is erased."""

    __tablename__ = "answer_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    size: Mapped[int] = mapped_column(server_default="0")  # in bytes
    # A mark of the network address that sent it, which does not tell it; none once a registration has the file.
    sender_key: Mapped[str] = mapped_column(String(20), server_default="")

    __table_args__ = (
        # What waits is summed up from the index alone: in the rows, these stand behind megabytes of content.
        Index("ix_answer_file_registration", "registration_id", "sender_key", "size"),
    )
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
