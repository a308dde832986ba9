"""What sending promises, in real conversations with a relay that has its moods."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, select, update

from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail import ledger
from eventsapp.mail.drain import current_relay, drain, sweep
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.outbox import Draft, cancel_mail, queue_mails
from tests.mail.conftest import AT, draft

pytestmark = pytest.mark.usefixtures("context", "as_long_as_it_takes")


@pytest.fixture
def as_long_as_it_takes(monkeypatch):
    """A slow disk may take longer for a hundred commits than a drain is given."""
    monkeypatch.setattr("eventsapp.mail.drain.BUDGET_SECONDS", 3600)


def queue(*names, **changes):
    drafts = [Draft(**draft(recipient=f"{name}@exemple.example", **changes)) for name in names]
    with unit_of_work():
        queue_mails(drafts, at=AT)


def mails():
    db.session.remove()
    return {m.recipient.split("@")[0]: m for m in db.session.scalars(select(OutgoingMail))}


def states():
    return {name: mail.state for name, mail in mails().items()}


def test_everything_due_leaves_over_one_connection(relay):
    queue(*(f"p{i}" for i in range(45)))
    assert drain() == 45
    assert set(states().values()) == {"sent"}
    assert len(set(relay.recipients)) == 45
    assert relay.connections == 1


def test_a_connection_is_reopened_after_a_hundred_messages(relay):
    queue(*(f"p{i}" for i in range(101)))
    assert drain() == 101
    assert relay.connections == 2


def test_a_message_costs_one_commit_and_a_share(relay):
    queue(*(f"p{i}" for i in range(40)))
    commits = []

    def count(connection):
        commits.append(connection)

    event.listen(db.engine, "commit", count)
    drain()
    event.remove(db.engine, "commit", count)
    assert len(commits) <= 40 + 6


def test_a_message_due_later_waits(relay):
    queue("later", due_at=now() + timedelta(hours=1))
    assert drain() == 0
    with time_machine.travel(now() + timedelta(hours=2)):
        assert drain() == 1


def test_urgent_messages_leave_first(relay):
    queue("campaign", priority=9)
    queue("link", priority=1, purpose="sign_in_link")
    drain()
    assert relay.recipients == ["link@exemple.example", "campaign@exemple.example"]


def test_a_greylisted_message_comes_back_later(relay):
    queue("grey", "fine")
    assert drain() == 1
    mail = mails()["grey"]
    assert (mail.state, mail.attempts) == ("queued", 1)
    assert mail.server_reply.startswith("451 4.7.1")
    assert timedelta(seconds=45) < mail.due_at - now() < timedelta(seconds=75)
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert drain() == 1
    assert states()["grey"] == "sent"


def test_a_message_is_given_up_after_six_waits(relay):
    queue("never")
    at = now()
    for _ in range(8):
        with time_machine.travel(at):
            drain()
        at += timedelta(hours=20)
    mail = mails()["never"]
    assert (mail.state, mail.attempts) == ("failed", 7)


@pytest.mark.parametrize("name", ["no", "spam"])
def test_a_final_refusal_is_final_and_stops_nobody_else(relay, name):
    queue(name, "fine")
    assert drain() == 1
    mail = mails()[name]
    assert mail.state == "failed"
    assert mail.server_reply.startswith("55")


def test_a_reminder_that_may_have_left_is_held_for_a_person(relay):
    queue("gone", "fine")
    assert drain() == 1
    assert states() == {"gone": "doubtful", "fine": "sent"}


def test_a_confirmation_that_may_have_left_goes_again_as_the_same_message(relay):
    queue("gone", purpose="confirmation")
    drain()
    assert states() == {"gone": "queued"}
    with time_machine.travel(now() + timedelta(minutes=2)):
        drain()
    assert states() == {"gone": "sent"}
    first, second = relay.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_connection_lost_before_the_text_is_never_a_doubt(relay):
    queue("early")
    drain()
    assert states() == {"early": "queued"}


def test_a_connection_that_wore_out_costs_no_attempt(relay):
    queue("a", "early", "b")
    assert drain() == 3
    assert mails()["early"].attempts == 1


def test_a_relay_too_slow_to_answer_leaves_a_doubt(relay):
    queue("slow")
    drain()
    assert states() == {"slow": "doubtful"}


def test_a_relay_that_is_down_costs_no_attempt_and_is_left_alone(app, relay, monkeypatch):
    queue("a", "b")
    listening = app.extensions["mail"].port
    monkeypatch.setattr(app.extensions["mail"], "port", 1)
    assert drain() == 0
    assert {(m.state, m.attempts) for m in mails().values()} == {("queued", 0)}
    assert "refused" in mails()["a"].server_reply.lower()
    monkeypatch.setattr(app.extensions["mail"], "port", listening)
    assert drain() == 0  # still resting
    current_relay().answered()
    assert drain() == 2


def test_a_withdrawn_message_does_not_leave_even_when_claimed(relay):
    queue("a", about="meeting:1")
    rows = ledger.claim("here:1", at=now(), lasting=timedelta(minutes=5))
    with unit_of_work():
        assert cancel_mail(purpose="reminder", about="meeting:1") == 1
    assert not ledger.mark_sending(rows[0].id, "here:1", at=now(), lasting=timedelta(minutes=5))


def test_two_drains_share_the_work_and_send_nothing_twice(app, relay):
    queue(*(f"p{i}" for i in range(60)))

    def work():
        with app.app_context():
            drain()
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(relay.recipients) == sorted({f"p{i}@exemple.example" for i in range(60)})


def test_no_more_connections_than_the_setting(app, relay):
    current_relay().slots = threading.BoundedSemaphore(1)
    queue("a")
    with current_relay().slots:
        assert drain() == 0
    assert drain() == 1


def test_doing_it_twice_changes_nothing(relay):
    queue("a", "gone", "no")
    for _ in range(2):
        drain()
        sweep()
        drain()
    assert states() == {"a": "sent", "gone": "doubtful", "no": "failed"}
    assert len(relay.received) == 2


def interrupted(name, *lines, lease=None, **changes):
    """A worker was killed in the middle of this message, having written these lines."""
    queue(name, **changes)
    journal = current_relay().journal
    with unit_of_work():
        db.session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.recipient.startswith(f"{name}@"))
            .values(
                state="sending",
                attempts=1,
                lease=lease or f"{journal.identity}:x",
                lease_until=now() - timedelta(seconds=1),
            )
        )
    mail_id = mails()[name].id
    if "P" in lines:
        journal.text_leaves(mail_id, 1)
    if "A" in lines:
        journal.accepted(mail_id, 1)


def test_after_a_crash_the_journal_decides(relay):
    interrupted("accepted", "P", "A")
    interrupted("begun")
    interrupted("unknown", "P")
    interrupted("confirmed", "P", purpose="confirmation")
    sweep()
    assert states() == {"accepted": "sent", "begun": "queued", "unknown": "doubtful", "confirmed": "queued"}


def test_the_lines_of_an_earlier_attempt_decide_nothing(relay):
    interrupted("again", "P")
    with unit_of_work():
        db.session.execute(update(OutgoingMail).values(attempts=2))
    sweep()
    assert states() == {"again": "queued"}


def test_a_message_of_another_machine_waits_for_it_to_come_back(relay):
    interrupted("theirs", lease="another-machine:x")
    sweep()
    assert states() == {"theirs": "sending"}
    with time_machine.travel(now() + timedelta(hours=2)):
        sweep()
    assert states() == {"theirs": "doubtful"}


def test_a_message_that_cannot_be_composed_fails_with_its_reason_and_stops_no_other(relay):
    queue("broken", template="essai/mail/broken")
    queue("fine")
    assert drain() == 1
    assert states() == {"broken": "failed", "fine": "sent"}
    broken = mails()["broken"]
    assert "UndefinedError" in broken.server_reply
    assert "Camille" in broken.context  # once the template is mended, a person may send it


def test_what_left_is_what_the_ledger_keeps_and_the_facts_are_gone(relay):
    queue("a")
    drain()
    mail = mails()["a"]
    assert mail.body_text == relay.received[0].get_body(["plain"]).get_content().replace("\r\n", "\n")
    assert "<p>Bonjour Camille" in mail.body_html
    assert mail.context is None


def test_a_message_that_must_go_again_keeps_the_text_it_had(relay, trial_texts):
    queue("gone", purpose="confirmation")
    drain()
    trial_texts["essai/mail/simple/body.txt"] = "Autre texte"
    with time_machine.travel(now() + timedelta(minutes=2)):
        drain()
    first, second = relay.received
    assert first.get_body(["plain"]).get_content() == second.get_body(["plain"]).get_content()


def test_a_worker_killed_between_claim_and_composition_loses_nothing(relay):
    queue("a")
    ledger.claim("dead:1", at=now() - timedelta(hours=1), lasting=timedelta(minutes=5))
    assert drain() == 0
    sweep()
    assert drain() == 1
    assert "Bonjour Camille" in relay.received[0].get_body(["plain"]).get_content()


def test_a_claim_that_ended_is_open_again(relay):
    queue("a")
    ledger.claim("here:1", at=now() - timedelta(hours=1), lasting=timedelta(minutes=5))
    assert sweep()
    assert states() == {"a": "queued"}
