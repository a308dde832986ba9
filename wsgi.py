"""Entry point of web servers and of the ``flask`` command."""

import gc

from eventsapp import create_app

app = create_app()
# What lives as long as the process (modules, templates, routes) is not walked again by every collection:
# a tenth of a page's time.
gc.collect()
gc.freeze()
