"""What the site sends reaches a worker, through each broker that this machine has."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from eventsapp.core.db import db
from eventsapp.worker import hints
from eventsapp.worker.engine import make_celery

SECONDS_TO_ARRIVE = 20
BROKERS = {"redis": "redis://127.0.0.1:6379/15", "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//"}


@pytest.fixture(params=list(BROKERS))
def broker(request, app, monkeypatch):
    """The application set for a broker; the test is skipped where that broker does not answer."""
    monkeypatch.setitem(app.config, "BROKER_URL", BROKERS[request.param])
    before = app.extensions.get("celery")
    worker = make_celery(app)
    worker.conf.broker_transport_options = {"socket_connect_timeout": 1}
    try:
        with worker.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, OSError):
        pytest.skip(f"no {request.param} on this machine")
    hints.init_app(app)
    yield worker
    hints.event.remove(db.session, "after_commit", hints._after_commit)
    for engine in (worker, app.extensions["celery"]):
        engine.pool.force_close_all()
        engine.close()
    app.extensions["celery"] = before


def test_a_hint_arrives_in_the_queue_as_the_worker_declares_it(context, broker):
    arrived = []
    with broker.connection_for_write() as connection:
        queue = broker.amqp.queues["mail"](connection.channel())
        queue.declare()
        queue.purge()
        try:
            hints.hint_drains(1)
            with connection.Consumer(queue, on_message=arrived.append, no_ack=True):
                connection.drain_events(timeout=SECONDS_TO_ARRIVE)
        finally:
            queue.delete()
    assert [message.headers["task"] for message in arrived] == [hints.DRAIN_TASK]
