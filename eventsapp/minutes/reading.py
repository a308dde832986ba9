"""Frozen content in words: dates, labels and numbered tables, in the language being spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventsapp.attendance.headings import sentence, when
from eventsapp.core.i18n import format_day, format_day_short, format_hours, format_time
from eventsapp.meetings.models import MEETING_KINDS, SESSION_ROLES
from eventsapp.meetings.rules import place_of
from eventsapp.minutes.models import ACTION_STATES, OUTCOMES


@dataclass(frozen=True)
class Occasion:
    """The meeting as it was when the version was published."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    venue: str
    address: str
    city: str


def readable(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with everything a page or a document says around it."""
    meeting = content["meeting"]
    zone = meeting["time_zone"]
    occasion = _occasion(meeting)
    items = [_item(item, number, zone) for number, item in enumerate(content["items"], 1)]
    return {
        **content,
        "title": meeting["title"],
        "kind": str(MEETING_KINDS[meeting["kind"]]),
        "slug": meeting["slug"],
        "is_demo": meeting["is_demo"],
        "when": sentence(when(occasion)),
        "day": format_day_short(occasion.starts_at, zone),
        "place": place_of(occasion),
        "opened": _time(content["opened_at"], zone),
        "closed": _time(content["closed_at"], zone),
        "approved_on": _day(content["approved_at"], zone),
        "published_on": _day(content["published_at"], zone),
        "points": items,
        "decisions": _numbered(items, "decisions", occasion.starts_at.year),
        "actions": _numbered(items, "actions", occasion.starts_at.year),
    }


def _occasion(meeting: Mapping[str, Any]) -> Occasion:
    return Occasion(
        datetime.fromisoformat(meeting["starts_at"]),
        datetime.fromisoformat(meeting["ends_at"]),
        meeting["time_zone"],
        meeting["venue"],
        meeting["address"],
        meeting["city"],
    )


def _item(item: Mapping[str, Any], number: int, zone: str) -> dict[str, Any]:
    session = item["session"]
    return {
        **item,
        "number": number,
        "is_workshop": bool(session) and session["kind"] == "workshop",
        "hours": _hours(session, zone) if session else "",
        "room": session["room"] if session else "",
        "people": [{**role, "label": str(SESSION_ROLES[role["role"]])} for role in session["roles"]]
        if session
        else [],
        "decisions": [
            {**decision, "outcome_label": str(OUTCOMES[decision["outcome"]])}
            for decision in item["decisions"]
        ],
        "actions": [
            {
                **action,
                "state_label": str(ACTION_STATES[action["state"]]),
                "due": format_day_short(date.fromisoformat(action["due_on"])) if action["due_on"] else "",
            }
            for action in item["actions"]
        ],
    }


def _numbered(items: Sequence[Mapping[str, Any]], kind: str, year: int) -> list[dict[str, Any]]:
    """The blocks of one kind over all items, numbered year and rank: 2026-1, 2026-2, …"""
    blocks = [(item, block) for item in items for block in item[kind]]
    return [
        {**block, "rank": f"{year}-{rank}", "point": item["number"], "point_title": item["title"]}
        for rank, (item, block) in enumerate(blocks, 1)
    ]


def _hours(session: Mapping[str, Any], zone: str) -> str:
    starts_at, ends_at = (datetime.fromisoformat(session[key]) for key in ("starts_at", "ends_at"))
    return format_hours(starts_at, ends_at, zone)


def _time(instant: str | None, zone: str) -> str:
    return format_time(datetime.fromisoformat(instant), zone) if instant else ""


def _day(instant: str | None, zone: str) -> str:
    return format_day(datetime.fromisoformat(instant), zone) if instant else ""
