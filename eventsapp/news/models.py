"""Dated news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l

ARTICLE_KINDS = {"news": _l("Actualité"), "press_release": _l("Communiqué de presse")}


class Article(Base):
    """A piece of news (actualité) or a press release (communiqué)."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(15), default="news")
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)  # Markdown
    search_key: Mapped[str] = mapped_column(Text, default="")  # title and summary, no accents
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # none: draft
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint(f"kind IN {tuple(ARTICLE_KINDS)!r}", name="known_kind"),)
