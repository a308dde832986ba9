"""Celery around the tasks. It carries hints and keeps time; the ledgers in the database keep the promises.

Only what every transport has is used: no result, no chain, no delay (docs/adr/0003).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from celery import Celery
from flask import Flask

from eventsapp.worker.hints import QUEUE_TYPE, is_alone
from eventsapp.worker.tasks import WORK, Work

SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 500,
    "task_time_limit": 600,
    "task_default_queue": "default",
    "task_create_missing_queue_type": QUEUE_TYPE,
    "broker_connection_retry_on_startup": True,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "timezone": "UTC",
    "beat_scheduler": "celery.beat:Scheduler",  # in memory: no file to be torn by a crash
}
QUEUES = "default,mail,heavy"


def make_celery(app: Flask) -> Celery:
    """Return the task engine of this application, with its tasks and their timetable."""
    broker = "memory://localhost//" if is_alone(app) else app.config["BROKER_URL"]
    celery = Celery("rencontres", broker=broker)
    celery.conf.update(SETTINGS)
    celery.conf.broker_transport_options = (
        {"polling_interval": 0.2} if is_alone(app) else {"visibility_timeout": 3600}
    )
    celery.conf.task_routes = {work.name: {"queue": work.queue} for work in WORK}
    celery.conf.beat_schedule = timetable(is_alone(app))
    for work in WORK:
        celery.task(name=work.name, shared=False, ignore_result=True)(_within(app, work))
    app.extensions["celery"] = celery
    return celery


def timetable(alone: bool) -> dict[str, dict[str, Any]]:
    """Return what the scheduler starts; a start that waited longer than its period is dropped."""
    periodic = ((work, work.period(is_alone=alone)) for work in WORK)
    return {
        work.name: {
            "task": work.name,
            "schedule": period,
            "options": {"queue": work.queue, "expires": max(60.0, period.total_seconds())},
        }
        for work, period in periodic
        if period
    }


def _within(app: Flask, work: Work) -> Callable[[], None]:
    """One at a time in a process: a long turn must not fill the threads with copies of itself."""
    hands = threading.BoundedSemaphore(work.hands or app.config["MAIL_CONNECTIONS"])

    def run() -> None:
        if not hands.acquire(blocking=False):
            return
        try:
            with app.app_context():
                work.run()
        finally:
            hands.release()

    run.__name__ = work.run.__name__
    run.__doc__ = work.run.__doc__
    return run
