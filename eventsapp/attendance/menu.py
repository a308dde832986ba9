"""The slice's tab among a meeting's pages."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

MEETING_TABS = (MenuEntry(_l("Accueil"), "attendance.show_desk", Permission.CHECK_IN, order=50),)
