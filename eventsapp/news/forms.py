"""Form of a piece of news."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField

from eventsapp.core.forms import AtMost, Form, Required, choices
from eventsapp.core.i18n import _l
from eventsapp.news.models import ARTICLE_KINDS


class ArticleForm(Form):
    kind = RadioField(
        _l("Type"), [Required(_l("Choisissez un type."))], choices=choices(ARTICLE_KINDS), default="news"
    )
    title = StringField(_l("Titre"), [Required(_l("Saisissez un titre.")), AtMost(200)])
    summary = TextAreaField(_l("Résumé"), [Required(_l("Résumez en une ou deux phrases.")), AtMost(500)])
    body = TextAreaField(_l("Texte"), [Required(_l("Saisissez le texte.")), AtMost(50_000)])
