"""Forms of sign-in and accounts."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from eventsapp.accounts.rules import PASSWORD_LENGTH
from eventsapp.core.forms import AtMost, Form, MailAddress, Required, choices
from eventsapp.core.i18n import _l
from eventsapp.core.permissions import ROLES

LANGUAGES = {"fr": _l("Français"), "en": _l("Anglais")}


class SignInForm(Form):
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez votre adresse électronique.")), AtMost(254), MailAddress()],
    )
    password = PasswordField(_l("Mot de passe"), [Required(_l("Saisissez votre mot de passe.")), AtMost(200)])


class LinkRequestForm(Form):
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez votre adresse électronique.")), AtMost(254), MailAddress()],
    )


class UseLinkForm(Form):
    """One button: opening the link does not use it up, because mail scanners open links."""


class ProfileForm(Form):
    name = StringField(_l("Prénom et nom"), [Required(_l("Saisissez votre nom.")), AtMost(200)])
    locale = SelectField(_l("Langue des messages"), choices=choices(LANGUAGES))


class PasswordForm(Form):
    current_password = PasswordField(_l("Mot de passe actuel"), [Optional(), AtMost(200)])
    new_password = PasswordField(
        _l("Nouveau mot de passe"),
        [
            Required(_l("Saisissez un nouveau mot de passe.")),
            Length(min=PASSWORD_LENGTH, message=_l("Choisissez un mot de passe d’au moins 12 caractères.")),
            AtMost(200),
        ],
    )


NO_ROLE = "none"


class _InviteeForm(Form):
    name = StringField(_l("Prénom et nom"), [Required(_l("Saisissez le nom de la personne.")), AtMost(200)])
    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez son adresse électronique.")), AtMost(254), MailAddress()],
    )


class RolesForm(Form):
    role = RadioField(
        _l("Rôle"),
        [Required(_l("Choisissez un rôle."))],
        choices=choices(
            {role.code: role.label for role in ROLES.values()} | {NO_ROLE: _l("Aucun rôle général")}
        ),
    )
    scope = SelectField(_l("Portée"), choices=choices({}, first=_l("Tout le réseau")))


class InviteForm(_InviteeForm, RolesForm):
    """The fields, and so the errors, in the order of the page."""


class TeamForm(Form):
    """Somebody joins the team of one meeting."""

    email = EmailField(
        _l("Adresse électronique"),
        [Required(_l("Saisissez son adresse électronique.")), AtMost(254), MailAddress()],
    )
    name = StringField(_l("Prénom et nom"), [AtMost(200)])
    role = RadioField(
        _l("Rôle"),
        [Required(_l("Choisissez un rôle."))],
        choices=choices({code: ROLES[code].label for code in ("organiser", "secretary")}),
    )
