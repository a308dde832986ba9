"""Reads of news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from eventsapp.core.db import db
from eventsapp.news.models import Article


def published_articles(*, at: datetime) -> Select[Article]:
    """Published news, the latest first."""
    return (
        select(Article)
        .where(Article.published_at <= at)
        .order_by(Article.published_at.desc(), Article.id.desc())
    )


def latest_articles(limit: int = 3, *, at: datetime) -> Sequence[Article]:
    return db.session.scalars(published_articles(at=at).limit(limit)).all()


def get_published_article(slug: str, *, at: datetime) -> Article:
    """Return a published piece of news; NoResultFound (404) for a draft."""
    return db.session.scalars(select(Article).where(Article.slug == slug, Article.published_at <= at)).one()


def every_article() -> Select[Article]:
    """Every piece of news, the latest written first."""
    return select(Article).order_by(Article.created_at.desc(), Article.id.desc())


def is_slug_taken(slug: str) -> bool:
    return db.session.scalar(select(Article.id).where(Article.slug == slug)) is not None
