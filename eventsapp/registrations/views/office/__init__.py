"""The office's pages about the registrations of one meeting, one module a noun."""

from eventsapp.registrations.views.office import adding as adding
from eventsapp.registrations.views.office import allocation as allocation
from eventsapp.registrations.views.office import deciding as deciding
from eventsapp.registrations.views.office import duplicates as duplicates
from eventsapp.registrations.views.office import imports as imports
from eventsapp.registrations.views.office import listing as listing
from eventsapp.registrations.views.office import notes as notes
from eventsapp.registrations.views.office import orders as orders
from eventsapp.registrations.views.office import queue as queue
from eventsapp.registrations.views.office import registration as registration
from eventsapp.registrations.views.office import requests as requests
from eventsapp.registrations.views.office import setup as setup
from eventsapp.registrations.views.office import statistics as statistics
from eventsapp.registrations.views.office import views as views
from eventsapp.registrations.views.office.scope import bp as bp
