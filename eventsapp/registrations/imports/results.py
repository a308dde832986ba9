"""What became of an import, as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventsapp.core.columns import Column
from eventsapp.core.i18n import Text, _l, _p
from eventsapp.registrations.models import REGISTRATION_STATES, Batch, BatchItem

OUTCOMES: dict[str, Text] = {
    "waiting": _l("Pas encore traitée"),
    "done": _l("Inscrite"),
    "skipped": _l("Déjà inscrite, laissée"),
    "refused": _l("Refusée"),
}


def _of(name: str) -> Callable[[BatchItem], str]:
    """Return what reads this of the registration made from the line, if there is one."""
    return lambda item: getattr(item.registration, name) if item.registration else ""


def _state(item: BatchItem) -> Text:
    return REGISTRATION_STATES[item.registration.state] if item.registration else ""


def _line(item: BatchItem) -> str:
    return " · ".join(cell for cell in item.cells or () if cell)


RESULT_COLUMNS: tuple[Column[BatchItem], ...] = (
    Column("number", _l("Ligne"), lambda x: x.number, width=8),
    Column("outcome", _l("Résultat"), lambda x: OUTCOMES[x.outcome], width=24),
    Column("reason", _l("Raison"), lambda x: x.reason, width=60),
    Column("state", _l("État"), _state),
    Column("reference", _l("Référence"), _of("reference")),
    Column("family_name", _p("personne", "Nom"), _of("family_name")),
    Column("given_name", _l("Prénom"), _of("given_name")),
    Column("email", _l("Courriel"), _of("email"), width=32),
    Column("line", _l("Contenu de la ligne, si personne n’en est inscrit"), _line, width=60),
)


def refused_columns(batch: Batch) -> Sequence[Column[BatchItem]]:
    """Return the columns of the file itself, then why: once corrected, it can be imported as it is."""
    header = batch.options["header"]
    own = [Column(str(n), title, _cell(n)) for n, title in enumerate(header)]
    return [*own, Column("reason", _l("Raison du refus"), lambda x: x.reason, width=60)]


def _cell(number: int) -> Callable[[BatchItem], str]:
    def cell(item: BatchItem) -> str:
        cells = item.cells or ()
        return cells[number] if number < len(cells) else ""

    return cell
