"""Shape and syntax of a reminder rule."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField

from eventsapp.core.fields import WholeNumberField
from eventsapp.core.forms import AtMost, Between, Form, Required, choices
from eventsapp.core.i18n import Text, _l
from eventsapp.reminders.rules import MOST_DAYS_BEFORE
from eventsapp.reminders.services import RulePlan


class Given:
    """A whole number must be typed; nought is one."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __init__(self, message: Text) -> None:
        self.required = Required(message)

    def __call__(self, form: Form, field: WholeNumberField) -> None:
        if field.data is None and not field.errors:
            self.required(form, field)


class RuleForm(Form):
    """When a reminder leaves and what it says above the practical facts."""

    days_before = WholeNumberField(
        _l("Jours avant la rencontre (0 : le jour même)"),
        [
            Given(_l("Saisissez un nombre de jours, par exemple 3.")),
            Between(0, MOST_DAYS_BEFORE, _l("Saisissez un nombre de jours entre 0 et 60.")),
        ],
    )
    hour = SelectField(
        _l("Heure, sur place"),
        choices=choices({str(hour): f"{hour}\u00a0h" for hour in range(24)}),
        coerce=int,
        default=9,
    )
    subject = StringField(
        _l("Objet du message"), [Required(_l("Saisissez l’objet du message.")), AtMost(200)]
    )
    message = TextAreaField(
        _l("Message"),
        [AtMost(5_000)],
        description=_l(
            "La date, le lieu, les ateliers choisis et le lien personnel sont ajoutés au-dessous. Mise en forme : **gras**, *italique*, - liste."
        ),
    )

    def plan(self) -> RulePlan:
        return RulePlan(
            self.days_before.data or 0, self.hour.data, self.subject.data or "", self.message.data or ""
        )
