"""Shape and syntax of the registration forms; rules are the services'."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional, StopValidation

from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import _, _l, _p
from eventsapp.registrations import tries
from eventsapp.registrations.details import CIVILITIES, Details
from eventsapp.registrations.errors import AccessCodeIsWrong, TooManyWrongCodes
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.models import ATTENDANCE_MODES, PARTICIPANT_KINDS, RegistrationSetup

DETAILS = tuple(Details.__annotations__)
_PHONE = re.compile(r"\+?[\d .()/-]{6,30}")


class PhoneNumber:
    """The field may hold a telephone number, written as people write it."""

    def __call__(self, form: Form, field: StringField) -> None:
        if field.data and not _PHONE.fullmatch(field.data):
            raise StopValidation(_("Saisissez un numéro de téléphone, par exemple 06 12 34 56 78."))


class RightCode:
    """The field must hold the access code; wrong ones may be typed a few times only, see ``registrations.tries``."""

    def __init__(self, expected: str) -> None:
        self.expected = expected

    def __call__(self, form: Form, field: StringField) -> None:
        try:
            tries.check_code(self.expected, field.data or "")
        except TooManyWrongCodes as refusal:
            form.error_status = refusal.status
            raise StopValidation(str(refusal.message)) from refusal
        except AccessCodeIsWrong as refusal:
            raise StopValidation(str(refusal.message)) from refusal


class DetailsForm(Form):
    """Who comes. The order is that of the page and of its error summary."""

    civility = SelectField(_l("Civilité"), [Optional()], choices=choices(CIVILITIES))
    given_name = StringField(_l("Prénom"), [Required(_l("Saisissez votre prénom.")), AtMost(100)])
    family_name = StringField(_p("personne", "Nom"), [Required(_l("Saisissez votre nom.")), AtMost(100)])
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez votre adresse, par exemple nom@exemple.fr.")), AtMost(254), MailAddress()],
    )
    phone = TelField(_l("Téléphone"), [Optional(), AtMost(30), PhoneNumber()])
    organisation = StringField(
        _l("Organisme"),
        [Required(_l("Saisissez votre organisme, ou « à titre personnel ».")), AtMost(200)],
    )
    job_title = StringField(
        _l("Fonction ou qualité"), [Required(_l("Saisissez votre fonction.")), AtMost(200)]
    )
    participant_kind = SelectField(
        _l("Vous venez en tant que"),
        [Required(_l("Choisissez en quelle qualité vous venez."))],
        choices=choices(PARTICIPANT_KINDS, first=_l("Choisissez")),
    )
    region_code = SelectField(_l("Région"), [Optional()], choices=choices(REGIONS, first=_l("Non précisée")))
    needs = TextAreaField(_l("Besoins d’accessibilité ou alimentaires"), [Optional(), AtMost(1000)])
    accepts_listing = BooleanField(
        _l("Mon nom peut figurer dans la liste publiée des participantes et participants")
    )

    def to_details(self, **known: str) -> Details:
        """Return the answers of a valid form, and what it did not ask; a field left out is empty."""
        given = {name: field.data for name, field in self._fields.items() if name in DETAILS and field.data}
        return Details(**{**given, **known})


ENTRY = ("mode", "access_code")


def entry_form(setup: RegistrationSetup, *, is_invited: bool = False, code: str = "") -> DetailsForm:
    """Return the first step of the public form: who comes, and what this meeting asks for besides.

    ``code`` is the access code that the link carries; a personal invitation needs none.
    """
    return _entry_form(*_asked_at_entry(setup, is_invited=is_invited))(data={"access_code": code})


@lru_cache(maxsize=256)  # making a class of forms costs as much as drawing its page
def _entry_form(asks_mode: bool, access_code: str) -> type[DetailsForm]:
    return type("EntryForm", (DetailsForm,), _entry_fields(asks_mode, access_code))


def entry_fields(setup: RegistrationSetup, *, is_invited: bool) -> dict[str, Any]:
    """Return the fields that this meeting asks for besides who comes; see ``entry_form``."""
    return _entry_fields(*_asked_at_entry(setup, is_invited=is_invited))


def _asked_at_entry(setup: RegistrationSetup, *, is_invited: bool) -> tuple[bool, str]:
    """Whether the way of attending is asked, and which access code, or «»."""
    return setup.attendance == "both", "" if is_invited else setup.access_code


def _entry_fields(asks_mode: bool, access_code: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if asks_mode:
        message = _l("Choisissez comment vous suivez la rencontre.")
        fields["mode"] = RadioField(
            _l("Vous participez"), [Required(message)], choices=choices(ATTENDANCE_MODES)
        )
    if access_code:
        missing = _l("Saisissez le code d’accès. Il figure dans l’invitation.")
        checks = [Required(missing), AtMost(40), RightCode(access_code)]
        fields["access_code"] = StringField(_l("Code d’accès"), checks)
    return fields


class MyDetailsForm(DetailsForm):
    """What a person may change: all but the address, which proves who they are."""

    email = None


class OfficeDetailsForm(DetailsForm):
    """What an organiser writes about somebody: less is asked, nothing is consented to."""

    given_name = StringField(_l("Prénom"), [Required(_l("Saisissez le prénom.")), AtMost(100)])
    family_name = StringField(_p("personne", "Nom"), [Required(_l("Saisissez le nom.")), AtMost(100)])
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez l’adresse à laquelle écrire.")), AtMost(254), MailAddress()],
    )
    phone = TelField(_l("Téléphone"), [Optional(), AtMost(30), PhoneNumber()])
    organisation = StringField(_l("Organisme"), [Optional(), AtMost(200)])
    job_title = StringField(_l("Fonction ou qualité"), [Optional(), AtMost(200)])
    participant_kind = SelectField(
        _l("Vient en tant que"), choices=choices(PARTICIPANT_KINDS), default="other"
    )
    region_code = SelectField(_l("Région"), [Optional()], choices=choices(REGIONS, first=_l("Non précisée")))
    needs = TextAreaField(_l("Besoins d’accessibilité ou alimentaires"), [Optional(), AtMost(1000)])
    accepts_listing = BooleanField(_l("La personne accepte que son nom figure dans la liste publiée"))


class EmailForm(Form):
    """Whose registrations are looked for."""

    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez votre adresse, par exemple nom@exemple.fr.")), AtMost(254), MailAddress()],
    )


class NoAnswers(Form):
    """A button alone, protected like any form."""


class ReasonForm(Form):
    """What an organiser says with a refusal; the person reads it."""

    reason = TextAreaField(_l("Explication"), [Optional(), AtMost(2000)])
