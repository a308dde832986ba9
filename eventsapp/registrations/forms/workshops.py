"""Shape and syntax of the choice of workshops: one a slot, their waiting lists, ranked wishes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from wtforms import BooleanField, Field, RadioField, SelectField
from wtforms.validators import StopValidation

from eventsapp.core.errors import DomainError
from eventsapp.core.forms import Form, choices
from eventsapp.core.i18n import Text, _, _l, ngettext
from eventsapp.meetings.models import Session
from eventsapp.registrations.errors import WorkshopIsFull
from eventsapp.registrations.offer import SLOT, Offer, Slot

NOT_TAKING_PART = "0"
_ID = re.compile(r"[1-9][0-9]{0,8}")
WAIT = "attente_"  # how the names of the fields of waiting lists begin
_SLOT = re.compile(rf"{SLOT}[0-9]{{1,3}}")
_WAIT = re.compile(rf"{WAIT}([1-9][0-9]{{0,8}})")
_WISH = re.compile(rf"({SLOT}[0-9]{{1,3}})_voeu_([0-9])")


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
        return [field for field in self if field.name.startswith(SLOT)]

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
        data |= {waiting_name(session_id): "y" for session_id in awaited}
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
    fields |= {waiting_name(id_): BooleanField() for slot in slots for id_, _title in slot.titles}
    return type("SlotsForm", (WorkshopsForm,), fields)


def waiting_name(session_id: int) -> str:
    """Return the name of the field that joins the waiting list of the workshop."""
    return f"{WAIT}{session_id}"


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
