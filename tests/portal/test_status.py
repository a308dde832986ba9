"""What a visitor is told of a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventsapp.meetings.models import Meeting
from eventsapp.portal.status import CANCELLED, CLOSED, FULL, HELD, NOT_YET, OPEN, POSTPONED, status_of

START = datetime(2027, 5, 20, 8, tzinfo=UTC)
BEFORE = START - timedelta(days=10)


def meeting(**values: Any) -> Meeting:
    defaults = {
        "state": "published",
        "starts_at": START,
        "ends_at": START + timedelta(hours=8),
        "capacity": 50,
    }
    return Meeting(**{**defaults, **values})


@pytest.mark.parametrize(
    ("values", "taken", "at", "expected"),
    [
        ({}, 0, BEFORE, OPEN),
        ({"capacity": None}, 5000, BEFORE, OPEN),
        ({}, 50, BEFORE, FULL),
        ({}, 51, BEFORE, FULL),
        ({}, 0, START, CLOSED),
        ({"registration_closes_at": START - timedelta(days=20)}, 0, BEFORE, CLOSED),
        ({"registration_opens_at": START - timedelta(days=5)}, 0, BEFORE, NOT_YET),
        ({"state": "cancelled"}, 0, BEFORE, CANCELLED),
        ({"state": "postponed"}, 0, BEFORE, POSTPONED),
        ({"state": "held"}, 0, BEFORE, HELD),
        ({}, 0, START + timedelta(hours=8), HELD),
    ],
)
def test_the_badge_says_the_state(values: dict[str, Any], taken: int, at: datetime, expected: Any) -> None:
    assert status_of(meeting(**values), taken, at=at) == expected


@pytest.mark.usefixtures("context")
def test_the_last_ten_places_are_counted() -> None:
    status = status_of(meeting(), 49, at=BEFORE)
    assert (str(status.label), status.tone, status.is_open) == ("1 place restante", "last", True)
