"""What the columns of a file of registrations may hold at one meeting, and which title announces what. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventsapp.core.i18n import Text, _l, _p
from eventsapp.core.keys import search_key
from eventsapp.core.tables.titles import titles_of
from eventsapp.registrations.models import Question
from eventsapp.registrations.offer import Offer
from eventsapp.registrations.questions.forms.asked import is_the_offices

QUESTION = "question:"  # then its id
WORKSHOPS = "workshops"
NEEDED = ("family_name", "given_name", "email")

_PEOPLE: dict[str, Text] = {
    "family_name": _p("personne", "Nom"),
    "given_name": _l("Prénom"),
    "email": _l("Adresse électronique"),
    "organisation": _l("Organisme"),
    "job_title": _l("Fonction ou qualité"),
    "participant_kind": _l("Type"),
    "civility": _l("Civilité"),
    "phone": _l("Téléphone"),
    "region_code": _l("Région"),
    "locale": _l("Langue"),
    "needs": _l("Besoins d’accessibilité ou alimentaires"),
    "accepts_listing": _l("Liste publiée"),
}


def importable(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that a file may answer: those of the office's form, but for files."""
    return [one for one in questions if is_the_offices(one) and one.kind != "file"]


def fields_of(offer: Offer) -> dict[str, Text]:
    """Return what a column may hold at this meeting, in the order of the list of choices."""
    fields = dict(_PEOPLE)
    if offer.setup.attendance == "both":
        fields["mode"] = _l("Participation")
    if offer.slots:
        fields[WORKSHOPS] = _l("Ateliers, tous dans la même case")
    fields |= {slot.name: slot.label for slot in offer.slots}
    return fields | {f"{QUESTION}{one.id}": one.label for one in importable(offer.questions)}


def titles_at(offer: Offer) -> dict[str, str]:
    """Return, by title, the field that it announces at this meeting."""
    fields = fields_of(offer)
    found = {search_key(one.label): f"{QUESTION}{one.id}" for one in importable(offer.questions)}
    for number, slot in enumerate(offer.slots, 1):
        names = (
            slot.label,
            f"Atelier {slot.hour}",
            f"Atelier {number}",
            f"Créneau {slot.hour}",
            f"Créneau {number}",
        )
        found |= {search_key(name): slot.name for name in names}
    known = titles_of(name for name in fields if name == WORKSHOPS or name in {*_PEOPLE, "mode"})
    return {**found, **known}


def knows_at(offer: Offer) -> Callable[[str], bool]:
    """Return what tells whether a title announces something at this meeting."""
    titles = titles_at(offer)
    return lambda title: search_key(title) in titles
