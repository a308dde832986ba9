"""The form in which a contact person registers several colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, FormField, SelectField, StringField, SubmitField
from wtforms.validators import Optional, ValidationError

from eventsapp.core.fields import Row, Rows
from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices, one_line, tidy
from eventsapp.core.i18n import _, _l, _p
from eventsapp.core.keys import email_key
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.colleagues import MOST_COLLEAGUES, Colleague, Group
from eventsapp.registrations.details import CIVILITIES, Details
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.forms import entry_fields
from eventsapp.registrations.models import PARTICIPANT_KINDS, RegistrationSetup

ROWS_AT_FIRST = 3
OWN = ("civility", "given_name", "family_name", "email", "job_title", "region_code")
_TIDY = [tidy, one_line]


class ColleagueRow(Row):
    """One colleague. An empty row is nobody."""

    civility = SelectField(_l("Civilité"), [Optional()], choices=choices(CIVILITIES))
    given_name = StringField(_l("Prénom"), [Required(_l("Saisissez le prénom.")), AtMost(100)], filters=_TIDY)
    family_name = StringField(
        _p("personne", "Nom"), [Required(_l("Saisissez le nom.")), AtMost(100)], filters=_TIDY
    )
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez l’adresse de cette personne.")), AtMost(254), MailAddress()],
        filters=_TIDY,
    )
    job_title = StringField(
        _l("Fonction ou qualité"), [Required(_l("Saisissez la fonction.")), AtMost(200)], filters=_TIDY
    )
    region_code = SelectField(_l("Région"), [Optional()], choices=choices(REGIONS, first=_l("Non précisée")))

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in OWN if self[name].data}


class GroupForm(Form):
    """Who registers whom. ``group_form`` adds what this meeting asks for besides."""

    contact_name = StringField(
        _l("Votre prénom et votre nom"), [Required(_l("Saisissez votre prénom et votre nom.")), AtMost(200)]
    )
    contact_email = EmailField(
        _l("Votre adresse électronique"),
        [Required(_l("Saisissez votre adresse, par exemple nom@exemple.fr.")), AtMost(254), MailAddress()],
    )
    organisation = StringField(_l("Organisme"), [Required(_l("Saisissez votre organisme.")), AtMost(200)])
    participant_kind = SelectField(
        _l("Vos collègues viennent en tant que"),
        [Required(_l("Choisissez en quelle qualité vos collègues viennent."))],
        choices=choices(PARTICIPANT_KINDS, first=_l("Choisissez")),
    )
    colleagues = Rows(FormField(ColleagueRow), _l("Vos collègues"), max_entries=MOST_COLLEAGUES)
    more = SubmitField(_l("Ajouter une personne"))
    accepts_waiting = BooleanField(
        _l("S’il manque des places, mettre les dernières personnes en liste d’attente")
    )

    def filled_rows(self) -> list[tuple[int, ColleagueRow]]:
        """The rows that are somebody, with their numbers on the page."""
        rows = enumerate((entry.form for entry in self.colleagues.entries), 1)
        return [(number, row) for number, row in rows if not row.is_empty()]

    @property
    def emails(self) -> list[str]:
        """The addresses of a valid form, that of the contact included."""
        return [self.contact_email.data or "", *(row.email.data or "" for _number, row in self.filled_rows())]

    def validate_colleagues(self, field: Rows) -> None:
        """There is somebody, and nobody twice."""
        rows, seen = self.filled_rows(), dict[str, int]()
        if not rows:
            raise ValidationError(_("Inscrivez au moins une personne."))
        for number, row in rows:
            key = email_key(row.email.data or "")
            if key in seen and not row.email.errors:
                row.email.errors = [_("Cette adresse est déjà à la ligne %(number)d.", number=seen[key])]
                raise ValidationError(row.email.errors[0])
            seen.setdefault(key, number)

    def add_empty_rows(self, *, is_asked: bool) -> None:
        """Show room for a few people at first, and for one more when it is asked for."""
        rows = self.colleagues
        while len(rows.entries) < ROWS_AT_FIRST or is_asked:
            if len(rows.entries) == MOST_COLLEAGUES:
                return
            rows.append_entry()
            is_asked = False

    def sent_values(self, sent: MultiDict[str, str]) -> list[tuple[str, str]]:
        """Return what was sent for this form, for another page to post on."""
        rows = f"{self.colleagues.name}-"
        names = {field.name for field in self} - {"csrf_token", self.more.name}
        return [
            (name, value)
            for name, value in sent.items()
            if value and (name in names or name.startswith(rows))
        ]

    def people(self) -> dict[int, Details]:
        """Return the people of a valid form, by their numbers on the page."""
        shared = {name: self[name].data for name in ("organisation", "participant_kind")}
        return {number: Details(**shared, **row.values()) for number, row in self.filled_rows()}

    def group(self, key: str, colleagues: Sequence[Colleague], **how: Any) -> Group:
        """Return these colleagues as the group of a valid form."""
        answers = self.data
        return Group(
            key=key,
            contact_name=answers["contact_name"],
            contact_email=answers["contact_email"],
            colleagues=tuple(colleagues),
            choices=Choices(mode=answers.get("mode") or "", access_code=answers.get("access_code") or ""),
            accepts_waiting=bool(answers.get("accepts_waiting")),
            **how,
        )


def group_form(setup: RegistrationSetup, *, is_invited: bool, code: str = "") -> GroupForm:
    """Return the form, with what this meeting asks for besides, without what it does not offer."""
    fields = entry_fields(setup, is_invited=is_invited)
    if not setup.has_waiting_list:
        fields["accepts_waiting"] = None
    form: GroupForm = type("MeetingGroupForm", (GroupForm,), fields)(data={"access_code": code})
    return form
