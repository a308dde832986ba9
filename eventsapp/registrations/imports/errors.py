"""Errors named after the broken rule."""

from __future__ import annotations

from collections.abc import Sequence

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import Text, _l


class ColumnsAreMissing(DomainError):
    """Somebody is registered with at least a name and an address."""

    status = 422

    def __init__(self, fields: Sequence[Text]) -> None:
        names = ", ".join(str(field) for field in fields)
        super().__init__(_l("Dites quelle colonne contient : %(names)s.", names=names))


class ColumnIsChosenTwice(DomainError):
    status = 422

    def __init__(self, field: Text) -> None:
        super().__init__(_l("« %(field)s » est choisi pour deux colonnes. Gardez-en une.", field=field))


class ColumnsHaveChanged(DomainError):
    message = _l(
        "Le formulaire ou les ateliers de la rencontre ont changé depuis. Vérifiez ce que contient chaque colonne."
    )


class ImportHasBegun(DomainError):
    message = _l("Cet import a déjà commencé.")


class LineIsRefused(DomainError):
    """A line says something that cannot be read."""

    def __init__(self, problems: Sequence[Text]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
