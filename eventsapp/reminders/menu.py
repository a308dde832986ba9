"""What the reminders slice adds to the menus."""

from __future__ import annotations

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

MEETING_TABS = (MenuEntry(_l("Rappels"), "reminders.list_rules", Permission.SEND_INVITATIONS, 45, "bell"),)
