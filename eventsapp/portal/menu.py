"""The dashboard opens the back office; a meeting's team closes its tabs."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

OFFICE_MENU = [
    MenuEntry(
        _l("Tableau de bord"), "office.dashboard", Permission.SEE_OFFICE, order=0, icon="layout-dashboard"
    )
]

MEETING_TABS = [MenuEntry(_l("Équipe"), "team.show", Permission.MANAGE_ACCOUNTS, order=90)]
