"""What gunicorn serves in the journeys: the site, with the clock of the test."""

import tests.journeys.moved_clock  # noqa: F401 - sets the clock
from wsgi import app

__all__ = ["app"]
