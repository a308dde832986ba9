"""The form of a meeting's general page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.core.fields import DayField, HourField, WholeNumberField, instant_of, instant_typed
from eventsapp.core.forms import AtMost, Between, Form, MailAddress, Required, WebAddress, choices
from eventsapp.core.i18n import _, _l
from eventsapp.core.versions import version_of
from eventsapp.core.zones import local_day, local_hour
from eventsapp.directory.models import Theme
from eventsapp.geography.models import Territory
from eventsapp.geography.queries import communes_typed
from eventsapp.meetings.models import MEETING_KINDS, VISIBILITIES, Meeting, Series
from eventsapp.meetings.plans import MeetingPlan, Place, content_of
from eventsapp.meetings.rules import zone_of

PLAIN = (
    "title",
    "kind",
    "visibility",
    "summary",
    "description",
    "venue",
    "address",
    "access_note",
    "online_url",
    "capacity",
)


def number_or_none(value: Any) -> int | None:
    """Read a choice that may be left empty."""
    return int(value) if value not in (None, "", "None") else None


class MeetingForm(Form):
    """What a meeting is, when and where, and who may register until when."""

    seen = HiddenField()
    title = StringField(_l("Titre"), [Required(_l("Saisissez le titre de la rencontre.")), AtMost(200)])
    kind = SelectField(_l("Type de rencontre"), choices=choices(MEETING_KINDS))
    series_id = SelectField(_l("Cycle de rencontres"), coerce=number_or_none)
    new_series = StringField(_l("Nouveau cycle"), [Optional(), AtMost(200)])
    summary = TextAreaField(_l("Résumé"), [Optional(), AtMost(400)])
    description = TextAreaField(_l("Présentation"), [Optional(), AtMost(20_000)])
    themes = SelectMultipleField(
        _l("Thématiques"), [Optional()], coerce=int, widget=ListWidget(), option_widget=CheckboxInput()
    )
    day = DayField(_l("Date"), [Required(_l("Choisissez la date de la rencontre."))])
    starts = HourField(_l("Heure de début"), [Required(_l("Saisissez l’heure de début."))])
    ends = HourField(_l("Heure de fin"), [Required(_l("Saisissez l’heure de fin."))])
    last_day = DayField(_l("Dernier jour"), [Optional()])
    venue = StringField(_l("Lieu"), [Optional(), AtMost(200)])
    address = StringField(_l("Adresse"), [Optional(), AtMost(300)])
    commune = StringField(_l("Commune"), [Optional(), AtMost(100)])
    commune_choice = RadioField(_l("Quelle commune ?"), [Optional()], choices=[], validate_choice=False)
    access_note = TextAreaField(_l("Accès et accessibilité"), [Optional(), AtMost(2000)])
    online_url = StringField(_l("Adresse pour suivre à distance"), [Optional(), AtMost(500), WebAddress()])
    capacity = WholeNumberField(_l("Nombre de places"), [Optional(), Between(1, 100_000)])
    visibility = RadioField(_l("Qui peut voir la rencontre et s’inscrire ?"), choices=choices(VISIBILITIES))
    opens_day = DayField(_l("Ouverture des inscriptions"), [Optional()])
    opens_hour = HourField(_l("Heure d’ouverture"), [Optional()])
    closes_day = DayField(_l("Clôture des inscriptions"), [Optional()])
    closes_hour = HourField(_l("Heure de clôture"), [Optional()])
    contact_email = StringField(
        _l("Adresse électronique de contact"), [Optional(), MailAddress(), AtMost(254)]
    )

    place = Place()
    known_place: Place | None = None

    def offer(self, series: Iterable[Series], themes: Sequence[Theme]) -> None:
        """Give the choices that the database holds."""
        self.series_id.choices = choices({str(one.id): one.title for one in series}, first=_l("Aucun"))
        self.themes.choices = choices({str(theme.id): theme.name for theme in themes})
        self.known_themes = {theme.id: theme for theme in themes}

    def validate_commune(self, field: StringField) -> None:
        """Find the commune typed; when several answer, ask which."""
        if self.known_place and field.data == self.known_place.city:
            self.place = self.known_place
            return
        found = communes_typed(field.data or "", self.commune_choice.data or "")
        if not found:
            raise ValidationError(
                _("Aucune commune de ce nom. Vérifiez l’orthographe, ou saisissez le code postal.")
            )
        if len(found) > 1:
            self.commune_choice.choices = choices({commune.code: commune.label for commune in found})
            raise ValidationError(_("Plusieurs communes répondent à ce nom. Choisissez la bonne ci-dessous."))
        self.place = place_of(found[0])

    def plan(self, default_zone: str) -> MeetingPlan:
        """Return what was typed, hours being those of the place's clocks."""
        zone = zone_of(self.place.region_code, default_zone)
        last_day = self.last_day.data or self.day.data
        return MeetingPlan(
            **{name: self._fields[name].data for name in PLAIN},
            starts_at=instant_typed(self.day.data, self.starts.data, zone),
            ends_at=instant_typed(last_day, self.ends.data, zone),
            time_zone=zone,
            place=self.place,
            registration_opens_at=instant_of(self.opens_day.data, self.opens_hour.data, zone),
            registration_closes_at=instant_of(self.closes_day.data, self.closes_hour.data, zone),
            contact_email=self.contact_email.data or None,
            themes=tuple(self.known_themes[theme_id] for theme_id in self.themes.data or ()),
            series_id=self.series_id.data,
            new_series=self.new_series.data or "",
        )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, then that days and hours of the registration window come in pairs."""
        is_valid: bool = super().validate(*args, **kwargs)
        for day, hour in ((self.opens_day, self.opens_hour), (self.closes_day, self.closes_hour)):
            if not (day.errors or hour.errors) and bool(day.data) != bool(hour.data):
                empty = hour if day.data else day
                empty.errors = [_("Saisissez la date et l’heure, ou laissez les deux vides.")]
                is_valid = False
        return is_valid


def place_of(commune: Territory) -> Place:
    """Return the commune as a meeting keeps it."""
    return Place(
        city=commune.name,
        commune_code=commune.code,
        department_code=commune.department_code,
        region_code=commune.region_code,
        latitude=commune.latitude,
        longitude=commune.longitude,
    )


def form_of(meeting: Meeting) -> MeetingForm:
    """Return the form filled with the meeting, hours being those of its own clocks."""
    form = MeetingForm(data=_values(meeting))
    names = ("city", "commune_code", "department_code", "region_code", "latitude", "longitude")
    form.known_place = Place(**{name: getattr(meeting, name) for name in names})
    return form


def stored_form_of(meeting: Meeting) -> MeetingForm:
    """Return the form filled with the meeting, whatever this request sends."""
    return MeetingForm(formdata=None, data=_values(meeting))


def _values(meeting: Meeting) -> dict[str, Any]:
    zone = meeting.time_zone
    first, last = local_day(meeting.starts_at, zone), local_day(meeting.ends_at, zone)
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    return {
        **{name: getattr(meeting, name) for name in PLAIN},
        "seen": version_of(content_of(meeting)),
        "series_id": meeting.series_id,
        "themes": [theme.id for theme in meeting.themes],
        "commune": meeting.city,
        "day": first,
        "last_day": last if last != first else None,
        "starts": local_hour(meeting.starts_at, zone),
        "ends": local_hour(meeting.ends_at, zone),
        "opens_day": local_day(opens, zone) if opens else None,
        "opens_hour": local_hour(opens, zone) if opens else None,
        "closes_day": local_day(closes, zone) if closes else None,
        "closes_hour": local_hour(closes, zone) if closes else None,
        "contact_email": meeting.contact_email,
    }
