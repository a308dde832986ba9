"""What queueing a message promises."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, func, select

from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.composing import compose
from eventsapp.mail.context import FactIsNotPlain, pack, unpack
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.outbox import Draft, cancel_mail, queue_mail, queue_mails
from tests.mail.conftest import AT, draft


def number_of_mails():
    return db.session.scalar(select(func.count()).select_from(OutgoingMail))


def test_a_message_says_what_was_true_in_the_language_of_its_reader(context):
    with unit_of_work():
        french = queue_mail(at=AT, **draft())
        english = queue_mail(at=AT, **draft(occasion="another", locale="en"))
    assert compose(french).body_text == "Bonjour Camille, rendez-vous mardi 1er septembre 2026.\n"
    assert "Tuesday 1 September 2026" in compose(english).body_text


def test_the_text_is_left_to_the_worker_and_the_subject_is_there_at_once(context):
    with unit_of_work():
        mail = queue_mail(at=AT, **draft())
    assert (mail.subject, mail.body_text, mail.body_html) == ("Bonjour Camille", "", "")
    assert compose(mail) == compose(mail)


def test_a_message_that_was_handed_a_row_of_the_database_is_refused_by_name(context):
    with pytest.raises(FactIsNotPlain, match=r"context\.people\[0\].*OutgoingMail"):
        queue_mail(at=AT, **draft(context={"name": "A", "people": [OutgoingMail()]}))


def test_facts_come_back_as_they_were():
    facts = {"at": AT, "day": AT.date(), "many": [{"of": None}, 1, 2.5, True], "text": "é"}
    assert unpack(pack(facts)) == facts


def test_an_instant_without_a_zone_is_no_fact():
    with pytest.raises(FactIsNotPlain):
        pack({"at": AT.replace(tzinfo=None)})


def test_a_rolled_back_request_queues_nothing(context):
    def request_that_fails():
        with unit_of_work():
            queue_mail(at=AT, **draft())
            raise RuntimeError("later in the request")

    with pytest.raises(RuntimeError):
        request_that_fails()
    assert number_of_mails() == 0


def test_the_same_occasion_is_queued_once_whatever_the_case_of_the_address(context):
    with unit_of_work():
        assert queue_mail(at=AT, **draft())
        assert queue_mail(at=AT, **draft(recipient="Camille@Exemple.example")) is None
    with unit_of_work():
        assert queue_mail(at=AT, **draft()) is None
    assert number_of_mails() == 1


def test_two_workers_that_plan_the_same_reminder_queue_it_once(app, context):
    start, results = threading.Barrier(2), []

    def plan():
        with app.app_context():
            start.wait()
            with unit_of_work():
                results.append(queue_mails([Draft(**draft(occasion=f"r:{i}")) for i in range(20)], at=AT))
            db.session.remove()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(results) == 20
    assert number_of_mails() == 20


def test_a_campaign_of_a_thousand_takes_few_statements(context):
    drafts = [Draft(**draft(recipient=f"p{i}@exemple.example")) for i in range(1000)]
    statements = []

    def count(*args):
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", count)
    with unit_of_work():
        assert queue_mails(drafts, at=AT) == 1000
    event.remove(db.engine, "before_cursor_execute", count)
    assert len(statements) <= 3  # BEGIN among them


def test_an_unknown_purpose_is_refused(context):
    with pytest.raises(ValueError, match="purposes"):
        queue_mail(at=AT, **draft(purpose="surprise"))


def test_a_name_with_a_line_break_cannot_add_a_header(context):
    with unit_of_work():
        mail = queue_mail(
            at=AT, **draft(recipient_name="A\r\nBcc: x@y.z", context={"name": "B\nCc: x", "when": AT})
        )
    assert "\n" not in mail.recipient_name + mail.subject
    assert "\r" not in mail.recipient_name + mail.subject


def test_the_reminders_of_a_cancelled_registration_are_withdrawn(context):
    with unit_of_work():
        for rule in (1, 2):
            queue_mail(at=AT, **draft(occasion=f"registration:7:rule:{rule}", about="meeting:3"))
        queue_mail(at=AT, **draft(occasion="registration:8:rule:1", about="meeting:3"))
    with unit_of_work():
        assert (
            cancel_mail(purpose="reminder", recipient="camille@exemple.example", occasion="registration:7:")
            == 2
        )
    with unit_of_work():
        assert cancel_mail(purpose="reminder", about="meeting:3") == 1


def test_a_message_cannot_be_withdrawn_from_everybody_by_mistake(context):
    with pytest.raises(ValueError, match="recipient"):
        cancel_mail(purpose="reminder")
