"""How one meeting takes registrations. A meeting without a row follows the defaults below."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, inspect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from eventsapp.core.db import Base, UtcDateTime
from eventsapp.core.i18n import _l
from eventsapp.registrations import rules

ADMISSIONS = {
    "open": _l("Toute personne a une place dès qu’elle s’inscrit"),
    "members": _l("Les adhérents ont une place, les autres demandent une validation"),
    "approval": _l("Chaque inscription attend une validation"),
}
ATTENDANCES = {
    "on_site": _l("Sur place"),
    "remote": _l("À distance"),
    "both": _l("Au choix, sur place ou à distance"),
}
WORKSHOP_CHOICES = {
    "direct": _l("Une place dès l’inscription"),
    "wishes": _l("Des vœux classés, puis une affectation"),
}


class RegistrationSetup(Base):
    """Who is admitted, how places are offered, how workshops are chosen, until when answers may change."""

    __tablename__ = "registration_setup"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    admission: Mapped[str] = mapped_column(String(10), default="open")
    checks_email: Mapped[bool] = mapped_column(default=False)
    access_code: Mapped[str] = mapped_column(String(40), default="")  # none: not asked
    attendance: Mapped[str] = mapped_column(String(8), default="on_site")
    allows_groups: Mapped[bool] = mapped_column(default=False)
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # rules.Quota, in their order
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    offer_hours: Mapped[int] = mapped_column(default=48)  # to take a place that is offered
    offers_stop_hours: Mapped[int] = mapped_column(
        default=24
    )  # before the start: no automatic offer any more
    offers_frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by an organiser
    workshop_choice: Mapped[str] = mapped_column(String(8), default="direct")
    wishes_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: with registration
    wishes_per_slot: Mapped[int] = mapped_column(default=3)
    most_per_organisation: Mapped[int | None]  # in one workshop
    balances_types: Mapped[bool] = mapped_column(default=False)
    allocated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: with registration
    takes_late_requests: Mapped[bool] = mapped_column(default=True)
    form_version: Mapped[int] = mapped_column(default=0)  # 0: no question of its own, none is looked for

    __table_args__ = (
        CheckConstraint(f"admission IN {tuple(ADMISSIONS)!r}", name="known_admission"),
        CheckConstraint(f"attendance IN {tuple(ATTENDANCES)!r}", name="known_attendance"),
        CheckConstraint(f"workshop_choice IN {tuple(WORKSHOP_CHOICES)!r}", name="known_workshop_choice"),
        CheckConstraint("offer_hours BETWEEN 1 AND 720", name="offer_hours_in_range"),
        CheckConstraint("offers_stop_hours BETWEEN 0 AND 720", name="offers_stop_in_range"),
        CheckConstraint("wishes_per_slot BETWEEN 1 AND 9", name="wishes_in_range"),
        CheckConstraint("most_per_organisation >= 1", name="most_per_organisation_positive"),
    )

    def must_check_email(self) -> bool:
        """Tell whether people prove their address first: see ``rules.must_check_email``."""
        return rules.must_check_email(
            checks_email=self.checks_email,
            admission=self.admission,
            groups={quota["group"] for quota in self.quotas},
        )


def default_setup(meeting_id: int) -> RegistrationSetup:
    """Return the setup of a meeting that nobody has set up; it belongs to no database session."""
    return RegistrationSetup(meeting_id=meeting_id, quotas=[], **_default_values())


@cache
def _default_values() -> dict[str, Any]:
    columns = inspect(RegistrationSetup).columns
    defaults = {column.key: column.default for column in columns}
    return {
        key: default.arg
        for key, default in defaults.items()
        if isinstance(default, ScalarElementColumnDefault)
    }
