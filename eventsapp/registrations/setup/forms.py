"""The form of the rules of a meeting's registrations: shape and syntax, rules are the service's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import Optional, ValidationError

from eventsapp.core.fields import DayField, HourField, Row, Rows, WholeNumberField, instant_of
from eventsapp.core.forms import AtMost, Between, Form, Required, choices, one_line, tidy
from eventsapp.core.i18n import Text, _, _l
from eventsapp.core.versions import version_of
from eventsapp.core.zones import local_day, local_hour
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.models import PARTICIPANT_KINDS, RegistrationSetup
from eventsapp.registrations.models.setup import ADMISSIONS, ATTENDANCES, WORKSHOP_CHOICES
from eventsapp.registrations.rules import Quota, read_quotas
from eventsapp.registrations.setup.plans import SetupPlan, plan_of
from eventsapp.registrations.setup.rules import MOST_QUOTAS

# The names of plain answers, the same in the form, the plan and the table.
PLAIN = (
    "admission", "checks_email", "access_code", "attendance", "allows_groups", "has_waiting_list", "offer_hours",
    "offers_stop_hours", "workshop_choice", "wishes_per_slot", "most_per_organisation", "balances_types",
    "takes_late_requests",
)  # fmt: skip
DEADLINES = ("wishes", "changes")
LONGEST_LABEL = 100
MONTH = 720  # hours

WHO: dict[str, Text] = {
    "members": _l("Adhérentes et adhérents"),
    "speakers": _l("Intervenantes et intervenants"),
}
_REGION, _KIND = _l("Région"), _l("Vient en tant que")


def group_choices() -> list[SelectChoice]:
    """Return the groups for which places may be reserved; a value is the key of its quota."""
    return [
        SelectChoice("", _l("Choisissez un groupe")),
        *(SelectChoice(key, label) for key, label in WHO.items()),
        *(SelectChoice(f"region:{code}", name, optgroup=_REGION) for code, name in REGIONS.items()),
        *(SelectChoice(f"kind:{code}", name, optgroup=_KIND) for code, name in PARTICIPANT_KINDS.items()),
    ]


def group_label(key: str) -> str:
    """Return what a group is called when its quota has no name of its own."""
    group, _colon, value = key.partition(":")
    names = {"region": REGIONS, "kind": PARTICIPANT_KINDS}.get(group)
    return str(names.get(value, value) if names else WHO.get(group, key))


class QuotaRow(Row):
    """Places reserved for a group."""

    group = SelectField(_l("Groupe"), [Required(_l("Choisissez un groupe."))], choices=group_choices())
    places = WholeNumberField(
        _l("Places réservées"), [Required(_l("Saisissez le nombre de places.")), Between(1, 100_000)]
    )
    label = StringField(_l("Nom affiché"), [AtMost(LONGEST_LABEL)], filters=[tidy, one_line])

    def quota(self) -> Quota:
        """Return the quota of a valid row."""
        key = self.group.data or ""
        group, _colon, value = key.partition(":")
        return Quota(key, self.label.data or group_label(key), group, self.places.data or 0, value)


class SetupForm(Form):
    """How a meeting takes registrations. The order is that of the page and of its error summary."""

    seen = HiddenField()
    admission = RadioField(_l("Qui a une place ?"), choices=choices(ADMISSIONS))
    checks_email = BooleanField(_l("Vérifier l’adresse électronique"))
    access_code = StringField(_l("Code d’accès"), [Optional(), AtMost(40)])
    attendance = RadioField(_l("Comment suit-on la rencontre ?"), choices=choices(ATTENDANCES))
    allows_groups = BooleanField(_l("Une personne peut inscrire plusieurs collègues"))
    quotas = Rows(FormField(QuotaRow), _l("Places réservées à des groupes"), max_entries=MOST_QUOTAS)
    more = SubmitField(_l("Ajouter un groupe"))
    has_waiting_list = BooleanField(_l("Ouvrir une liste d’attente quand tout est complet"))
    offer_hours = WholeNumberField(
        _l("Heures pour accepter une place"),
        [Required(_l("Saisissez un nombre d’heures.")), Between(1, MONTH)],
    )
    offers_stop_hours = WholeNumberField(_l("Heures avant le début"), [Between(0, MONTH)])
    workshop_choice = RadioField(_l("Comment choisit-on ses ateliers ?"), choices=choices(WORKSHOP_CHOICES))
    wishes_day = DayField(_l("Clôture des vœux"), [Optional()])
    wishes_hour = HourField(_l("Heure de clôture des vœux"), [Optional()])
    wishes_per_slot = WholeNumberField(
        _l("Vœux par créneau"), [Required(_l("Saisissez un nombre de vœux.")), Between(1, 9)]
    )
    most_per_organisation = WholeNumberField(
        _l("Personnes d’un même organisme dans un atelier"), [Optional(), Between(1, 1000)]
    )
    balances_types = BooleanField(_l("Mélanger les types d’organismes dans les ateliers"))
    changes_day = DayField(_l("Dernier moment pour modifier"), [Optional()])
    changes_hour = HourField(_l("Heure limite pour modifier"), [Optional()])
    takes_late_requests = BooleanField(_l("Recevoir des demandes après ce moment"))

    def validate_offers_stop_hours(self, field: WholeNumberField) -> None:
        """Nought is an answer: offers go on until the start."""
        if field.data is None:
            raise ValidationError(_("Saisissez un nombre d’heures, ou 0."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, then that days and hours come in pairs."""
        is_valid: bool = super().validate(*args, **kwargs)
        for name in DEADLINES:
            day, hour = self[f"{name}_day"], self[f"{name}_hour"]
            if not (day.errors or hour.errors) and bool(day.data) != bool(hour.data):
                empty = hour if day.data else day
                empty.errors = [_("Saisissez la date et l’heure, ou laissez les deux vides.")]
                is_valid = False
        return is_valid

    def add_empty_row(self) -> None:
        """Make room for one more quota: the page adds rows without any script."""
        rows = self.quotas.entries
        if len(rows) < MOST_QUOTAS and (not rows or not rows[-1].form.is_empty()):
            self.quotas.append_entry()

    def plan(self, zone: str) -> SetupPlan:
        """Return what was typed, hours being those of the meeting's clocks."""
        rows = [row.form for row in self.quotas.entries if not row.form.is_empty()]
        return SetupPlan(
            **{name: self._fields[name].data for name in PLAIN},
            quotas=tuple(row.quota() for row in rows),
            wishes_close_at=self._instant("wishes", zone),
            changes_close_at=self._instant("changes", zone),
        )

    def _instant(self, name: str, zone: str) -> datetime | None:
        return instant_of(self[f"{name}_day"].data, self[f"{name}_hour"].data, zone)


def setup_form_of(setup: RegistrationSetup, zone: str) -> SetupForm:
    """Return the form filled with the rules in force."""
    quotas = [{"group": x.key, "places": x.places, "label": x.label} for x in read_quotas(setup.quotas)]
    values = {name: getattr(setup, name) for name in PLAIN}
    for name in DEADLINES:
        instant = getattr(setup, f"{name}_close_at")
        values[f"{name}_day"] = local_day(instant, zone) if instant else None
        values[f"{name}_hour"] = local_hour(instant, zone) if instant else None
    values |= {"quotas": quotas, "seen": version_of(plan_of(setup))}
    return SetupForm(formdata=None, data=values)
