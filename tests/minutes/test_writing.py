"""Writing: nobody's text is lost, and an approved text does not change."""

from __future__ import annotations

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.minutes import errors
from eventsapp.minutes.queries import get_item, get_minutes
from eventsapp.minutes.services import publishing, writing
from tests.minutes.samples import make_held_meeting

pytestmark = pytest.mark.usefixtures("context")


def test_minutes_begin_with_the_points_of_the_programme():
    with unit_of_work():
        held = make_held_meeting()
        assert [item.title for item in held.minutes.items] == ["Ouverture", "Monnaies locales"]
        with pytest.raises(errors.MinutesExistAlready):
            writing.create_minutes(held.meeting, by=held.account, at=now())


def test_a_save_from_an_older_version_is_refused_and_changes_nothing():
    with unit_of_work():
        held = make_held_meeting()
        item = held.minutes.items[0]
        writing.change_item(item, {"summary": "La mienne"}, seen=1, by=held.account, at=now())
        with pytest.raises(errors.TextHasChanged):
            writing.change_item(item, {"summary": "La tienne"}, seen=1, by=held.account, at=now())
        assert (item.summary, item.version) == ("La mienne", 2)


def test_the_same_text_sent_twice_is_no_conflict():
    with unit_of_work():
        held = make_held_meeting()
        item = held.minutes.items[0]
        for _time in range(2):
            writing.change_item(item, {"summary": "Texte"}, seen=1, by=held.account, at=now())
        assert item.version == 2


def test_approved_minutes_no_longer_change_until_writing_is_resumed():
    with unit_of_work():
        held = make_held_meeting()
        minutes = held.minutes
        publishing.submit_for_review(minutes, by=held.account, at=now())
        publishing.approve_minutes(minutes, "", by=held.account, at=now())
        with pytest.raises(errors.MinutesAreClosed):
            writing.add_item(minutes, "Autre", by=held.account, at=now())
        publishing.resume_writing(minutes, by=held.account, at=now())
        assert minutes.approved_at is None
        assert writing.add_item(minutes, "Autre", by=held.account, at=now()).position == 2


def test_points_and_blocks_move_among_their_own():
    with unit_of_work():
        held = make_held_meeting()
        writing.move_item(held.minutes.items[1], -1, by=held.account, at=now())
        item = held.minutes.items[0]
        for text in ("Une", "Deux"):
            writing.add_block(item, "decisions", {"text": text}, by=held.account, at=now())
        item_id, meeting_id = item.id, held.meeting.id
    with unit_of_work():
        item = get_item(meeting_id, item_id)
        writing.move_block(item, "decisions", item.decisions[0], 1, by=held.account, at=now())
    db.session.expire_all()
    assert [one.title for one in get_minutes(meeting_id).items] == ["Monnaies locales", "Ouverture"]
    assert [one.text for one in get_item(meeting_id, item_id).decisions] == ["Deux", "Une"]


def test_removing_a_point_removes_what_it_holds():
    with unit_of_work():
        held = make_held_meeting()
        item = held.minutes.items[0]
        writing.add_block(item, "actions", {"text": "À faire"}, by=held.account, at=now())
        writing.remove_item(item, by=held.account, at=now())
        meeting_id = held.meeting.id
    assert [one.title for one in get_minutes(meeting_id).items] == ["Monnaies locales"]


def test_a_meeting_does_not_close_before_it_opened():
    with unit_of_work():
        held = make_held_meeting()
        values = {"opened_at": held.meeting.ends_at, "closed_at": held.meeting.starts_at}
        with pytest.raises(errors.ClosedBeforeOpened):
            writing.change_minutes(held.minutes, values, seen=1, by=held.account, at=now())
