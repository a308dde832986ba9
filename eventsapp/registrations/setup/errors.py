"""Rules about rules: what setting them so would break, and what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import Text, _l


class QuotasNeedCapacity(DomainError):
    message = _l(
        "Fixez d’abord le nombre de places de la rencontre, dans l’onglet Général : on ne réserve qu’une part "
        "d’un nombre connu."
    )
    field = "quotas"
    status = 422


class QuotasExceedCapacity(DomainError):
    field = "quotas"
    status = 422

    def __init__(self, reserved: int, capacity: int) -> None:
        super().__init__(
            _l(
                "Ces quotas réservent %(reserved)d places et la rencontre en a %(capacity)d. Réduisez un quota.",
                reserved=reserved,
                capacity=capacity,
            )
        )


class QuotaIsRepeated(DomainError):
    field = "quotas"
    status = 422

    def __init__(self, label: str) -> None:
        super().__init__(_l("Le groupe « %(label)s » a deux quotas. Gardez-en un.", label=label))


class WaitingListIsInUse(DomainError):
    field = "has_waiting_list"

    def __init__(self, people: int) -> None:
        super().__init__(
            _l(
                "La liste d’attente ne peut pas être fermée : des personnes attendent une place ou une réponse "
                "(%(people)d). Proposez-leur une place ou annulez leur inscription d’abord.",
                people=people,
            )
        )


class WishesAreExpressed(DomainError):
    field = "workshop_choice"

    def __init__(self, people: int) -> None:
        super().__init__(
            _l(
                "Des personnes ont déjà classé leurs vœux (%(people)d), qui seraient perdus. Faites d’abord "
                "l’affectation.",
                people=people,
            )
        )


class ModeIsInUse(DomainError):
    field = "attendance"

    def __init__(self, people: int, mode: Text) -> None:
        super().__init__(
            _l(
                "Des personnes sont inscrites autrement : %(mode)s (%(people)d). Gardez cette possibilité, ou "
                "changez leur inscription d’abord.",
                people=people,
                mode=mode,
            )
        )


class DeadlineIsAfterStart(DomainError):
    """``name`` is that of the deadline: ``changes_close_at`` or ``wishes_close_at``."""

    message = _l("Choisissez un moment avant le début de la rencontre.")
    status = 422

    def __init__(self, name: str) -> None:
        super().__init__(field=name.replace("_close_at", "_day"))
