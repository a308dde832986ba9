"""Filters of the list of messages."""

from __future__ import annotations

from wtforms import SelectField, StringField

from eventsapp.core.forms import Form, choices
from eventsapp.core.i18n import _l
from eventsapp.mail.purposes import PURPOSES
from eventsapp.mail.states import SHOWN_STATES


class MailFilters(Form):
    """Read from the address of the page."""

    class Meta(Form.Meta):
        csrf = False

    etat = SelectField(
        _l("État"), choices=choices({x.code: x.label for x in SHOWN_STATES.values()}, first=_l("Tous"))
    )
    type = SelectField(
        _l("Type"), choices=choices({x.code: x.label for x in PURPOSES.values()}, first=_l("Tous"))
    )
    adresse = StringField(_l("Adresse exacte"))
