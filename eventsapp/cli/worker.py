"""The worker process: ``celery -A eventsapp.cli.worker worker``.

Without a broker it is alone: a pool of threads, and the scheduler is one more thread.
"""

from __future__ import annotations

from typing import Any

from celery.beat import EmbeddedService, Scheduler
from celery.signals import worker_process_init, worker_ready, worker_shutting_down

from eventsapp import create_app
from eventsapp.core.db import db
from eventsapp.worker.engine import make_celery
from eventsapp.worker.hints import is_alone

site = create_app()
app = make_celery(site)  # the name that ``celery -A`` looks for
_scheduler: list[Any] = []


@worker_ready.connect  # type: ignore[untyped-decorator]
def start_scheduler(**_details: object) -> None:
    if is_alone(site) or site.config["WORKER_KEEPS_TIME"]:
        service = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)  # in memory: no file to tear
        service.start()
        _scheduler.append(service)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def stop_soon(**_details: object) -> None:
    site.extensions["mail_relay"].stopping.set()  # the message in flight ends, the rest stays queued
    while _scheduler:
        _scheduler.pop().service.stop()  # without waiting for its next tick


@worker_process_init.connect  # type: ignore[untyped-decorator]
def forget_the_parents_connections(**_details: object) -> None:
    with site.app_context():
        db.engine.dispose(close=False)
