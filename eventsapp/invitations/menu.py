"""What the invitations slice adds to the menus."""

from __future__ import annotations

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

MEETING_TABS = (
    MenuEntry(_l("Invitations"), "campaigns.list_campaigns", Permission.SEND_INVITATIONS, 40, "mail"),
)
