"""Shape and syntax of what the office types about registrations; rules are the services'."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from eventsapp.core.forms import AtMost, Form, Required
from eventsapp.core.i18n import _l


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


class ImportForm(Form):
    """Beginning an import: whether each person is written to."""

    is_told = BooleanField(_l("Envoyer à chaque personne le message de son inscription"))
