"""Shape and syntax of the registration forms; rules are the services'."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional, StopValidation

from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import Text, _, _l, _p
from eventsapp.geography.outlines import region_outlines
from eventsapp.meetings.models import Session
from eventsapp.registrations.details import CIVILITIES, Details
from eventsapp.registrations.models import PARTICIPANT_KINDS
from eventsapp.registrations.offer import Offer, Slot

NOT_TAKING_PART = "0"
DETAILS = tuple(Details.__annotations__)
_ID = re.compile(r"[1-9][0-9]{0,8}")
_PHONE = re.compile(r"\+?[\d .()/-]{6,30}")


class PhoneNumber:
    """The field may hold a telephone number, written as people write it."""

    def __call__(self, form: Form, field: StringField) -> None:
        if field.data and not _PHONE.fullmatch(field.data):
            raise StopValidation(_("Saisissez un numéro de téléphone, par exemple 06 12 34 56 78."))


REGIONS: dict[str, Text] = {region.code: region.name for region in region_outlines()}


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


class ChosenInSlot:
    """One of the slot's workshops must be chosen, or none of them on purpose."""

    def __init__(self, hour: str) -> None:
        self.hour = hour

    def __call__(self, form: Form, field: RadioField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise StopValidation(
                _(
                    "Choisissez un atelier pour %(hour)s, ou « Je ne participe pas à ce créneau ».",
                    hour=self.hour,
                )
            )


class WorkshopsForm(Form):
    """One choice a slot; ``workshops_form`` adds the fields ``creneau_1``, ``creneau_2``…"""

    @property
    def session_ids(self) -> list[int]:
        """The workshops chosen."""
        return chosen_ids({field.name: field.data for field in self.session_fields})

    @property
    def session_fields(self) -> list[Field]:
        """The fields of the slots, in the order of the day."""
        return [field for field in self if field.name.startswith("creneau_")]


def workshops_form(slots: Sequence[Slot], held: Collection[int] | None = None) -> WorkshopsForm:
    """Return the form of these slots, with the posted choices, or else those of the workshops held."""
    fields = {
        slot.name: RadioField(
            slot.label,
            [ChosenInSlot(slot.hour)],
            choices=choices({**{str(x.id): x.title for x in slot.sessions}, NOT_TAKING_PART: ""}),
            validate_choice=False,
        )
        for slot in slots
    }
    form: WorkshopsForm = type("SlotsForm", (WorkshopsForm,), fields)(data=_held_data(slots, held))
    return form


def office_workshops_form(offer: Offer, held: Collection[int]) -> WorkshopsForm:
    """Return the organisers' form of the slots: lists, in which a full workshop says so."""
    fields = {
        slot.name: SelectField(slot.label, choices=choices(_listed(offer, slot))) for slot in offer.slots
    }
    form: WorkshopsForm = type("SlotsForm", (WorkshopsForm,), fields)(data=_held_data(offer.slots, held))
    return form


def _listed(offer: Offer, slot: Slot) -> dict[str, str]:
    def label(session: Session) -> str:
        return _("%(title)s (complet)", title=session.title) if offer.is_full(session) else session.title

    return {NOT_TAKING_PART: _("Aucun"), **{str(x.id): label(x) for x in slot.sessions}}


def _held_data(slots: Sequence[Slot], held: Collection[int] | None) -> dict[str, str] | None:
    if held is None:
        return None
    return {
        slot.name: next((str(x.id) for x in slot.sessions if x.id in held), NOT_TAKING_PART) for slot in slots
    }


def chosen_ids(answers: Mapping[str, str]) -> list[int]:
    """Return the ids of the workshops chosen among posted answers; anything else is left out."""
    chosen = [value for name, value in answers.items() if name.startswith("creneau_")]
    return [int(value) for value in chosen if value and _ID.fullmatch(value)]
