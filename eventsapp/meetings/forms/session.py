"""The form of a session and its speakers, and the one that moves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, FormField, SelectField, StringField, SubmitField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Optional, ValidationError

from eventsapp.core.fields import HourField, Rows, WholeNumberField, instant_typed
from eventsapp.core.forms import AtMost, Between, Form, Required, choices, tidy
from eventsapp.core.i18n import _, _l, format_day
from eventsapp.core.zones import local_day, local_hour
from eventsapp.directory.models import Theme
from eventsapp.meetings.forms.meeting import number_or_none
from eventsapp.meetings.models import SESSION_KINDS, SESSION_ROLES, Meeting, Session
from eventsapp.meetings.plans import SessionPlan, Speaker
from eventsapp.meetings.rules import days_of

PLAIN = ("kind", "title", "summary", "room", "capacity", "theme_id")
SPEAKER = ("role", "name", "title", "organisation")
ACCEPTS_CLASHES = _l("Changer l’horaire quand même : ces personnes choisiront la séance qu’elles gardent")
LONGEST_NAME = 200
MOST_SPEAKERS = 30


class SpeakerForm(PlainForm):
    """One row: somebody announced in the session. A row without a name is ignored when it is empty."""

    role = SelectField(_l("Rôle"), choices=choices(SESSION_ROLES))
    name = StringField(_l("Prénom et nom"), filters=[tidy], render_kw={"maxlength": LONGEST_NAME})
    title = StringField(_l("Qualité"), filters=[tidy], render_kw={"maxlength": LONGEST_NAME})
    organisation = StringField(_l("Organisme"), filters=[tidy], render_kw={"maxlength": LONGEST_NAME})

    def typed(self) -> list[str]:
        return [self._fields[name].data or "" for name in SPEAKER[1:]]


class SessionForm(Form):
    """What a session is, when and where, and who speaks in it."""

    kind = SelectField(_l("Type de séance"), choices=choices(SESSION_KINDS))
    title = StringField(_l("Titre"), [Required(_l("Saisissez le titre de la séance.")), AtMost(200)])
    summary = TextAreaField(_l("Présentation"), [Optional(), AtMost(2000)])
    day = SelectField(_l("Jour"), coerce=date.fromisoformat)
    starts = HourField(_l("Heure de début"), [Required(_l("Saisissez l’heure de début."))])
    ends = HourField(_l("Heure de fin"), [Required(_l("Saisissez l’heure de fin."))])
    accepts_clashes = BooleanField(ACCEPTS_CLASHES)
    room = StringField(_l("Salle"), [Optional(), AtMost(100)])
    capacity = WholeNumberField(_l("Nombre de places"), [Optional(), Between(1, 100_000)])
    theme_id = SelectField(_l("Thématique"), coerce=number_or_none)
    speakers = Rows(FormField(SpeakerForm), _l("Intervenantes et intervenants"), max_entries=MOST_SPEAKERS)
    more = SubmitField(_l("Ajouter une ligne"))

    def offer(self, meeting: Meeting, themes: Sequence[Theme]) -> None:
        """Give the choices: the meeting's days, the network's themes; end with an empty row."""
        days = days_of(meeting, meeting.time_zone)
        self.day.choices = choices({day.isoformat(): format_day(day) for day in days})
        if self.day.data is None:
            self.day.data = days[0]
        self.theme_id.choices = choices({str(theme.id): theme.name for theme in themes}, first=_l("Aucune"))

    def add_empty_row(self) -> None:
        """Make room for one more speaker: the page adds rows without any script."""
        rows = self.speakers.entries
        if len(rows) < MOST_SPEAKERS and (not rows or any(rows[-1].form.typed())):
            self.speakers.append_entry()

    def validate_speakers(self, field: Rows) -> None:
        """Somebody who has a function has a name."""
        for row in field.entries:
            name, *others = row.form.typed()
            if any(others) and not name:
                raise ValidationError(_("Saisissez le nom de chaque personne annoncée."))
            if any(len(text) > LONGEST_NAME for text in (name, *others)):
                raise ValidationError(
                    _("Écrivez au plus %(count)d caractères par réponse.", count=LONGEST_NAME)
                )

    def plan(self, zone: str) -> SessionPlan:
        """Return what was typed, hours being those of the meeting's clocks."""
        rows = [row.form for row in self.speakers.entries if row.form.name.data]
        return SessionPlan(
            **{name: self._fields[name].data for name in PLAIN},
            starts_at=instant_typed(self.day.data, self.starts.data, zone),
            ends_at=instant_typed(self.day.data, self.ends.data, zone),
            speakers=tuple(Speaker(**{name: row[name].data or "" for name in SPEAKER}) for row in rows),
        )


def session_form_of(session: Session, zone: str) -> SessionForm:
    """Return the form filled with the session."""
    values: dict[str, Any] = {name: getattr(session, name) for name in PLAIN}
    return SessionForm(
        data={
            **values,
            "day": local_day(session.starts_at, zone),
            "starts": local_hour(session.starts_at, zone),
            "ends": local_hour(session.ends_at, zone),
            "speakers": [{name: getattr(role, name) for name in SPEAKER} for role in session.roles],
        }
    )


class RemoveForm(Form):
    """Taking a session out of the programme; offers still to be answered end only if one says so."""

    ends_offers = BooleanField(_l("Y mettre fin, et prévenir chaque personne à qui une place est proposée"))


class MoveForm(Form):
    """Towards which slot."""

    slot = StringField(_l("Créneau"), [Required(_l("Choisissez un créneau."))])
    accepts_clashes = BooleanField(ACCEPTS_CLASHES)
