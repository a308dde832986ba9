"""What the meetings slice adds to the menus."""

from __future__ import annotations

from eventsapp.core.menus import MenuEntry

OFFICE_MENU: tuple[MenuEntry, ...] = ()
MEETING_TABS: tuple[MenuEntry, ...] = ()
