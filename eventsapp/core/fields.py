"""Fields of forms that speak French when what was typed cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from wtforms import DateField, FieldList, IntegerField, TimeField
from wtforms import Form as PlainForm

from eventsapp.core.i18n import _
from eventsapp.core.zones import instant_at

YEARS = range(1900, 2200)  # outside, instants overflow and the person mistyped


class DayField(DateField):
    """A day. Browsers without a calendar send what was typed: 14/06/2027 is understood."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
            if self.data and self.data.year not in YEARS:
                raise ValueError("not a year of ours")
        except ValueError as error:
            self.data = None
            raise ValueError(_("Saisissez une date, par exemple 14/06/2027.")) from error


class HourField(TimeField):
    """An hour of the day: 9:30, and 9h30 where the browser has no clock."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        formats = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]
        super().__init__(label, validators, format=formats, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Saisissez une heure, par exemple 9:30.")) from error


class WholeNumberField(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(text.strip() for text in valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Saisissez un nombre entier, par exemple 30.")) from error


class Row(PlainForm):
    """One of repeated rows. An empty one is left out: its fields are not checked."""

    def is_empty(self) -> bool:
        """Tell whether nothing was typed in the row, nor put in it."""
        return not any(field.data or _typed(field) for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields of a row in which something is typed."""
        return self.is_empty() or bool(super().validate(extra_validators))


def _typed(field: Any) -> str:
    return "".join(str(text) for text in field.raw_data or ()).strip()


class Rows(FieldList):
    """Repeated rows of fields. Its errors are sentences, those of the rows included.

    ``own_errors`` are about the rows together: those of one row's field are shown beside it.
    """

    errors: Any

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        is_valid: bool = super().validate(form, extra_validators)
        self.errors = list(dict.fromkeys(_sentences(self.errors)))
        return is_valid

    @property
    def own_errors(self) -> list[Any]:
        of_rows = set(_sentences([entry.errors for entry in self.entries]))
        return [error for error in self.errors if error not in of_rows]


def _sentences(errors: Any) -> Iterator[Any]:
    if isinstance(errors, Mapping):
        errors = errors.values()
    elif not isinstance(errors, Iterable) or isinstance(errors, str):
        yield errors
        return
    for error in errors:
        yield from _sentences(error)


def instant_of(day: date | None, hour: time | None, zone: str) -> datetime | None:
    """Return the instant typed as a day and an hour of the zone, or None when either is missing."""
    return instant_at(day, hour, zone) if day and hour else None


def instant_typed(day: date | None, hour: time | None, zone: str) -> datetime:
    """Return the instant of two fields that the form requires: call it once the form is valid."""
    instant = instant_of(day, hour, zone)
    if instant is None:
        raise ValueError("a required day or hour is missing: the form was not validated")
    return instant
