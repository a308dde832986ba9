"""The form that moves one person within a proposal of allocation."""

from __future__ import annotations

from wtforms import SelectField

from eventsapp.core.forms import choices
from eventsapp.core.i18n import Text, _, _l, format_hours
from eventsapp.registrations.allocation.case import Person
from eventsapp.registrations.allocation.outcome import WHY_NOT
from eventsapp.registrations.forms.workshops import NOT_TAKING_PART, WISH_LABELS, WorkshopsForm
from eventsapp.registrations.offer import SLOT
from eventsapp.registrations.proposals import Proposal


def placing_form(proposal: Proposal, person: Person, zone: str) -> WorkshopsForm:
    """Return a list of workshops for each slot where a proposal may place the person, with what each would mean."""
    slots = sorted({one.slot for one in proposal.wishes.workshops} - proposal.settled_slots(person))
    fields = {
        f"{SLOT}{slot}": SelectField(
            _label(proposal, slot, zone), choices=choices(_listed(proposal, person, slot))
        )
        for slot in slots
    }
    data = {f"{SLOT}{slot}": str(proposal.places.get((person.id, slot), NOT_TAKING_PART)) for slot in slots}
    form: WorkshopsForm = type("PlacingForm", (WorkshopsForm,), fields)(data=data)
    return form


def placed(form: WorkshopsForm) -> dict[int, int | None]:
    """Return the workshop chosen in each slot."""
    return {int(field.name.removeprefix(SLOT)): int(field.data) or None for field in form.session_fields}


def _label(proposal: Proposal, slot: int, zone: str) -> str:
    hours = [(x.starts_at, x.ends_at) for x in proposal.wishes.workshops if x.slot == slot]
    start, end = min(hours)[0], max(end for _start, end in hours)
    return _("Créneau %(hours)s", hours=format_hours(start, end, zone))


def _listed(proposal: Proposal, person: Person, slot: int) -> dict[str, Text]:
    wishes, filling = person.wishes.get(slot, ()), proposal.without(person, slot)
    titles: dict[str, Text] = {NOT_TAKING_PART: _l("Aucun")}
    for workshop in (one for one in proposal.wishes.workshops if one.slot == slot):
        notes = [str(WISH_LABELS.get(n, n)) for n, id_ in enumerate(wishes, 1) if id_ == workshop.id]
        if why := filling.refusal(person, workshop, slot):
            notes.append(str(WHY_NOT[why]))
        titles[str(workshop.id)] = f"{workshop.title} ({', '.join(notes)})" if notes else workshop.title
    return titles
