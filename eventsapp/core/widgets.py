"""The controls of forms as HTML: what WTForms writes, letter for letter, in a quarter of the time.

A registration form has eleven controls and some thirty options; WTForms formats each attribute of each of
them with a formatter written in Python, and the pages of a registration spend half of their time there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field
from wtforms.widgets import CheckboxInput, Input, ListWidget, RadioInput, Select, TableWidget, TextArea
from wtforms.widgets.core import clean_key

Draw = Callable[[Field, dict[str, Any]], str]


def field_kind(field: Field) -> str:
    """Return how the field is shown: radio, checkboxes, select, textarea, or the type of its input."""
    widget = field.widget
    if isinstance(widget, Select | TextArea):
        return "select" if isinstance(widget, Select) else "textarea"
    if isinstance(widget, ListWidget | TableWidget):
        options = getattr(getattr(field, "option_widget", None), "input_type", None)
        return {"radio": "radio", "checkbox": "checkboxes"}.get(str(options), "text")
    return str(getattr(widget, "input_type", "text"))


def described_by(field: Field, hint: object) -> str:
    """Return the ids of the texts that describe the control: its hint, then its error."""
    texts = [f"{field.id}-aide"] if hint else []
    return " ".join([*texts, f"{field.id}-erreur"] if field.errors else texts)


def control(field: Field, hint: object, autocomplete: str | None, more: Mapping[str, Any]) -> Markup:
    """Return the control with what listeners and the browser's memory need; ``more`` are further attributes."""
    given = dict(more)
    if described := described_by(field, hint):
        given["aria-describedby"] = described
    if field.errors:
        given["aria-invalid"] = "true"
    if autocomplete:
        given["autocomplete"] = autocomplete
    return Markup(field(**given))  # noqa: S704 - a control is markup


def draw(field: Field, attributes: Mapping[str, Any]) -> Markup:
    """Return the control of the field; WTForms draws those not known here."""
    wanted = {clean_key(name): value for name, value in {**(field.render_kw or {}), **attributes}.items()}
    drawn = _way_to_draw(field)
    return Markup(drawn(field, wanted)) if drawn else field.widget(field, **wanted)  # noqa: S704 - escaped


def _way_to_draw(field: Field) -> Draw | None:
    kind = type(field.widget)
    if kind is Select:
        return None if field.has_groups() else _select
    if kind is TextArea:
        return _text_area
    if kind in (CheckboxInput, RadioInput):
        return _tick
    return _input if getattr(kind, "__call__", None) is Input.__call__ else None  # noqa: B004


def _input(field: Field, wanted: dict[str, Any]) -> str:
    wanted.setdefault("type", field.widget.input_type)
    if "value" not in wanted:
        wanted["value"] = field._value()
    return f"<input {_attributes(field, wanted)}>"


def _tick(field: Field, wanted: dict[str, Any]) -> str:
    if getattr(field, "checked", field.data):
        wanted.setdefault("checked", True)
    return _input(field, wanted)


def _text_area(field: Field, wanted: dict[str, Any]) -> str:
    return f"<textarea {_attributes(field, wanted)}>\r\n{escape(field._value())}</textarea>"


def _select(field: Any, wanted: dict[str, Any]) -> str:
    if field.widget.multiple:
        wanted["multiple"] = True
    options = "".join(_option(choice) for choice in field.iter_choices())
    return f"<select {_attributes(field, wanted)}>{options}</select>"


def _option(choice: Any) -> str:
    value = str(choice.value) if isinstance(choice.value, bool) else choice.value
    wanted = {"value": value, **(choice.render_kw or {})}
    if choice.selected:
        wanted["selected"] = True
    return f"<option {_joined(wanted.items())}>{escape(choice.label or choice.value)}</option>"


def _attributes(field: Any, wanted: dict[str, Any]) -> str:
    """Return the attributes asked for, and those that the field's validators imply."""
    wanted.setdefault("id", field.id)
    implied = vars(field.flags)
    for name in field.widget.validation_attrs:
        if name in implied and name not in wanted:
            value = implied[name]
            wanted[name] = value() if callable(value) else value
    if field._datalist is not None and isinstance(field.widget, Input):
        wanted.setdefault("list", getattr(field._datalist, "id", field._datalist))
    wanted["name"] = field.name
    return _joined(wanted.items())


def _joined(attributes: Iterable[tuple[str, Any]]) -> str:
    return " ".join(
        name if value is True else f'{name}="{_quoted(value)}"'
        for name, value in sorted(attributes)
        if value is not False
    )


def _quoted(value: object) -> str:
    return str(escape(value)).replace('"', "&quot;")
