"""Errors named after the broken rule, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class MomentIsTaken(DomainError):
    message = _l("Un rappel part déjà à ce moment. Choisissez un autre jour ou une autre heure.")
    field = "days_before"
    status = 422


class ReminderIsTooLate(DomainError):
    message = _l(
        "Ce rappel partirait après le début de la rencontre. Choisissez un autre jour ou une autre heure."
    )
    field = "hour"
    status = 422
