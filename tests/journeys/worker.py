"""What celery runs in the journeys: the worker, with the clock of the test."""

import tests.journeys.moved_clock  # noqa: F401 - sets the clock
from eventsapp.cli.worker import app

__all__ = ["app"]
