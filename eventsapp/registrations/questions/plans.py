"""A question as an organiser describes it, and those proposed ready made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eventsapp.core.i18n import Text, _l
from eventsapp.registrations.models import Question
from eventsapp.registrations.questions.rules import Line


@dataclass(frozen=True, kw_only=True)
class QuestionPlan:
    """What a question becomes. ``labels``: those of the options it has, by key, in order, empty to remove one;
    ``new_options``: those it gains. ``shown_if``: the question and the answer that call for it."""

    kind: str
    label: str
    section: str = ""
    help: str = ""
    is_required: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    new_options: tuple[str, ...] = ()
    shown_if: tuple[int, str] | None = None
    visibility: str = "office"
    keep_days: int | None = None

    def line(self, question_id: int) -> Line:
        return Line(question_id, self.section, self.shown_if[0] if self.shown_if else None)


def content_of(question: Question) -> tuple[object, ...]:
    """Return all that an organiser may change of the question on its page; its place in the order is elsewhere."""
    options = tuple(tuple(sorted(option.items())) for option in question.options)
    names = ("kind", "label", "section", "help", "is_required", "visibility", "keep_days")
    said = tuple(getattr(question, name) for name in names)
    return *said, options, question.shown_if_id, question.shown_if_value


@dataclass(frozen=True)
class ReadyMade:
    """A question that many meetings ask, to be adapted."""

    name: Text
    values: Mapping[str, object]


NEEDS_KEPT_DAYS = 30

READY_MADE: dict[str, ReadyMade] = {
    "repas": ReadyMade(
        _l("Régime alimentaire"),
        {
            "kind": "choices",
            "label": _l("Régime alimentaire"),
            "section": _l("Repas"),
            "new_options": _l(
                "Végétarien\nVégétalien\nSans gluten\nSans porc\nAllergie (à préciser sur place)"
            ),
            "visibility": "desk",
            "keep_days": NEEDS_KEPT_DAYS,
        },
    ),
    "accessibilite": ReadyMade(
        _l("Besoins d’accessibilité"),
        {
            "kind": "long_text",
            "label": _l("Besoins d’accessibilité"),
            "help": _l("Boucle magnétique, interprète, accès en fauteuil…"),
            "visibility": "desk",
            "keep_days": NEEDS_KEPT_DAYS,
        },
    ),
    "image": ReadyMade(
        _l("Droit à l’image"),
        {
            "kind": "consent",
            "label": _l("J’accepte d’être photographiée ou photographié pendant la rencontre"),
            "help": _l(
                "Les images illustrent le site et les publications du réseau pendant deux ans. Je peux retirer "
                "mon accord à tout moment."
            ),
        },
    ),
}
