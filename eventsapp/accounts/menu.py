"""Where the back office shows accounts."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

OFFICE_MENU = [
    MenuEntry(_l("Comptes"), "accounts.list_accounts", Permission.MANAGE_ACCOUNTS, order=90, icon="users")
]
