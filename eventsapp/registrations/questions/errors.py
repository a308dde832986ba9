"""Errors named after the broken rule."""

from __future__ import annotations

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l
from eventsapp.registrations.questions.rules import LONGEST_OPTION, MOST_FILES, MOST_OPTIONS, MOST_QUESTIONS


class FormHasChanged(DomainError):
    """The form was changed while somebody was filling it in."""

    message = _l(
        "Le formulaire a changé pendant que vous le remplissiez. Vérifiez vos réponses, puis continuez."
    )


class FormIsFull(DomainError):
    message = _l("Un formulaire a au plus %(count)d questions. Retirez-en une.", count=MOST_QUESTIONS)


class TooManyFileQuestions(DomainError):
    message = _l("Un formulaire demande au plus %(count)d fichiers.", count=MOST_FILES)
    field = "kind"


class KindIsSettled(DomainError):
    message = _l(
        "Des personnes ont déjà répondu : le type de cette question ne change plus. Retirez-la, ses réponses "
        "resteront lisibles, puis ajoutez une question du type voulu."
    )
    field = "kind"


class QuestionIsRetired(DomainError):
    message = _l("Cette question est retirée. Posez-la de nouveau avant de la modifier.")


class QuestionIsGone(DomainError):
    message = _l(
        "Une autre personne a supprimé cette question entre-temps. Ce que vous avez écrit est gardé sur cette page : "
        "enregistrez pour la poser de nouveau."
    )


class OptionsAreMissing(DomainError):
    message = _l("Écrivez au moins deux choix, un par ligne.")
    field = "new_options"


class TooManyOptions(DomainError):
    message = _l("Une question a au plus %(count)d choix.", count=MOST_OPTIONS)
    field = "new_options"


class OptionIsTooLong(DomainError):
    message = _l("Un choix a au plus %(count)d caractères.", count=LONGEST_OPTION)
    field = "new_options"


class OptionIsDoubled(DomainError):
    field = "new_options"

    def __init__(self, label: str) -> None:
        super().__init__(_l("Le choix « %(label)s » est écrit deux fois.", label=label))


class DesksAnswersAreNoCondition(DomainError):
    message = _l(
        "Une question qui dépend d’une réponse lue par l’accueil seulement ne peut pas être lue par d’autres."
    )
    field = "visibility"


class FilesAreForTheOffice(DomainError):
    message = _l("Un fichier ne s’ouvre pas à l’accueil : choisissez « Organisation et secrétariat ».")
    field = "visibility"


class ConditionIsUnknown(DomainError):
    message = _l("Cette condition n’existe plus. Choisissez-en une autre.")
    field = "shown_if"


class QuestionComesTooEarly(DomainError):
    """A question stands before the one that decides on it."""

    def __init__(self, label: str, decides: str) -> None:
        text = _l(
            "« %(label)s » dépend de « %(decides)s » : elle vient après elle.", label=label, decides=decides
        )
        super().__init__(text, field="section")


class AnotherQuestionDepends(DomainError):
    """The answer that calls for another question would no longer exist."""

    field = "kind"

    def __init__(self, label: str) -> None:
        text = _l(
            "« %(label)s » ne s’affiche que selon la réponse à cette question. Changez d’abord sa condition.",
            label=label,
        )
        super().__init__(text)


class TemplateTitleIsTaken(DomainError):
    message = _l("Un modèle porte déjà ce nom.")
    field = "title"


class NothingToKeep(DomainError):
    message = _l("Ce formulaire n’a pas de question à garder.")
    field = "title"


class FileIsTooLarge(DomainError):
    message = _l("Choisissez un fichier de 5 Mo au plus.")
    status = 422


class TooManyFilesOfYours(DomainError):
    message = _l(
        "Trop de fichiers envoyés depuis votre connexion attendent encore une inscription. Terminez d’abord les "
        "inscriptions commencées, ou réessayez demain."
    )
    status = 429


class TooManyFilesWait(DomainError):
    message = _l(
        "Trop de fichiers attendent une inscription en ce moment : celui-ci n’est pas gardé. Réessayez dans quelques "
        "heures, ou envoyez-le à l’organisation."
    )
    status = 503


class FileIsGone(DomainError):
    message = _l("Le fichier envoyé n’est plus là. Choisissez-le de nouveau.")
