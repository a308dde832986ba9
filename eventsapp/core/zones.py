"""Days and hours as a place's clocks show them, and instants: across daylight saving too. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant_at(day: date, hour: time, zone: str) -> datetime:
    """Return the instant at which clocks of the zone show this day and hour.

    An hour that the spring change skips is pushed after it (2 h 30 becomes 3 h 30); of an hour that
    the autumn change repeats, the first.
    """
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """Return the day at that instant in the zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def local_hour(instant: datetime, zone: str) -> time:
    """Return the hour at that instant in the zone."""
    return instant.astimezone(ZoneInfo(zone)).time()


def shift_days(instant: datetime, days: int, zone: str) -> datetime:
    """Return the instant that many days later at the same local hour, whatever the clocks did between."""
    local = instant.astimezone(ZoneInfo(zone))
    return instant_at(local.date() + timedelta(days=days), local.time(), zone)
