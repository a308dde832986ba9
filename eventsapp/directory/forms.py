"""Forms of the directory. Repeated rows need no script: there is always an empty one at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from wtforms import Form as PlainForm
from wtforms import (
    FormField,
    HiddenField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from eventsapp.core.fields import DayField, Rows
from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices, tidy
from eventsapp.core.i18n import Text, _, _l, _p
from eventsapp.directory.models import ORGANISATION_KINDS, RELATIONS, Organisation, Person, Theme
from eventsapp.directory.services import MandatePlan, OrganisationPlan, PersonPlan, RelationPlan, ThemePlan
from eventsapp.geography.outlines import region_outlines

MOST_ROWS = 50
_SMALL = re.compile(r"[0-9]{1,9}")
CIVILITIES = {"Mme": "Mme", "M.": "M.", "Dr": "Dr", "Me": "Me", "Pr": "Pr"}


def region_names() -> dict[str, str]:
    """Return the régions of today by code, in the order of their names."""
    return {outline.code: outline.name for outline in region_outlines()}


class RowsForm(Form):
    """A form that ends with rows; its button «Ajouter une ligne» sends it and asks for one more."""

    more = SubmitField(_l("Ajouter une ligne"))

    @property
    def rows(self) -> Any:
        raise NotImplementedError

    def add_empty_row(self) -> None:
        """Make room for one more."""
        entries = self.rows.entries
        if len(entries) < MOST_ROWS and (not entries or entries[-1].form.is_filled()):
            self.rows.append_entry()

    def _check_rows(self, message: Text) -> None:
        for row in self.rows.entries:
            if row.form.is_filled() and not row.form.is_whole():
                raise ValidationError(str(message))


class RelationRow(PlainForm):
    """One relation to the network."""

    kind = SelectField(_l("Relation au réseau"), choices=choices(RELATIONS))
    since = DayField(_l("Depuis"))
    until = DayField(_l("Jusqu’à"))

    def is_filled(self) -> bool:
        return bool(self.since.raw_data and self.since.raw_data[0]) or bool(
            self.since.data or self.until.data
        )

    def is_whole(self) -> bool:
        return bool(self.since.data)


class OrganisationForm(RowsForm):
    """An organisation and what it is to the network."""

    name = StringField(_l("Nom"), [Required(_l("Saisissez le nom de l’organisme.")), AtMost(200)])
    kind = SelectField(_l("Nature"), choices=choices(ORGANISATION_KINDS))
    siren = StringField(_l("Numéro SIREN"), [Optional()])
    region_code = SelectField(_l("Région"))
    website = StringField(_l("Site web"), [Optional(), AtMost(300)])
    note = TextAreaField(_l("Note"), [Optional(), AtMost(2000)])
    relations = Rows(FormField(RelationRow), _l("Relations au réseau"), max_entries=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region_code.choices = choices(region_names(), first=_l("Aucune"))

    @property
    def rows(self) -> Any:
        return self.relations

    def validate_siren(self, field: StringField) -> None:
        """Nine digits whose last one is the check (Luhn)."""
        digits = "".join((field.data or "").split())
        if not (len(digits) == 9 and digits.isdecimal() and _luhn(digits)):
            raise ValidationError(_("Saisissez les neuf chiffres du numéro SIREN."))
        field.data = digits

    def validate_website(self, field: StringField) -> None:
        """An address of the web, complete."""
        if not (field.data or "").startswith(("https://", "http://")):
            raise ValidationError(_("Saisissez une adresse complète, par exemple https://exemple.fr."))

    def validate_relations(self, _field: Any) -> None:
        """A relation has a beginning."""
        self._check_rows(_l("Saisissez la date de début de chaque relation."))

    def plan(self) -> OrganisationPlan:
        """Return what was typed."""
        rows = [row.form for row in self.relations.entries if row.form.since.data]
        return OrganisationPlan(
            name=self.name.data or "",
            kind=self.kind.data,
            siren=self.siren.data or None,
            region_code=self.region_code.data or None,
            website=self.website.data or None,
            note=self.note.data or "",
            relations=tuple(RelationPlan(x.kind.data, x.since.data, x.until.data) for x in rows),
        )


def organisation_form_of(organisation: Organisation) -> OrganisationForm:
    """Return the form filled with the organisation."""
    names = ("name", "kind", "siren", "region_code", "website", "note")
    relations = [{"kind": x.kind, "since": x.since, "until": x.until} for x in organisation.relations]
    return OrganisationForm(data={**{x: getattr(organisation, x) for x in names}, "relations": relations})


class MandateRow(PlainForm):
    """One function in an organisation."""

    title = StringField(_l("Qualité"), filters=[tidy], render_kw={"maxlength": 200})
    organisation = StringField(
        _l("Organisme"), filters=[tidy], render_kw={"maxlength": 200, "list": "organismes"}
    )
    starts_on = DayField(_l("Depuis"))
    ends_on = DayField(_l("Jusqu’à"))

    def is_filled(self) -> bool:
        return any((self.title.data, self.organisation.data, self.starts_on.data, self.ends_on.data))

    def is_whole(self) -> bool:
        return bool(self.title.data and self.organisation.data) and len(self.title.data or "") <= 200


class PersonForm(RowsForm):
    """A person and the functions they hold."""

    civility = SelectField(_l("Civilité"), choices=choices(CIVILITIES, first=_l("Non précisée")))
    given_name = StringField(_l("Prénom"), [Required(_l("Saisissez le prénom.")), AtMost(100)])
    family_name = StringField(_p("personne", "Nom"), [Required(_l("Saisissez le nom.")), AtMost(100)])
    email = StringField(_l("Adresse électronique"), [Optional(), MailAddress(), AtMost(254)])
    mandates = Rows(FormField(MandateRow), _l("Fonctions"), max_entries=MOST_ROWS)

    @property
    def rows(self) -> Any:
        return self.mandates

    def validate_mandates(self, _field: Any) -> None:
        """A function has a name and an organisation."""
        self._check_rows(_l("Saisissez la qualité et l’organisme de chaque fonction."))

    def plan(self) -> PersonPlan:
        """Return what was typed."""
        rows = [row.form for row in self.mandates.entries if row.form.is_whole()]
        return PersonPlan(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            civility=self.civility.data or "",
            email=self.email.data or None,
            mandates=tuple(
                MandatePlan(x.title.data, x.organisation.data, x.starts_on.data, x.ends_on.data) for x in rows
            ),
        )


def person_form_of(person: Person) -> PersonForm:
    """Return the form filled with the person."""
    names = ("civility", "given_name", "family_name", "email")
    mandates = [
        {
            "title": x.title,
            "organisation": x.organisation.name,
            "starts_on": x.starts_on,
            "ends_on": x.ends_on,
        }
        for x in person.mandates
    ]
    return PersonForm(data={**{name: getattr(person, name) for name in names}, "mandates": mandates})


class ThemeRow(PlainForm):
    """One theme; its rank is its place on the page."""

    theme_id = HiddenField()
    rank = StringField(_l("Rang"), filters=[tidy], render_kw={"inputmode": "numeric", "maxlength": 3})
    name = StringField(_l("Nom"), filters=[tidy], render_kw={"maxlength": 100})

    def is_filled(self) -> bool:
        return bool(self.name.data)

    def is_whole(self) -> bool:
        return self.is_filled() and len(self.name.data or "") <= 100


class ThemesForm(RowsForm):
    """All the themes at once."""

    themes = Rows(FormField(ThemeRow), _l("Thématiques"), max_entries=MOST_ROWS)

    @property
    def rows(self) -> Any:
        return self.themes

    def validate_themes(self, field: Any) -> None:
        """A known theme keeps a name: meetings point to it."""
        if any(row.form.theme_id.data and not row.form.name.data for row in field.entries):
            raise ValidationError(_("Une thématique ne peut pas rester sans nom."))
        self._check_rows(_l("Écrivez au plus 100 caractères par nom."))

    def plan(self) -> list[ThemePlan]:
        """Return the themes by the rank typed; equal ranks keep the order of the page."""
        rows = [row.form for row in self.themes.entries if row.form.name.data]
        ranked = sorted(rows, key=lambda row: _rank(row.rank.data))
        return [ThemePlan(row.name.data, _number(row.theme_id.data)) for row in ranked]


def themes_form_of(themes: Iterable[Theme]) -> ThemesForm:
    """Return the form filled with the themes, ranked from one."""
    rows = [{"theme_id": x.id, "rank": str(rank), "name": x.name} for rank, x in enumerate(themes, 1)]
    return ThemesForm(data={"themes": rows})


def _rank(typed: str | None) -> int:
    return int(typed) if typed and _SMALL.fullmatch(typed) else 1000


def _number(typed: Any) -> int | None:
    return int(typed) if _SMALL.fullmatch(str(typed or "")) else None


def _luhn(digits: str) -> bool:
    doubled = (int(x) * (1 + place % 2) for place, x in enumerate(reversed(digits)))
    return sum(x - 9 if x > 9 else x for x in doubled) % 10 == 0
