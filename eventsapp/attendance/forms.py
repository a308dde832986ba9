"""What the desk and the page of documents send."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField

from eventsapp.attendance.models import ATTENDANCE_STATES
from eventsapp.core.forms import AtMost, Form, choices
from eventsapp.core.i18n import _l

LISTED = {"registered": _l("Les personnes inscrites"), "present": _l("Les personnes présentes")}
GROUPINGS = {
    "name": _l("Par ordre alphabétique"),
    "organisation": _l("Par organisme"),
    "kind": _l("Par type de participant"),
}


class AttendanceForm(Form):
    """One tap: who, which half-day, in what state."""

    registration = HiddenField()
    half_day = HiddenField()
    state = RadioField(choices=choices(ATTENDANCE_STATES), default="present")
    represented_by = StringField(_l("Représentée ou représenté par"), [AtMost(200)])


class ParticipantListForm(Form):
    """How the list of participants is drawn up."""

    who = RadioField(
        _l("Qui y figure"),
        choices=choices(LISTED),
        default="registered",
    )
    grouping = SelectField(_l("Classement"), choices=choices(GROUPINGS), default="name")


class SignInSheetForm(Form):
    """For which half-day or workshop a sheet is printed."""

    occasion = SelectField(_l("Demi-journée ou atelier"))
