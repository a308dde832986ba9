"""The small forms of a meeting's life: documents, cancellation, duplication."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from eventsapp.core.fields import DayField
from eventsapp.core.forms import AtMost, Form, Required, WebAddress, choices
from eventsapp.core.i18n import _, _l
from eventsapp.meetings.plans import DocumentPlan

DOCUMENT_VISIBILITIES = {"public": _l("Tout le monde"), "office": _l("L’équipe seulement")}


class DocumentForm(Form):
    """A file or an address to attach."""

    title = StringField(_l("Titre"), [Required(_l("Saisissez le titre du document.")), AtMost(200)])
    file = FileField(_l("Fichier"), [Optional()])
    url = StringField(_l("Ou adresse d’une page"), [Optional(), AtMost(500), WebAddress()])
    credit = StringField(_l("Crédit"), [Optional(), AtMost(200)])
    visibility = RadioField(
        _l("Qui peut le voir ?"), choices=choices(DOCUMENT_VISIBILITIES), default="public"
    )

    def plan(self) -> DocumentPlan:
        """Return what was sent; the file's content is read here, once."""
        sent = self.file.data
        return DocumentPlan(
            title=self.title.data or "",
            credit=self.credit.data or "",
            visibility=self.visibility.data,
            url=self.url.data or "",
            filename=(sent.filename or "") if sent else "",
            content=sent.read() if sent else b"",
        )


class CancellationForm(Form):
    """Why the meeting will not take place."""

    reason = TextAreaField(
        _l("Raison de l’annulation"),
        [
            Required(_l("Dites pourquoi la rencontre est annulée : les personnes inscrites le liront.")),
            AtMost(1000),
        ],
    )


class DuplicationForm(Form):
    """What to copy, and when its first meeting takes place."""

    what = RadioField(_l("Que dupliquer ?"), default="meeting")
    title = StringField(_l("Titre du nouveau cycle"), [AtMost(200)])
    day = DayField(_l("Nouvelle date"), [Required(_l("Choisissez la date de la première rencontre copiée."))])

    def offer(self, *, has_series: bool) -> None:
        """A meeting that belongs to no series is copied alone."""
        whole = {"series": _("Tout le cycle")} if has_series else {}
        self.what.choices = choices({"meeting": _("Cette rencontre seulement"), **whole})

    def validate_title(self, field: StringField) -> None:
        """A copied series has a title of its own."""
        if self.what.data == "series" and not field.data:
            raise ValidationError(_("Saisissez le titre du nouveau cycle."))
