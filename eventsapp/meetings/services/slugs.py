"""Addresses of meetings and series: readable, given once, never changed."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from slugify import slugify

from eventsapp.core.zones import local_day
from eventsapp.meetings.models import Meeting, Series
from eventsapp.meetings.queries import is_slug_taken

LONGEST = 100


def meeting_slug(title: str, city: str, starts_at: datetime, zone: str) -> str:
    """Return a free address: title, city unless the title names it, and day."""
    named = slugify(title)
    place = slugify(city)
    words = [named] if place in named else [named, place]
    day = local_day(starts_at, zone).isoformat()
    return _free(Meeting, f"{'-'.join(words)[:LONGEST].strip('-')}-{day}")


def series_slug(title: str) -> str:
    """Return a free address for a series of that title."""
    return _free(Series, slugify(title)[:LONGEST].strip("-") or "cycle")


def _free(kind: type[Meeting] | type[Series], base: str) -> str:
    numbered = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in numbered if not is_slug_taken(kind, slug))
