"""Rules about accounts that a request may break."""

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class SignInRefused(DomainError):
    """Deliberately the same for an unknown address, a wrong password and a disabled account."""

    message = _l(
        "L’adresse ou le mot de passe ne correspond pas. Vérifiez-les, ou demandez un lien de connexion."
    )
    field = "password"
    status = 422


class TooManyAttempts(DomainError):
    message = _l("Trop de tentatives de connexion. Attendez quinze minutes avant de recommencer.")
    field = "email"
    status = 429


class AccountExists(DomainError):
    message = _l("Cette adresse a déjà un compte. Ouvrez-le depuis la liste pour changer ses rôles.")
    field = "email"


class PasswordIsWrong(DomainError):
    message = _l("Ce n’est pas votre mot de passe actuel.")
    field = "current_password"


class LastAdministrator(DomainError):
    message = _l("Ce compte est le dernier à tout administrer. Donnez d’abord ce rôle à une autre personne.")


class NameIsMissing(DomainError):
    message = _l("Cette adresse n’a pas encore de compte : saisissez aussi le nom de la personne.")
    field = "name"
