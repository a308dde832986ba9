"""Days, hours and numbers as people type them where the browser does not help."""

from datetime import date, time

import pytest
from werkzeug.datastructures import MultiDict

from eventsapp.core.fields import DayField, HourField, WholeNumberField
from eventsapp.core.forms import Form

pytestmark = pytest.mark.usefixtures("context")


class Sample(Form):
    day = DayField("Jour")
    hour = HourField("Heure")
    number = WholeNumberField("Nombre")


@pytest.fixture
def typed(app):
    def typed(**values):
        with app.test_request_context():
            form = Sample(MultiDict(values), meta={"csrf": False})
            form.validate()
            return form

    return typed


@pytest.mark.parametrize("text", ["2027-06-14", "14/06/2027"])
def test_a_day_is_read(typed, text):
    assert typed(day=text).day.data == date(2027, 6, 14)


@pytest.mark.parametrize("text", ["09:30", "9:30", "9h30", "9 h 30", "09:30:00"])
def test_an_hour_is_read(typed, text):
    assert typed(hour=text).hour.data == time(9, 30)


@pytest.mark.parametrize(("name", "text"), [("day", "31/02/2027"), ("hour", "25:00"), ("number", "douze")])
def test_what_cannot_be_read_is_refused_with_an_example_and_kept(typed, name, text):
    form = typed(**{name: text})
    assert "par exemple" in str(form[name].errors[0])
    assert text in str(form[name]())


@pytest.mark.parametrize("name", ["day", "hour", "number"])
def test_nothing_typed_is_nothing(typed, name):
    form = typed(**{name: ""})
    assert (form[name].data, list(form[name].errors)) == (None, [])
