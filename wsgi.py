"""Entry point of web servers and of the ``flask`` command."""

from eventsapp import create_app

app = create_app()
