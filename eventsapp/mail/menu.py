"""Where the back office shows messages."""

from eventsapp.core.i18n import _l
from eventsapp.core.menus import MenuEntry
from eventsapp.core.permissions import Permission

OFFICE_MENU = [MenuEntry(_l("Envois"), "mail.all_mail", Permission.SEE_MAIL, order=80, icon="send")]
