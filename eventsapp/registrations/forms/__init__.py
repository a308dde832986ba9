"""Shape and syntax of the registration forms; rules are the services'."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

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

from eventsapp.core.errors import DomainError
from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import Text, _, _l, _p, ngettext
from eventsapp.meetings.models import Session
from eventsapp.registrations import tries
from eventsapp.registrations.details import CIVILITIES, Details
from eventsapp.registrations.errors import AccessCodeIsWrong, TooManyWrongCodes, WorkshopIsFull
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.models import ATTENDANCE_MODES, PARTICIPANT_KINDS, RegistrationSetup
from eventsapp.registrations.offer import Offer, Slot

NOT_TAKING_PART = "0"
DETAILS = tuple(Details.__annotations__)
_ID = re.compile(r"[1-9][0-9]{0,8}")
_SLOT = re.compile(r"creneau_[0-9]{1,3}")
_WAIT = re.compile(r"attente_([1-9][0-9]{0,8})")
_WISH = re.compile(r"(creneau_[0-9]{1,3})_voeu_([0-9])")
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
    made = _entry_form(
        asks_mode=setup.attendance == "both", asks_code=_asks_code(setup, is_invited=is_invited)
    )
    return made(data={"access_code": code})


@cache  # making a class of forms costs as much as drawing its page
def _entry_form(*, asks_mode: bool, asks_code: bool) -> type[DetailsForm]:
    return type("EntryForm", (DetailsForm,), _entry_fields(asks_mode=asks_mode, asks_code=asks_code))


def _asks_code(setup: RegistrationSetup, *, is_invited: bool) -> bool:
    return bool(setup.access_code) and not is_invited


def entry_fields(setup: RegistrationSetup, *, is_invited: bool) -> dict[str, Any]:
    """Return the fields that this meeting asks for besides who comes; see ``entry_form``."""
    asks_code = _asks_code(setup, is_invited=is_invited)
    return _entry_fields(asks_mode=setup.attendance == "both", asks_code=asks_code)


def _entry_fields(*, asks_mode: bool, asks_code: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if asks_mode:
        message = _l("Choisissez comment vous suivez la rencontre.")
        fields["mode"] = RadioField(
            _l("Vous participez"), [Required(message)], choices=choices(ATTENDANCE_MODES)
        )
    if asks_code:
        missing = _l("Saisissez le code d’accès. Il figure dans l’invitation.")
        checks = [Required(missing), AtMost(40), RightCode(setup.access_code)]
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


class SlotShown(NamedTuple):
    """A slot as a form shows it: the same for everybody who opens it until the programme changes."""

    name: str
    hour: str
    label: str
    titles: tuple[tuple[int, str], ...]  # of the workshops, by id


def _shown(slot: Slot) -> SlotShown:
    return SlotShown(slot.name, slot.hour, slot.label, tuple((x.id, x.title) for x in slot.sessions))


class ChosenInSlot:
    """One of the slot's workshops must be chosen or waited for, or none of them on purpose."""

    def __init__(self, slot: SlotShown) -> None:
        self.slot, self.hour = slot, slot.hour

    def __call__(self, form: WorkshopsForm, field: RadioField) -> None:
        if not field.data and any(id_ in form.waiting_ids for id_, _title in self.slot.titles):
            raise StopValidation
        if field.data not in {choice.value for choice in field.choices}:
            raise StopValidation(
                _(
                    "Choisissez un atelier pour %(hour)s, ou « Je ne participe pas à ce créneau ».",
                    hour=self.hour,
                )
            )


class WorkshopsForm(Form):
    """One choice a slot; ``workshops_form`` adds the fields ``creneau_1``, ``creneau_2``…

    And one for the waiting list of each workshop, named after its id: ``attente_12``.
    """

    @property
    def session_ids(self) -> list[int]:
        """The workshops chosen."""
        return chosen_ids({field.name: field.data for field in self.session_fields})

    @property
    def waiting_ids(self) -> list[int]:
        """The workshops waited for, none of those chosen."""
        return awaited_ids({field.name: field.data for field in self if field.data}, self.session_ids)

    @property
    def session_fields(self) -> list[Field]:
        """The fields of the slots, in the order of the day."""
        return [field for field in self if field.name.startswith("creneau_")]

    def refuse(self, error: DomainError) -> None:
        """Show a refusal; that of full workshops next to the slot of each."""
        if not isinstance(error, WorkshopIsFull):
            super().refuse(error)
            return
        for full in error.sessions:
            field = next(x for x in self.session_fields if str(full.id) in {one.value for one in x.choices})
            field.errors = [WorkshopIsFull.message_about(full)]


def workshops_form(
    slots: Sequence[Slot], held: Collection[int] | None = None, awaited: Collection[int] = ()
) -> WorkshopsForm:
    """Return the form of these slots, with the posted choices, or else those of the workshops held and awaited."""
    data = _held_data(slots, held)
    if data is not None:
        data |= {f"attente_{session_id}": "y" for session_id in awaited}
    return _slots_form(tuple(_shown(slot) for slot in slots))(data=data)


@lru_cache(maxsize=256)  # see _entry_form; the titles and the language of the hours are in the key
def _slots_form(slots: tuple[SlotShown, ...]) -> type[WorkshopsForm]:
    fields: dict[str, Field] = {
        slot.name: RadioField(
            slot.label,
            [ChosenInSlot(slot)],
            choices=choices({**{str(id_): title for id_, title in slot.titles}, NOT_TAKING_PART: ""}),
            validate_choice=False,
        )
        for slot in slots
    }
    fields |= {f"attente_{id_}": BooleanField() for slot in slots for id_, _title in slot.titles}
    return type("SlotsForm", (WorkshopsForm,), fields)


def waiting_name(session: Session) -> str:
    """Return the name of the field that joins the waiting list of the workshop."""
    return f"attente_{session.id}"


def office_workshops_form(offer: Offer, held: Collection[int]) -> WorkshopsForm:
    """Return the organisers' form of the slots: lists, in which a full workshop says so."""
    fields = {
        slot.name: SelectField(slot.label, choices=choices(_listed(offer, slot))) for slot in offer.slots
    }
    form: WorkshopsForm = type("SlotsForm", (WorkshopsForm,), fields)(data=_held_data(offer.slots, held))
    return form


def _listed(offer: Offer, slot: Slot) -> dict[str, str]:
    def label(session: Session) -> str:
        left = offer.seats.sessions[session.id]
        if left is None:
            return session.title
        room = ngettext("%(num)d place restante", "%(num)d places restantes", left) if left else _("complet")
        return _("%(title)s (%(room)s)", title=session.title, room=room)

    return {NOT_TAKING_PART: _("Aucun"), **{str(x.id): label(x) for x in slot.sessions}}


def _held_data(slots: Sequence[Slot], held: Collection[int] | None) -> dict[str, str] | None:
    if held is None:
        return None
    return {
        slot.name: next((str(x.id) for x in slot.sessions if x.id in held), NOT_TAKING_PART) for slot in slots
    }


def chosen_ids(answers: Mapping[str, str]) -> list[int]:
    """Return the ids of the workshops chosen among posted answers; anything else is left out."""
    return [
        int(value) for name, value in answers.items() if _SLOT.fullmatch(name) and _ID.fullmatch(value or "")
    ]


def awaited_ids(answers: Mapping[str, object], chosen: Collection[int] = ()) -> list[int]:
    """Return the ids of the workshops whose waiting list is asked for among posted answers, those chosen aside."""
    names = (_WAIT.fullmatch(name) for name in answers)
    return [id_ for id_ in (int(name[1]) for name in names if name) if id_ not in chosen]


# --- Ranked wishes --------------------------------------------------------------------------------


WISH_LABELS = {1: _l("1er vœu"), 2: _l("2e vœu"), 3: _l("3e vœu")}


class Wished:
    """The list names a workshop of the slot that no list above it names; the first one is answered."""

    def __init__(self, slot: Slot, rank: int) -> None:
        self.slot, self.rank = slot, rank

    def __call__(self, form: WishesForm, field: SelectField) -> None:
        if self.rank == 1:
            if not field.data:
                text = _(
                    "Choisissez votre premier vœu pour %(hour)s, ou « Je ne participe pas à ce créneau »."
                )
                raise StopValidation(text % {"hour": self.slot.hour})
            return
        above = [other.data for other in form.fields_of(self.slot)[: self.rank - 1]]
        if field.data and field.data in above:
            raise StopValidation(
                _("Cet atelier est déjà classé plus haut : choisissez-en un autre, ou aucun.")
            )
        if field.data and above[0] == NOT_TAKING_PART:
            raise StopValidation(
                _("Vous ne participez pas à ce créneau : choisissez d’abord un premier vœu.")
            )


class WishesForm(WorkshopsForm):
    """Ranked wishes; ``wishes_form`` adds the lists ``creneau_1_voeu_1``, ``creneau_1_voeu_2``…"""

    @property
    def session_ids(self) -> list[int]:
        return []

    @property
    def wishes(self) -> list[tuple[int, ...]]:
        """The workshops wished for, by slot, the best first."""
        return list(chosen_wishes({field.name: field.data for field in self.session_fields}).values())

    def fields_of(self, slot: Slot) -> list[Field]:
        """The lists of one slot, the first wish first."""
        return [field for field in self.session_fields if field.name.startswith(f"{slot.name}_")]


def wishes_form(slots: Sequence[Slot], most: int, ranks: Mapping[int, int] | None = None) -> WishesForm:
    """Return the lists of these slots, with what was posted, or else the wishes that have these ranks."""
    fields = {
        f"{slot.name}_voeu_{rank}": _wish_field(slot, rank)
        for slot in slots
        for rank in range(1, min(most, len(slot.sessions)) + 1)
    }
    form: WishesForm = type("RankedForm", (WishesForm,), fields)(data=_ranked_data(slots, ranks))
    return form


def _ranked_data(slots: Sequence[Slot], ranks: Mapping[int, int] | None) -> dict[str, str] | None:
    if ranks is None:
        return None
    data = {}
    for slot in slots:
        ranked = sorted((x.id for x in slot.sessions if x.id in ranks), key=lambda id_: ranks[id_])
        wishes = [str(id_) for id_ in ranked] or [NOT_TAKING_PART]
        data.update({f"{slot.name}_voeu_{rank}": wish for rank, wish in enumerate(wishes, 1)})
    return data


def _wish_field(slot: Slot, rank: int) -> SelectField:
    titles: dict[str, Text] = {str(x.id): x.title for x in slot.sessions}
    if rank == 1:
        titles[NOT_TAKING_PART] = _l("Je ne participe pas à ce créneau")
    label = WISH_LABELS.get(rank) or _l("Vœu n° %(rank)d", rank=rank)
    first = _l("Choisissez") if rank == 1 else _l("Aucun")
    return SelectField(label, [Wished(slot, rank)], choices=choices(titles, first=first), default="")


def chosen_wishes(answers: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Return the ids wished for among posted answers, by the name of their slot, the best first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for name, value in answers.items():
        if (wish := _WISH.fullmatch(name)) and _ID.fullmatch(value or ""):
            found.setdefault(wish[1], []).append((int(wish[2]), int(value)))
    return {slot: tuple(id_ for _rank, id_ in sorted(ranked)) for slot, ranked in found.items()}


def choices_form(offer: Offer) -> WorkshopsForm:
    """Return the form of the workshops as the meeting asks now, with the posted choices."""
    return (
        wishes_form(offer.slots, offer.setup.wishes_per_slot)
        if offer.takes_wishes
        else workshops_form(offer.slots)
    )
