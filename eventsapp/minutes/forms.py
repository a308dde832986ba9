"""What the editor sends. Each form carries the version of the text it was opened with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import NumberRange, Optional

from eventsapp.core.forms import AtMost, Form, Required, choices
from eventsapp.core.i18n import _l, _p
from eventsapp.core.zones import instant_at, local_day, local_hour
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.models import ACTION_STATES, OUTCOMES, Minutes

LONGEST_TEXT = 60_000


class HourField(TimeField):
    """An hour as the place's clocks show it; may be left empty."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [Optional()], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(self.gettext("Saisissez une heure, par exemple 09:30.")) from error


class TextForm(Form):
    """A text saved as a whole; ``values`` are the columns it fills."""

    version = IntegerField(validators=[Optional()], default=1)

    def values(self) -> dict[str, Any]:
        """Return the columns and what was typed, empty texts rather than none."""
        return {
            name: ("" if field.data is None and isinstance(field, StringField) else field.data)
            for name, field in self._fields.items()
            if name not in ("version", "csrf_token")
        }


class MinutesForm(TextForm):
    """How the meeting opened, went and closed."""

    chair = StringField(_l("Présidence de la séance"), [AtMost(200)])
    secretary = StringField(_l("Secrétariat de la séance"), [AtMost(200)])
    writer = StringField(_l("Rédaction du compte rendu"), [AtMost(200)])
    opened_at = HourField(_l("Heure d’ouverture"))
    closed_at = HourField(_l("Heure de clôture"))
    introduction = TextAreaField(_l("Introduction"), [AtMost(LONGEST_TEXT)])
    conclusion = TextAreaField(_l("Conclusion et prochaine réunion"), [AtMost(LONGEST_TEXT)])
    distribution = StringField(_l("Liste de diffusion"), [AtMost(500)])

    @classmethod
    def of(cls, minutes: Minutes, meeting: Meeting) -> MinutesForm:
        """Return the form filled with the minutes; hours as the meeting's clocks showed them."""
        zone = meeting.time_zone
        typed = {
            name: getattr(minutes, name)
            for name in (
                "version",
                "chair",
                "secretary",
                "writer",
                "introduction",
                "conclusion",
                "distribution",
            )
        }
        hours = {
            name: local_hour(value, zone) if (value := getattr(minutes, name)) else None
            for name in ("opened_at", "closed_at")
        }
        return cls(data={**typed, **hours})

    def values_at(self, meeting: Meeting) -> Mapping[str, Any]:
        """Return the columns, with the hours as instants of the meeting's first and last days."""
        zone = meeting.time_zone
        return {
            **self.values(),
            "opened_at": _instant(self.opened_at.data, local_day(meeting.starts_at, zone), zone),
            "closed_at": _instant(self.closed_at.data, local_day(meeting.ends_at, zone), zone),
        }


def _instant(hour: time | None, day: date, zone: str) -> datetime | None:
    return instant_at(day, hour, zone) if hour else None


class NewItemForm(Form):
    """A point added by hand."""

    title = StringField(
        _l("Intitulé du nouveau point"), [Required(_l("Saisissez l’intitulé du point.")), AtMost(200)]
    )


class ItemForm(TextForm):
    """A point of the agenda."""

    title = StringField(_l("Intitulé"), [Required(_l("Saisissez l’intitulé du point.")), AtMost(200)])
    rapporteur = StringField(_l("Rapporteure ou rapporteur"), [AtMost(200)])
    summary = TextAreaField(_l("Synthèse des échanges"), [AtMost(LONGEST_TEXT)])


class InterventionForm(TextForm):
    """What somebody said."""

    speaker = StringField(
        _l("Nom"), [Required(_l("Saisissez le nom de la personne qui intervient.")), AtMost(200)]
    )
    title = StringField(_l("Qualité"), [AtMost(200)])
    organisation = StringField(_l("Organisme"), [AtMost(200)])
    text = TextAreaField(_l("Propos"), [Required(_l("Résumez ce qui a été dit.")), AtMost(LONGEST_TEXT)])


class DecisionForm(TextForm):
    """The exact text of a decision and its vote."""

    text = TextAreaField(
        _l("Texte exact de la décision"), [Required(_l("Saisissez le texte de la décision.")), AtMost(5000)]
    )
    outcome = SelectField(_l("Issue"), choices=choices(OUTCOMES))
    votes_for = IntegerField(_p("vote", "Pour"), [Optional(), NumberRange(0, 100_000)])
    votes_against = IntegerField(_l("Contre"), [Optional(), NumberRange(0, 100_000)])
    abstentions = IntegerField(_l("Abstentions"), [Optional(), NumberRange(0, 100_000)])


class ActionForm(TextForm):
    """What somebody will do, by when."""

    text = TextAreaField(_l("Action à mener"), [Required(_l("Saisissez l’action à mener.")), AtMost(5000)])
    responsible = StringField(_l("Responsable"), [AtMost(200)])
    due_on = DateField(_l("Échéance"), [Optional()])
    state = SelectField(_l("État"), choices=choices(ACTION_STATES))


BLOCK_FORMS: dict[str, type[TextForm]] = {
    "interventions": InterventionForm,
    "decisions": DecisionForm,
    "actions": ActionForm,
}


class ApprovalForm(Form):
    """By whom the minutes are approved, and at which meeting."""

    approval_note = StringField(_l("Approuvé par, ou lors de"), [AtMost(300)])


class PublicationForm(Form):
    """The last look before a version is frozen."""

    reason = StringField(_l("Ce que cette version corrige"), [AtMost(1000)])
    names_checked = BooleanField(
        _l("J’ai vérifié les noms et les textes qui deviennent publics"),
        [Required(_l("Vérifiez les noms et les textes, puis cochez la case."))],
    )
