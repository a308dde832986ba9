"""Where the back office shows news."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

OFFICE_MENU = [
    MenuEntry(_l("Actualités"), "news.list_articles", Permission.WRITE_NEWS, order=60, icon="newspaper")
]
