"""Promise 4: late registrants get the reminders still to come; a moved date moves them; nobody gets two."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.composing import compose
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.facts import meeting_cancelled, meeting_rescheduled
from eventsapp.registrations.services import changing
from eventsapp.reminders import services
from eventsapp.reminders.models import Reminder
from eventsapp.reminders.rules import due_instant
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_place, make_registration, make_wait
from tests.factories.reminders import make_rule
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("context")
LONG_AGO = now() - timedelta(days=100)


def plan(at):
    with unit_of_work():
        return services.plan_due_reminders(at=at)


def reminders(state="queued"):
    mail = OutgoingMail
    statement = select(mail).where(mail.purpose == "reminder", mail.state == state).order_by(mail.id)
    return db.session.scalars(statement).all()


@pytest.fixture
def meeting(context):
    with unit_of_work():
        return make_meeting(starts_at=in_days(30))


@pytest.fixture
def rule(meeting):
    with unit_of_work():
        return make_rule(meeting, days_before=7)


def register(meeting, **values):
    with unit_of_work():
        return make_registration(meeting, **{"registered_at": LONG_AGO, **values})


def test_each_person_registered_is_reminded_once_when_the_instant_comes(meeting, rule):
    register(meeting, email="a@exemple.fr")
    register(meeting, email="b@exemple.fr")
    due = due_instant(meeting, rule)
    assert plan(due - timedelta(seconds=1)) == 0
    assert plan(due) == 2
    assert plan(due + timedelta(minutes=1)) == 0
    assert [mail.recipient for mail in reminders()] == ["a@exemple.fr", "b@exemple.fr"]


def test_a_late_registrant_gets_the_reminders_to_come_and_not_those_past(meeting, rule):
    with unit_of_work():
        day_before = make_rule(meeting, days_before=1)
    week_before = due_instant(meeting, rule)
    register(meeting, email="tard@exemple.fr", registered_at=week_before + timedelta(minutes=5))
    assert plan(week_before + timedelta(minutes=10)) == 0
    assert plan(due_instant(meeting, day_before)) == 1


def test_whoever_gets_a_place_from_the_list_is_sent_only_the_reminders_to_come(meeting, rule):
    with unit_of_work():
        day_before = make_rule(meeting, days_before=1)
    week_before = due_instant(meeting, rule)
    register(meeting, offered_at=week_before + timedelta(hours=1))
    assert plan(week_before + timedelta(days=2)) == 0
    assert plan(due_instant(meeting, day_before)) == 1


def test_a_reminder_shows_the_workshops_held_not_those_waited_for(meeting, rule):
    one = register(meeting)
    with unit_of_work():
        held, awaited = make_session(meeting, title="Tenu"), make_session(meeting, title="Attendu")
        make_place(one, held)
        make_wait(one, awaited)
    plan(due_instant(meeting, rule))
    text = compose(reminders()[0]).body_text
    assert "Tenu" in text
    assert "Attendu" not in text


def test_a_moved_date_moves_the_reminders_not_yet_sent(meeting, rule):
    register(meeting)
    former = due_instant(meeting, rule)
    move(meeting, days=10, at=former - timedelta(days=1))
    assert plan(former) == 0
    assert plan(former + timedelta(days=10)) == 1


def test_a_meeting_put_off_after_its_reminder_has_another_for_its_new_date(meeting, rule):
    register(meeting)
    former = due_instant(meeting, rule)
    assert plan(former) == 1
    move(meeting, days=30, at=former + timedelta(days=1))
    assert (len(reminders()), len(reminders("cancelled"))) == (0, 1)
    assert plan(former + timedelta(days=1)) == 0
    assert plan(former + timedelta(days=30)) == 1


def test_a_meeting_brought_forward_past_the_instant_repeats_nothing(meeting, rule):
    register(meeting)
    former = due_instant(meeting, rule)
    assert plan(former) == 1
    move(meeting, days=-2, at=former + timedelta(minutes=1))
    assert plan(former + timedelta(minutes=2)) == 0


def move(meeting, *, days, at):
    with unit_of_work():
        meeting.starts_at += timedelta(days=days)
        meeting.ends_at += timedelta(days=days)
        meeting.revision += 1
        meeting_rescheduled.send(meeting, by=None, at=at)


def test_a_cancelled_registration_gets_none(meeting, rule):
    register(meeting, state="cancelled")
    assert plan(due_instant(meeting, rule)) == 0


def test_cancelling_a_registration_withdraws_its_reminder_that_has_not_left(meeting, rule):
    leaving, staying = register(meeting), register(meeting)
    due = due_instant(meeting, rule)
    plan(due)
    with unit_of_work():
        changing.cancel_registration(registration=leaving, at=due)
    assert [mail.recipient for mail in reminders()] == [staying.email]
    assert plan(due + timedelta(minutes=1)) == 0


def test_a_cancelled_meeting_reminds_nobody_and_withdraws_what_has_not_left(meeting, rule):
    register(meeting)
    due = due_instant(meeting, rule)
    plan(due)
    with unit_of_work():
        meeting.state, meeting.cancelled_at = "cancelled", due
        meeting_cancelled.send(meeting, by=None, at=due)
    assert (len(reminders()), len(reminders("cancelled"))) == (0, 1)
    register(meeting)
    assert plan(due + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("state", ["draft", "postponed", "held"])
def test_a_meeting_that_is_not_published_reminds_nobody(state):
    with unit_of_work():
        meeting = make_meeting(starts_at=in_days(30), state=state)
        rule = make_rule(meeting)
        make_registration(meeting, registered_at=LONG_AGO)
    assert plan(due_instant(meeting, rule)) == 0


def test_a_rolled_back_plan_leaves_neither_reminder_nor_message(meeting, rule):
    register(meeting)
    due = due_instant(meeting, rule)

    def crash():
        with unit_of_work():
            services.plan_due_reminders(at=due)
            raise RuntimeError("the worker is killed")

    with pytest.raises(RuntimeError):
        crash()
    assert reminders() == []
    assert plan(due) == 1


def test_two_workers_at_once_remind_each_person_once(app, meeting, rule):
    for _number in range(30):
        register(meeting)
    due, counts = due_instant(meeting, rule), []
    start = threading.Barrier(3)

    def work():
        with app.app_context():
            start.wait()
            counts.extend(plan(due) for _turn in range(3))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    db.session.rollback()
    assert sum(counts) == 30
    assert len(reminders()) == 30
    assert db.session.scalar(select(func.count()).select_from(Reminder)) == 30


@pytest.mark.parametrize("people", [2, 40])
def test_the_statements_do_not_grow_with_the_people(app, meeting, rule, people):
    with unit_of_work():
        workshop = make_session(meeting)
        for _number in range(people):
            make_registration(meeting, registered_at=LONG_AGO, sessions=[workshop])
    due = due_instant(meeting, rule)
    with count_statements(app) as sent:
        assert plan(due) == people
    assert len(sent) <= 8


def test_a_great_number_leaves_batch_after_batch(meeting, rule, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 3)
    for _number in range(7):
        register(meeting)
    due = due_instant(meeting, rule)
    assert [plan(due) for _turn in range(4)] == [3, 3, 1, 0]


def test_the_message_says_what_is_needed_in_the_language_of_its_reader(meeting, rule):
    with unit_of_work():
        meeting.access_note = "Métro Gare"
        workshop = make_session(meeting, title="Mobilités", room="Salle Ain")
        for locale in ("fr", "en"):
            make_registration(meeting, registered_at=LONG_AGO, locale=locale, sessions=[workshop])
    plan(due_instant(meeting, rule))
    french, english = reminders()
    for mail in (french, english):
        texts = compose(mail)
        for text in (texts.body_text, texts.body_html):
            for fact in (
                meeting.title,
                "Hôtel de Région",
                "Métro Gare",
                "Mobilités",
                "Salle Ain",
                "/mon-inscription/",
            ):
                assert fact in text
    assert french.subject == rule.subject
    assert french.about == f"meeting:{meeting.id}"
    assert compose(french).body_text != compose(english).body_text
