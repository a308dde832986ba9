"""Forms in which somebody speaks of a colleague, and of what they ask of the organiser."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from eventsapp.core.forms import AtMost, Form, Required, choices
from eventsapp.core.i18n import _l
from eventsapp.registrations.forms import OfficeDetailsForm
from eventsapp.registrations.models import PARTICIPANT_KINDS, Registration

LONGEST_MESSAGE = 1000


class SubstituteForm(OfficeDetailsForm):
    """Who comes instead. Needs and the published list are theirs to speak of, on their own page."""

    organisation = StringField(_l("Organisme"), [Required(_l("Saisissez son organisme.")), AtMost(200)])
    job_title = StringField(_l("Fonction ou qualité"), [Required(_l("Saisissez sa fonction.")), AtMost(200)])
    participant_kind = SelectField(
        _l("Vient en tant que"),
        [Required(_l("Choisissez en quelle qualité cette personne vient."))],
        choices=choices(PARTICIPANT_KINDS),
    )
    needs = None
    accepts_listing = None
    message = TextAreaField(_l("Message à l’organisation"), [Optional(), AtMost(LONGEST_MESSAGE)])


def substitute_form(registration: Registration) -> SubstituteForm:
    """Return the form with what a colleague often has in common."""
    shared = ("organisation", "participant_kind", "region_code")
    return SubstituteForm(data={name: getattr(registration, name) for name in shared})


class MessageForm(Form):
    """What somebody says with a request."""

    message = TextAreaField(_l("Message à l’organisation"), [Optional(), AtMost(LONGEST_MESSAGE)])
