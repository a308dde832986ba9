"""Tasks look at ledgers: doing one twice, or twice at once, changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.outbox import QUEUED_IN_THIS_TRANSACTION, queue_mail
from eventsapp.worker import hints
from eventsapp.worker.engine import make_celery, timetable
from eventsapp.worker.tasks import WORK
from tests.mail.conftest import AT, draft, relay, trial_templates  # noqa: F401 - fixtures


@pytest.fixture
def celery(app, monkeypatch):
    """The engine, handing tasks over at once and in this process."""
    monkeypatch.setitem(app.extensions, "celery", None)
    engine = make_celery(app)
    asked = []
    monkeypatch.setattr(engine, "send_task", lambda name, **options: asked.append((name, options)))
    engine.asked = asked
    return engine


def ledger():
    with db.engine.connect() as connection:
        return connection.execute(select(OutgoingMail.__table__).order_by(OutgoingMail.id)).all()


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.name)
def test_a_task_run_twice_changes_nothing_the_second_time(app, context, celery, relay, work):  # noqa: F811
    with unit_of_work():
        queue_mail(at=AT, **draft())
        queue_mail(at=AT, **draft(recipient="no@exemple.example"))
    task = celery.tasks[work.name]
    task()
    after_one = ledger()
    task()
    assert ledger() == after_one


def test_the_sweep_calls_for_hands_only_when_something_is_due(context, celery):
    celery.tasks["rencontres.sweep_mail"]()
    assert celery.asked == []
    with unit_of_work():
        queue_mail(at=AT, **draft())
    celery.tasks["rencontres.sweep_mail"]()
    assert {name for name, _options in celery.asked} == {hints.DRAIN_TASK}
    assert all(options["expires"] for _name, options in celery.asked)


def test_every_periodic_start_expires_and_has_a_task(celery):
    for alone in (True, False):
        for entry in timetable(alone).values():
            assert entry["task"] in celery.tasks
            assert entry["options"]["expires"]


def test_old_texts_are_erased_and_the_occasion_stays_used(context, celery):
    with unit_of_work():
        mail = queue_mail(at=AT - timedelta(days=200), **draft())
        mail.state = "cancelled"
    celery.tasks["rencontres.purge"]()
    (row,) = ledger()
    assert (row.body_text, row.body_html, row.context) == ("", "", None)
    with unit_of_work():
        assert queue_mail(at=AT, **draft()) is None


def test_a_broker_that_is_down_fails_no_request(app, context, monkeypatch):
    class Down:
        def send_task(self, *_args, **_options):
            raise ConnectionError("no broker")

    monkeypatch.setitem(app.extensions, "celery", Down())
    monkeypatch.setattr(hints, "_silent_until", 0.0)
    session = db.session()
    session.info[QUEUED_IN_THIS_TRANSACTION] = True
    hints._after_commit(session)
    assert hints._silent_until > 0


def test_with_a_broker_the_workers_hear_of_a_message_once_it_is_committed(app, context, celery, monkeypatch):
    monkeypatch.setattr(hints, "_silent_until", 0.0)
    monkeypatch.setitem(app.config, "BROKER_URL", "redis://127.0.0.1:1/0")
    hints.init_app(app)
    app.extensions["celery"] = celery
    try:
        with unit_of_work():
            queue_mail(at=AT, **draft())
            assert celery.asked == []
        assert [name for name, _options in celery.asked] == [hints.DRAIN_TASK]
    finally:
        hints.event.remove(db.session, "after_commit", hints._after_commit)
