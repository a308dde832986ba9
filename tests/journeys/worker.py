"""What celery runs in the journeys: the worker, with the clock of the test, which hurries.

What is done each minute is done each two seconds: nobody waits a minute for a day that the test has just skipped.
"""

from datetime import timedelta

import tests.journeys.moved_clock  # noqa: F401 - sets the clock
from eventsapp.cli.worker import app

for entry in app.conf.beat_schedule.values():
    if entry["schedule"] == timedelta(minutes=1):
        entry["schedule"] = timedelta(seconds=2)

__all__ = ["app"]
