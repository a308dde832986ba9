"""Shape and syntax of what organisers type about campaigns; rules are the services'."""

from __future__ import annotations

from wtforms import EmailField, SelectField, StringField, TextAreaField

from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import _l, _p
from eventsapp.invitations.rules import Invitee
from eventsapp.invitations.services.campaigns import CampaignText
from eventsapp.registrations.details import CIVILITIES

LOCALES = {"fr": _l("Français"), "en": _l("Anglais")}


class CampaignForm(Form):
    """What a campaign says."""

    title = StringField(
        _l("Nom de la campagne"),
        [
            Required(_l("Donnez un nom à la campagne, par exemple « Élues et élus de la région ».")),
            AtMost(200),
        ],
        description=_l("Pour vous seulement : les personnes invitées ne le voient pas."),
    )
    subject = StringField(
        _l("Objet du message"), [Required(_l("Saisissez l’objet du message.")), AtMost(200)]
    )
    message = TextAreaField(
        _l("Message"),
        [Required(_l("Écrivez le message.")), AtMost(10_000)],
        description=_l(
            "« Bonjour » et le nom de la personne sont écrits au-dessus ; la date, le lieu et le lien personnel pour répondre, au-dessous. Mise en forme : **gras**, *italique*, - liste."
        ),
    )

    def text(self) -> CampaignText:
        return CampaignText(
            title=self.title.data or "", subject=self.subject.data or "", message=self.message.data or ""
        )


class InviteeForm(Form):
    """One person to invite."""

    civility = SelectField(_l("Civilité"), choices=choices(CIVILITIES))
    given_name = StringField(_l("Prénom"), [AtMost(100)])
    family_name = StringField(_p("personne", "Nom"), [AtMost(100)])
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez l’adresse de la personne.")), AtMost(254), MailAddress()],
    )
    organisation = StringField(_l("Organisme"), [AtMost(200)])
    job_title = StringField(_l("Fonction"), [AtMost(200)])
    locale = SelectField(_l("Langue du message"), choices=choices(LOCALES))

    def invitee(self) -> Invitee:
        names = Invitee.__dataclass_fields__
        return Invitee(**{name: self[name].data or "" for name in names})
