"""Everything the statistics page shows of one meeting, read in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsapp.core.charts import Curve
from eventsapp.core.zones import local_day
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.offer import workshop_slots
from eventsapp.registrations.queries import statistics
from eventsapp.registrations.questions import queries as questions
from eventsapp.registrations.statistics.answers import (
    OPTION_KINDS,
    communes_table,
    counted_questions,
    options_table,
)
from eventsapp.registrations.statistics.figures import Figure, figures_table, key_figures
from eventsapp.registrations.statistics.growth import Period, growth_curve, growth_table, periods
from eventsapp.registrations.statistics.people import organisations_table, tables_of_crowds
from eventsapp.registrations.statistics.tables import MOST_LINES, Table
from eventsapp.registrations.statistics.workshops import Filling, fillings, workshops_table


@dataclass(frozen=True)
class Report:
    """The statistics of a meeting. ``growth`` is empty, and there is no curve, while nobody ever registered."""

    figures: list[Figure]
    workshops: list[Filling]
    growth: list[Period]
    curve: Curve | None
    people: list[Table]
    answers: list[Table]

    @property
    def is_empty(self) -> bool:
        return not self.growth

    def tables(self) -> dict[str, Table]:
        """Return every table by the key that its file's address has."""
        own = [figures_table(self.figures), workshops_table(self.workshops), growth_table(self.growth)]
        return {table.key: table for table in (*own, *self.people, *self.answers)}


def report_on(meeting: Meeting, *, at: datetime) -> Report:
    """Return the statistics of a meeting loaded with its programme."""
    people = statistics.crowds(meeting.id)
    growth = _growth(meeting, at) if people else []
    return Report(
        key_figures(people, meeting.capacity),
        workshops_of(meeting),
        growth,
        growth_curve(growth, meeting.capacity) if growth else None,
        [
            *tables_of_crowds(people),
            organisations_table(statistics.largest_organisations(meeting.id, MOST_LINES)),
        ],
        _answers(meeting.id),
    )


def workshops_of(meeting: Meeting) -> list[Filling]:
    """Return how the workshops of a meeting loaded with its programme fill up: one statement."""
    slots = workshop_slots(meeting)
    return fillings(slots, statistics.places_by_state([x.id for slot in slots for x in slot.sessions]))


def _growth(meeting: Meeting, at: datetime) -> list[Period]:
    """From the opening until now, or until the meeting is over."""
    zone = meeting.time_zone
    until = local_day(min(at, meeting.ends_at), zone)
    opened = meeting.registration_opens_at or meeting.published_at or at
    return periods(
        statistics.arrivals(meeting.id, zone),
        statistics.endings(meeting.id, zone),
        since=min(local_day(opened, zone), until),
        until=until,
    )


def _answers(meeting_id: int) -> list[Table]:
    asked = counted_questions(questions.every_question(meeting_id))
    if not asked:
        return []
    ids = [one.id for one in asked]
    chosen = questions.chosen_options([one.id for one in asked if one.kind in OPTION_KINDS])
    communes = questions.largest_communes([one.id for one in asked if one.kind == "commune"], MOST_LINES)
    numbers = questions.respondents(ids)
    return [
        options_table(one, chosen, numbers.get(one.id, 0))
        if one.kind in OPTION_KINDS
        else communes_table(one, communes, numbers.get(one.id, 0))
        for one in asked
    ]
