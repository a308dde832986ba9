"""A copy of a meeting takes registrations as the meeting it comes from."""

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.meetings.services.duplication import duplicate_meeting
from eventsapp.registrations.models import RegistrationSetup
from eventsapp.registrations.questions import queries
from tests.factories.accounts import make_account
from tests.factories.meetings import in_days, make_meeting
from tests.factories.questions import make_question


@pytest.fixture
def meeting(context):
    with unit_of_work():
        yield make_meeting()


def copy_of(meeting):
    return duplicate_meeting(meeting, days=7, by=make_account(), at=now())


def test_a_copy_asks_the_same_questions_and_not_those_retired(meeting):
    source = make_question(meeting, kind="yes_no", label="Dînez-vous ?")
    make_question(meeting, label="Menu", shown_if_id=source.id, shown_if_value="yes", keep_days=30)
    make_question(meeting, label="Ancienne", retired_at=now())
    copy = copy_of(meeting)
    first, second = queries.live_questions(copy.id)
    assert [first.label, second.label] == ["Dînez-vous ?", "Menu"]
    assert (second.shown_if_id, second.keep_days) == (first.id, 30)
    assert db.session.get(RegistrationSetup, copy.id).form_version == 1


def test_a_copy_has_the_rules_and_later_deadlines_but_nothing_that_happened(meeting):
    make_question(meeting)
    setup = db.session.get(RegistrationSetup, meeting.id)
    setup.admission, setup.wishes_close_at, setup.allocated_at = "approval", in_days(20), now()
    setup.quotas = [{"key": "members"}]
    new = db.session.get(RegistrationSetup, copy_of(meeting).id)
    assert (new.admission, new.quotas, new.allocated_at) == ("approval", [{"key": "members"}], None)
    assert (new.wishes_close_at - setup.wishes_close_at).days == 7


def test_a_meeting_nobody_set_up_has_a_copy_nobody_set_up(meeting):
    assert db.session.get(RegistrationSetup, copy_of(meeting).id) is None
