"""What lists of meetings show, as plain data: templates read no table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import url_for

from eventsapp.core.i18n import Text, _
from eventsapp.meetings.models import MEETING_KINDS, Meeting
from eventsapp.portal.status import status_of


@dataclass(frozen=True)
class MeetingCard:
    """One meeting in a list."""

    title: str
    href: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str
    kind: Text
    theme: str
    status_label: Text
    status_tone: str
    heading: str = "h3"


@dataclass(frozen=True)
class Month:
    """The meetings of one month."""

    first_day: date
    cards: Sequence[MeetingCard]


def town_and_venue(meeting: Meeting) -> str:
    """«Lille (59), Hôtel de Région», with what is known, or «À distance» for a meeting held nowhere."""
    if meeting.online_url and not meeting.city:
        return _("À distance")
    city = (
        f"{meeting.city} ({meeting.department_code})"
        if meeting.city and meeting.department_code
        else meeting.city
    )
    return ", ".join(part for part in (city, meeting.venue) if part)


def make_card(meeting: Meeting, taken: int, *, at: datetime, heading: str = "h3") -> MeetingCard:
    status = status_of(meeting, taken, at=at)
    return MeetingCard(
        title=meeting.title,
        href=url_for("portal.meeting", slug=meeting.slug),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        timezone=meeting.time_zone,
        place=town_and_venue(meeting),
        kind=MEETING_KINDS[meeting.kind],
        theme=", ".join(theme.name for theme in meeting.themes),
        status_label=status.label,
        status_tone=status.tone,
        heading=heading,
    )


def make_cards(
    meetings: Iterable[Meeting], taken: Mapping[int, int], *, at: datetime, heading: str = "h3"
) -> list[MeetingCard]:
    return [make_card(meeting, taken.get(meeting.id, 0), at=at, heading=heading) for meeting in meetings]


def by_month(cards: Iterable[MeetingCard]) -> list[Month]:
    """Group cards, already in order, by the month in which they begin where they are held."""
    grouped = groupby(
        cards, key=lambda card: card.starts_at.astimezone(ZoneInfo(card.timezone)).date().replace(day=1)
    )
    return [Month(first_day, list(group)) for first_day, group in grouped]
