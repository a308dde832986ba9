"""«Something is due»: a message between processes that may be lost or repeated without harm."""

from __future__ import annotations

import time

import structlog
from celery import Celery
from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from eventsapp.core.db import db
from eventsapp.mail.outbox import QUEUED_IN_THIS_TRANSACTION

DRAIN_TASK = "rencontres.drain_mail"
HINT_EXPIRES_SECONDS = 60
QUEUE_TYPE = "quorum"  # on RabbitMQ whoever sends and whoever receives must declare a queue alike
REST_SECONDS = 30  # a broker that is down is left alone; the sweep finds the messages anyway

log = structlog.get_logger()
_silent_until = 0.0


def is_alone(app: Flask) -> bool:
    """Tell whether the queue lives inside the only worker (no broker)."""
    return bool(app.config["BROKER_URL"].startswith("memory:"))


def init_app(app: Flask) -> None:
    """With a broker, tell the workers as soon as a transaction that queued a message is committed."""
    if is_alone(app):
        return
    producer = Celery("rencontres", broker=app.config["BROKER_URL"])
    producer.conf.update(
        broker_connection_timeout=1,
        task_ignore_result=True,
        task_create_missing_queue_type=QUEUE_TYPE,
        broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 1},
    )
    app.extensions["celery"] = producer
    if not event.contains(db.session, "after_commit", _after_commit):
        event.listen(db.session, "after_commit", _after_commit)


def hint_drains(count: int) -> None:
    """Ask for that many drains."""
    for _number in range(count):
        current_app.extensions["celery"].send_task(
            DRAIN_TASK, queue="mail", expires=HINT_EXPIRES_SECONDS, ignore_result=True, retry=False
        )


def _after_commit(session: Session) -> None:
    global _silent_until
    if not session.info.pop(QUEUED_IN_THIS_TRANSACTION, False):
        return
    if not has_app_context() or "celery" not in current_app.extensions or time.monotonic() < _silent_until:
        return
    try:
        hint_drains(1)
    except Exception as error:  # a broker that is down must never fail a registration
        _silent_until = time.monotonic() + REST_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)
