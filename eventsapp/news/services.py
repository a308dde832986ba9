"""Writing and publishing news."""

from __future__ import annotations

from datetime import datetime

from slugify import slugify

from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.news.models import Article
from eventsapp.news.queries import is_slug_taken


def write_article(*, title: str, kind: str, summary: str, body: str, at: datetime) -> Article:
    """Return a new draft; its address comes from its title and never changes."""
    article = Article(slug=_free_slug(title), created_at=at)
    edit_article(article, title=title, kind=kind, summary=summary, body=body)
    db.session.add(article)
    db.session.flush()
    return article


def edit_article(article: Article, *, title: str, kind: str, summary: str, body: str) -> None:
    article.title, article.kind, article.summary, article.body = title, kind, summary, body
    article.search_key = search_key(f"{title} {summary}")


def publish_article(article: Article, *, at: datetime) -> None:
    """The article is on the public site, dated now unless it was published before."""
    article.published_at = article.published_at or at


def withdraw_article(article: Article) -> None:
    """The article is a draft again."""
    article.published_at = None


def _free_slug(title: str) -> str:
    base = slugify(title, max_length=100) or "actualite"
    slug, number = base, 2
    while is_slug_taken(slug):
        slug, number = f"{base}-{number}", number + 1
    return slug
