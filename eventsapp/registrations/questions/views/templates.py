"""The forms kept to be used again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventsapp.core.i18n import _
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.registrations.models import FormTemplate
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.forms.editor import TemplateForm
from eventsapp.registrations.questions.services import templates

bp = Blueprint("form_templates", __name__, url_prefix="/gestion/modeles-de-formulaire")

MANAGE = Permission.MANAGE_MEETINGS
Answer = str | tuple[str, int] | Response


@bp.get("")
@requires(MANAGE)
def list_templates() -> str:
    """Every template, and how many questions it has."""
    return render_template(
        "registrations/questions/templates.html",
        templates=queries.list_templates(),
        may_change=current_scope(MANAGE).everywhere,
    )


@bp.route("/<int:template_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_template(template_id: int) -> Answer:
    """The questions of a template, and its title, which those who organise everywhere may change."""
    template, form = queries.get_template(template_id), TemplateForm()
    if form.is_submitted():
        _check_may_change()
        if form.validate() and form.carries_out(lambda: _rename(template, form)):
            flash(_("Le modèle est renommé."), "success")
            return redirect(url_for("form_templates.list_templates"), 303)
    else:
        form.title.data = template.title
    page = render_template(
        "registrations/questions/template.html",
        template=template,
        form=form,
        questions=queries.template_questions(template.id),
        may_change=current_scope(MANAGE).everywhere,
    )
    return page, form.status


@bp.post("/<int:template_id>/suppression")
@requires(MANAGE)
def remove_template(template_id: int) -> Response:
    """The template is gone."""
    _check_may_change()
    templates.remove_template(template=queries.get_template(template_id), by=current_actor())
    flash(_("Le modèle est supprimé."), "success")
    return redirect(url_for("form_templates.list_templates"), 303)


def _rename(template: FormTemplate, form: TemplateForm) -> None:
    templates.rename_template(template=template, title=form.title.data or "", by=current_actor())


def _check_may_change() -> None:
    """A template belongs to the whole network: who organises in one région uses it, and no more."""
    if not current_scope(MANAGE).everywhere:
        abort(404)
