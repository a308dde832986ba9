"""Errors named after what is wrong with a file, each with what to do instead."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class TableIsNotAccepted(DomainError):
    """The file cannot be read as a table."""

    status = 422
    field = "file"


class FileIsEmpty(TableIsNotAccepted):
    message = _l("Ce fichier est vide. Choisissez un fichier qui contient au moins une personne.")


class FileIsNoTable(TableIsNotAccepted):
    message = _l(
        "Ce fichier n’est ni un fichier CSV ni un classeur XLSX ou ODS. Dans votre tableur, choisissez « Enregistrer sous », puis l’un de ces formats."
    )


class WorkbookIsOld(TableIsNotAccepted):
    message = _l(
        "Ce classeur est dans un ancien format (XLS) ou protégé par un mot de passe. Ouvrez-le dans votre tableur et enregistrez-le en XLSX, ODS ou CSV, sans mot de passe."
    )


class WorkbookIsUnreadable(TableIsNotAccepted):
    message = _l(
        "Ce classeur n’a pas pu être lu : il est abîmé, protégé par un mot de passe, ou une case est remplie très loin des autres. Copiez le tableau dans un nouveau classeur, ou enregistrez-le en CSV."
    )


class FileIsAPdf(TableIsNotAccepted):
    message = _l(
        "Ce fichier est un PDF : les adresses ne peuvent pas y être lues. Choisissez le fichier CSV, XLSX ou ODS d’un tableur."
    )


class FileIsTooHeavy(TableIsNotAccepted):
    def __init__(self, megabytes: int) -> None:
        text = _l("Ce fichier est trop lourd. Choisissez un fichier de %(size)d Mo au plus.", size=megabytes)
        super().__init__(text)


class FileHasTooManyLines(TableIsNotAccepted):
    def __init__(self, most: int) -> None:
        text = _l(
            "Ce fichier a plus de %(count)d lignes. Partagez-le en plusieurs fichiers, importés l’un après l’autre.",
            count=most,
        )
        super().__init__(text)


class FileHasTooManyColumns(TableIsNotAccepted):
    def __init__(self, most: int) -> None:
        text = _l("Ce fichier a plus de %(count)d colonnes. Retirez celles qui ne servent pas.", count=most)
        super().__init__(text)


class FileIsBadlyQuoted(TableIsNotAccepted):
    def __init__(self, line: int) -> None:
        text = _l(
            "Un guillemet ouvert vers la ligne %(line)d n’est pas fermé. Corrigez-la dans votre tableur, puis enregistrez de nouveau en CSV.",
            line=line,
        )
        super().__init__(text)


class FileHasNoHeader(TableIsNotAccepted):
    message = _l(
        "La première ligne de ce fichier est déjà une personne. Ajoutez au-dessus une ligne de titres : Nom, Prénom, Courriel, Organisme, Fonction."
    )
