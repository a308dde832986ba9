"""What the desk may write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsapp.attendance import errors, services
from eventsapp.attendance.queries import (
    counts_by_half_day,
    find_expected,
    half_days_of,
    marks_of,
    standing_counts,
)
from eventsapp.core.clock import now
from eventsapp.core.db import unit_of_work
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration

pytestmark = pytest.mark.usefixtures("context")


def desk():
    meeting = make_meeting()
    return meeting, make_registration(meeting), half_days_of(meeting)[0].key, make_account()


def test_nobody_is_present_before_being_noted():
    with unit_of_work():
        meeting, person, _half_day, _account = desk()
        assert marks_of([person.id]) == {}
        assert counts_by_half_day(meeting.id) == {}


def test_the_last_thing_noted_for_a_half_day_replaces_the_one_before():
    with unit_of_work():
        meeting, person, half_day, account = desk()
        for state in ("excused", "present"):
            services.note_attendance(meeting, person, half_day, state, by=account, at=now())
        assert counts_by_half_day(meeting.id) == {half_day: {"present": 1}}


def test_undoing_leaves_nothing_noted():
    with unit_of_work():
        meeting, person, half_day, account = desk()
        services.note_attendance(meeting, person, half_day, "present", by=account, at=now())
        services.forget_attendance(meeting, person, half_day)
        assert counts_by_half_day(meeting.id) == {}


def test_a_half_day_of_another_date_is_refused():
    with unit_of_work():
        meeting, person, _half_day, account = desk()
        with pytest.raises(errors.HalfDayIsUnknown):
            services.note_attendance(meeting, person, "1999-01-01:am", "present", by=account, at=now())


def test_a_cancelled_registration_is_not_noted():
    with unit_of_work():
        meeting, _person, half_day, account = desk()
        gone = make_registration(meeting, state="cancelled")
        with pytest.raises(errors.RegistrationIsCancelled):
            services.note_attendance(meeting, gone, half_day, "present", by=account, at=now())


def test_a_represented_person_has_a_named_representative():
    with unit_of_work():
        meeting, person, half_day, account = desk()
        with pytest.raises(errors.RepresentativeIsMissing):
            services.note_attendance(meeting, person, half_day, "represented", by=account, at=now())
        noted = services.note_attendance(
            meeting, person, half_day, "represented", by=account, at=now(), represented_by="Mme Exemple"
        )
        assert noted.represented_by == "Mme Exemple"


def test_closing_a_half_day_notes_as_absent_only_those_with_nothing_noted():
    with unit_of_work():
        meeting, person, half_day, account = desk()
        make_registration(meeting)
        services.note_attendance(meeting, person, half_day, "present", by=account, at=now())
        later = meeting.ends_at + timedelta(hours=1)
        assert services.close_half_day(meeting, half_day, by=account, at=later) == 1
        assert counts_by_half_day(meeting.id)[half_day] == {"present": 1, "absent": 1}


def test_a_half_day_is_not_closed_before_its_end():
    with unit_of_work():
        meeting, _person, half_day, account = desk()
        with pytest.raises(errors.HalfDayIsNotOver):
            services.close_half_day(meeting, half_day, by=account, at=meeting.starts_at)


@pytest.mark.parametrize("typed", ["celine oeuf", "Œuf", "metropole", "FORÊT", "x1234567"])
def test_somebody_is_found_by_name_organisation_or_reference_without_accents(typed):
    with unit_of_work():
        meeting = make_meeting()
        make_registration(
            meeting,
            given_name="Céline",
            family_name="d’Œuf-Étienne",
            organisation="Métropole de l’Énergie, Forêt",
            reference="X1234567",
        )
        make_registration(meeting, organisation="Ville")
        assert [x.given_name for x in find_expected(meeting.id, typed, number=1).items] == ["Céline"]


def test_the_database_counts_each_person_once_for_the_whole_meeting():
    with unit_of_work():
        meeting, person, half_day, account = desk()
        other = make_registration(meeting)
        afternoon = half_days_of(meeting)[1].key
        noted = [(person, half_day, "excused"), (person, afternoon, "present"), (other, half_day, "excused")]
        for who, when, state in noted:
            services.note_attendance(meeting, who, when, state, by=account, at=now())
        assert standing_counts(meeting.id) == {"present": 1, "excused": 1}
