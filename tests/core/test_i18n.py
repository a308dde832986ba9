"""French as it is printed: no-break spaces, dates, hours, numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eventsapp.core.i18n import (
    _,
    format_day,
    format_day_short,
    format_hours,
    format_number,
    format_time,
    french_spaces,
    ngettext,
    speaking,
)

MORNING = datetime(2011, 6, 14, 7, 30, tzinfo=UTC)
EVENING = datetime(2011, 6, 14, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Où ? Là !", "Où\u00a0? Là\u00a0!"),
        ("« mot », 50 %, 10 €", "«\u00a0mot\u00a0», 50\u00a0%, 10\u00a0€"),
        ("à 9 h 30 ou 14 h précises", "à 9\u00a0h\u00a030 ou 14\u00a0h précises"),
        ("rien à faire", "rien à faire"),
        ("https://exemple.fr", "https://exemple.fr"),
    ],
)
def test_spaces_that_do_not_break(typed: str, printed: str) -> None:
    assert french_spaces(typed) == printed


@pytest.mark.usefixtures("context")
def test_days_in_french_and_english() -> None:
    with speaking("fr"):
        assert format_day(MORNING) == "mardi 14 juin 2011"
        assert format_day(date(2014, 5, 1)) == "jeudi 1er mai 2014"
        assert format_day_short(date(2014, 5, 1)) == "1er mai 2014"
    with speaking("en"):
        assert format_day(MORNING) == "Tuesday 14 June 2011"


@pytest.mark.usefixtures("context")
def test_hours_are_those_of_the_meetings_zone() -> None:
    with speaking("fr"):
        assert format_time(MORNING) == "9\u00a0h\u00a030"
        assert format_time(EVENING) == "17\u00a0h"
        assert format_time(MORNING, "Indian/Reunion") == "11\u00a0h\u00a030"
        assert format_hours(MORNING, EVENING) == "de 9\u00a0h\u00a030 à 17\u00a0h"
    with speaking("en"):
        assert format_time(MORNING) == "09:30"


@pytest.mark.usefixtures("context")
def test_the_day_is_that_of_the_meetings_zone() -> None:
    late = datetime(2011, 6, 14, 23, 0, tzinfo=UTC)
    with speaking("fr"):
        assert format_day(late) == "mercredi 15 juin 2011"
        assert format_day(late, "America/Guadeloupe") == "mardi 14 juin 2011"


@pytest.mark.usefixtures("context")
def test_numbers_have_french_groups() -> None:
    with speaking("fr"):
        assert format_number(12345.6) == "12\u00a0345,6"


@pytest.mark.usefixtures("context")
def test_french_counts_zero_and_one_as_singular() -> None:
    words = ("%(num)d place", "%(num)d places")
    with speaking("fr"):
        assert [ngettext(*words, count) for count in (0, 1, 2)] == ["0 place", "1 place", "2 places"]


def test_values_are_put_in_after_translation(app: Flask) -> None:
    with app.test_request_context("/"):
        assert _("Bonjour %(name)s,", name="Zoë : 100 %") == "Bonjour Zoë : 100 %,"
