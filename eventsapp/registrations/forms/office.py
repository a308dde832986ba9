"""Shape and syntax of what the office types about registrations; rules are the services'."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from eventsapp.core.forms import AtMost, Form, Required, choices
from eventsapp.core.i18n import _l
from eventsapp.registrations.forms import OfficeDetailsForm
from eventsapp.registrations.models import ATTENDANCE_MODES
from eventsapp.registrations.offer import Offer

LOCALES = {"fr": _l("Français"), "en": _l("Anglais")}


class ViewForm(Form):
    """The name of a saved view, and for whom it is."""

    name = StringField(
        _l("Nom de la vue"),
        [Required(_l("Donnez un nom à la vue, par exemple « Élus bretons ».")), AtMost(100)],
    )
    is_shared = BooleanField(_l("La montrer à toute l’équipe"))
    is_default = BooleanField(_l("Ouvrir la liste avec cette vue"))
    query = HiddenField()


class MessageForm(Form):
    """What is written to many people."""

    subject = StringField(
        _l("Objet du message"), [Required(_l("Saisissez l’objet du message.")), AtMost(200)]
    )
    message = TextAreaField(
        _l("Message"),
        [Required(_l("Écrivez le message.")), AtMost(10_000)],
        description=_l(
            "« Bonjour » et le nom de la personne sont écrits au-dessus ; la rencontre et le lien personnel, au-dessous. Mise en forme : **gras**, *italique*, - liste."
        ),
    )


class MoveForm(Form):
    """The workshop in which people are placed; its choices are the meeting's."""

    session_id = SelectField(_l("Atelier"), [Required(_l("Choisissez un atelier."))], validate_choice=True)


class NoteForm(Form):
    """What the office notes about somebody, for itself."""

    text = TextAreaField(_l("Note interne"), [Required(_l("Écrivez la note.")), AtMost(2000)])


class AddForm(OfficeDetailsForm):
    """Somebody registered by the office; ``add_form`` adds what the meeting asks for besides."""

    locale = SelectField(_l("Langue des messages"), choices=choices(LOCALES), default="fr")
    is_told = BooleanField(_l("Envoyer à la personne le message de son inscription"), default=True)


def add_form(offer: Offer) -> AddForm:
    """Return the form for this meeting: with the way of attending where there is a choice, and the waiting list
    where there is one."""
    fields: dict[str, Any] = {}
    if offer.setup.attendance == "both":
        fields["mode"] = RadioField(_l("Participation"), choices=choices(ATTENDANCE_MODES), default="on_site")
    if offer.setup.has_waiting_list and offer.meeting.capacity is not None:
        label = _l("S’il n’y a pas de place, mettre la personne en liste d’attente")
        fields["may_wait"] = BooleanField(label, default=True)
    form: AddForm = type("MeetingAddForm", (AddForm,), fields)()
    return form


class FullWorkshopsForm(Form):
    """What becomes of whoever asks for a workshop that is full."""

    joins_waiting = RadioField(
        _l("Quand un atelier demandé est complet"),
        choices=choices(
            {
                "y": _l("Inscrire la personne, et la mettre sur la liste d’attente de l’atelier"),
                "n": _l("Refuser la ligne"),
            }
        ),
    )


class ImportForm(Form):
    """Beginning an import: whether each person is written to."""

    is_told = BooleanField(_l("Envoyer à chaque personne le message de son inscription"))
