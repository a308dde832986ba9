"""What the directory adds to the menu."""

from __future__ import annotations

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

OFFICE_MENU = (
    MenuEntry(_l("Annuaire"), "directory.list_organisations", Permission.MANAGE_DIRECTORY, 60, "building-2"),
)
