"""The slice's tab among a meeting's pages."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

MEETING_TABS = (MenuEntry(_l("Compte rendu"), "minutes.show", Permission.WRITE_MINUTES, order=60),)
