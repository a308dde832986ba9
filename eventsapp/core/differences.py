"""Where a form that was filled in says something else than what somebody saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from wtforms import Field, FieldList, HiddenField, SubmitField

from eventsapp.core.forms import Form
from eventsapp.core.i18n import _


@dataclass(frozen=True)
class Difference:
    """A field, by its label, and what is stored of it: «» for nothing."""

    label: str
    stored: str


def differences(typed: Form, stored: Form, *, but: Iterable[str] = ()) -> list[Difference]:
    """Return the fields of the stored form that say something else than the typed one, in the order of the page."""
    found = []
    for field in stored:
        if _is_unseen(field) or field.short_name in but:
            continue
        said = _said(field)
        if said != _said(typed[field.short_name]):
            found.append(Difference(str(field.label.text), said))
    return found


def _is_unseen(field: Field) -> bool:
    return isinstance(field, HiddenField | SubmitField)


def _said(field: Any) -> str:
    """What the field holds, as people read it."""
    if isinstance(field, FieldList):
        rows = (", ".join(dict.fromkeys(filter(None, map(_said, _shown(one.form))))) for one in field.entries)
        return " ; ".join(filter(None, rows))
    match field.data:
        case bool():
            return _("Oui") if field.data else _("Non")
        case date():
            return f"{field.data:%d/%m/%Y}"
        case time():
            return f"{field.data:%H:%M}"
    labels = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()}
    several = field.data if isinstance(field.data, list) else [field.data]
    # None was not even sent: the page had nothing to choose from.
    texts = ["" if one is None else str(one) for one in several]
    return ", ".join(labels.get(text, text) for text in texts)


def _shown(form: Iterable[Field]) -> Iterable[Field]:
    return (field for field in form if not _is_unseen(field))
