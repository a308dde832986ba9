"""Filters of the agenda, carried by the address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import SelectField, StringField

from eventsapp.core.forms import Form, choices
from eventsapp.core.i18n import _l, format_month
from eventsapp.meetings.queries import MeetingFilters

MONTHS_AHEAD = 12


class AgendaFilters(Form):
    """Wrong values filter nothing: an address typed by hand still shows a page."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Mot clé ou ville"))
    region = SelectField(_l("Région"), validate_choice=False)
    theme = SelectField(_l("Thématique"), validate_choice=False)
    mois = SelectField(_l("Mois"), validate_choice=False)

    def offer(self, *, regions: Iterable[Any], themes: Iterable[Any], today: date) -> None:
        """Fill the lists."""
        self.region.choices = choices({x.code: x.name for x in regions}, first=_l("Toutes les régions"))
        self.theme.choices = choices({str(x.id): x.name for x in themes}, first=_l("Toutes les thématiques"))
        self.mois.choices = choices(dict(_months(today)), first=_l("Tous les mois"))

    def chosen(self) -> MeetingFilters:
        theme = self.theme.data or ""
        return MeetingFilters(
            text=(self.q.data or "")[:200],
            region=self.region.data or "",
            theme_id=int(theme) if theme.isdecimal() and len(theme) < 10 else None,
            month=self.mois.data or "",
        )


def _months(today: date) -> Iterable[tuple[str, str]]:
    for ahead in range(MONTHS_AHEAD):
        year, month = divmod(today.month - 1 + ahead, 12)
        first = date(today.year + year, month + 1, 1)
        yield f"{first:%Y-%m}", format_month(first)
