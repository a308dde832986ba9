"""Controls are drawn as WTForms draws them."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.core.forms import AtMost, Form, Required, choices
from eventsapp.core.i18n import _l

OPTIONS = choices({"a": _l("Élue ou élu"), "b": '<b> & "c"\'', "1": "Un"}, first=_l("Choisissez"))
GROUPED = [SelectChoice("x", "X", optgroup="Groupe"), SelectChoice("y", "Y", optgroup="Autre")]


class Everything(Form):
    class Meta(Form.Meta):
        csrf = False

    text = StringField(
        "Texte", [Required("Dites."), AtMost(30)], render_kw={"data_x_y": 'a"b', "class_": "z"}
    )
    listed = StringField("Texte", datalist="organismes")
    email = EmailField("Adresse", [InputRequired(), Length(min=3, max=20)])
    long = TextAreaField("Long", [AtMost(1000)], render_kw={"rows": 5})
    number = IntegerField("Nombre", [NumberRange(min=1, max=9)])
    day = DateField("Jour")
    secret = PasswordField("Secret")
    hidden = HiddenField()
    tick = BooleanField("Oui")
    one = SelectField("Un", choices=OPTIONS)
    grouped = SelectField("Groupé", choices=GROUPED)
    many = SelectMultipleField("Plusieurs", choices=OPTIONS)
    radio = RadioField("Radio", choices=OPTIONS)
    boxes = SelectMultipleField("Cases", choices=OPTIONS, widget=ListWidget(), option_widget=CheckboxInput())


FILLED = {
    "text": "<i>l’été</i> & \"co\" 'x'",
    "long": "\n</textarea>",
    "number": "12",
    "day": "2026-09-01",
    "hidden": "h",
    "tick": "y",
    "one": "b",
    "grouped": "y",
    "many": ["a", "1"],
    "radio": "b",
    "boxes": ["b"],
}
GIVEN = (
    {},
    {"autocomplete": "email", "aria-describedby": "aide erreur", "required": False, "class_": "grand"},
    {"value": Markup('un "mot"'), "disabled": True, "data_move": 3, "id": "autre"},
)


def controls(form):
    for field in form:
        yield field
        if field.type in ("RadioField",) or field.name == "boxes":
            yield from field


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("filled", [{}, FILLED])
@pytest.mark.usefixtures("context")
def test_every_control_is_the_one_of_wtforms(filled, given):
    form = Everything(MultiDict(filled) if filled else None, data={"day": date(2026, 9, 1)})
    compared = 0
    for field in controls(form):
        expected = field.widget(field, **{**(field.render_kw or {}), **given})
        assert field(**given) == expected
        compared += 1
    assert compared > 15


@pytest.mark.usefixtures("context")
def test_what_a_person_typed_cannot_leave_its_attribute():
    form = Everything(MultiDict({"text": '" onfocus="alert(1)'}))
    assert 'value="&#34; onfocus=&#34;alert(1)"' in form.text()
