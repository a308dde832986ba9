"""What public pages show, put together from several slices as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsapp.core.i18n import Text, ngettext
from eventsapp.meetings.models import SESSION_ROLES, Meeting, Session
from eventsapp.meetings.queries import MeetingFilters, upcoming_meetings
from eventsapp.meetings.queries import past_meetings as past_page
from eventsapp.meetings.rules import slots
from eventsapp.news.models import Article
from eventsapp.portal import queries
from eventsapp.portal.queries import PublishedMinutes


@dataclass(frozen=True)
class SessionView:
    """A session as the programme shows it."""

    id: int
    title: str
    kind: str
    room: str
    summary: str
    people: Sequence[str]
    capacity: int | None
    remaining: int | None
    status_label: str = ""


@dataclass(frozen=True)
class SlotView:
    """A stretch of the day with its sessions side by side."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    title: Text | None
    sessions: Sequence[SessionView]


def programme_of(meeting: Meeting, taken: Mapping[int, int], *, on_wishes: bool = False) -> list[SlotView]:
    """Return the programme; places left are said for workshops with a capacity, or all of them while they are
    given on wishes: none is taken by whoever comes first."""
    return [
        SlotView(
            slot.starts_at,
            slot.ends_at,
            meeting.time_zone,
            None,
            [_view(session, taken.get(session.id, 0), on_wishes) for session in slot.sessions],
        )
        for slot in slots(meeting.sessions)
    ]


def _view(session: Session, taken: int, on_wishes: bool) -> SessionView:
    capacity = session.capacity if session.is_workshop() else None
    status_label = ""
    if on_wishes and capacity is not None:
        status_label = ngettext("%(num)d place", "%(num)d places", capacity)
        capacity = None
    return SessionView(
        id=session.id,
        title=session.title,
        kind=session.kind,
        room=session.room,
        summary=session.summary,
        people=[_person(role.name, role.title, role.organisation, role.role) for role in session.roles],
        capacity=capacity,
        remaining=None if capacity is None else max(0, capacity - taken),
        status_label=status_label,
    )


def _person(name: str, title: str, organisation: str, role: str) -> str:
    function = ", ".join(part for part in (title, organisation) if part)
    said = f"{name}, {function}" if function else name
    return said if role == "speaker" else f"{said} ({str(SESSION_ROLES[role]).lower()})"


@dataclass(frozen=True)
class Found:
    """What a search found, a bounded list a kind."""

    meetings: Sequence[Meeting]
    minutes: Sequence[PublishedMinutes]
    articles: Sequence[Article]

    @property
    def total(self) -> int:
        return len(self.meetings) + len(self.minutes) + len(self.articles)


def search(text: str, *, at: datetime) -> Found:
    """Look for every word of the text in meetings, published minutes and news; five statements."""
    wanted = MeetingFilters(text=text)
    coming = upcoming_meetings(wanted, at=at, limit=queries.MOST_FOUND)
    return Found(
        meetings=[*coming, *past_page(wanted, 1, at=at).items][: queries.MOST_FOUND],
        minutes=queries.find_minutes(text),
        articles=queries.find_articles(text, at=at),
    )
