"""What the meetings slice adds to the menus."""

from __future__ import annotations

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

MANAGE = Permission.MANAGE_MEETINGS

OFFICE_MENU = (
    MenuEntry(_l("Rencontres"), "meetings.list_meetings", Permission.SEE_OFFICE, 20, "calendar-days"),
)

# Orders leave room for the tabs of the slices above: registrations, invitations, reminders, minutes…
MEETING_TABS = (
    MenuEntry(_l("Général"), "meetings.edit_meeting", MANAGE, 10),
    MenuEntry(_l("Programme"), "meetings_programme.show_programme", MANAGE, 20),
    MenuEntry(_l("Documents"), "meetings_documents.list_documents", MANAGE, 30),
)
