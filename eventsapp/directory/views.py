"""The directory in the back office: organisations, people, themes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, current_actor, requires
from eventsapp.directory import queries, services
from eventsapp.directory.forms import (
    OrganisationForm,
    PersonForm,
    organisation_form_of,
    person_form_of,
    region_names,
    themes_form_of,
)
from eventsapp.directory.models import ORGANISATION_KINDS, RELATIONS, Organisation, Person

bp = Blueprint("directory", __name__, url_prefix="/gestion/organismes")

LONGEST_SEARCH = 100


@bp.get("")
@requires(Permission.MANAGE_DIRECTORY)
def list_organisations() -> str:
    text, kind, region = _asked("q"), _asked("nature"), _asked("region")
    page = queries.list_organisations(text, kind, region, page_number())
    whole, part = "directory/organisations.html", "directory/_organisations.html"
    return render_template(
        part if "X-Fragment" in request.headers else whole,
        page=page,
        text=text,
        kind=kind,
        region=region,
        kinds=ORGANISATION_KINDS,
        relations=RELATIONS,
        regions=region_names(),
    )


@bp.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.MANAGE_DIRECTORY)
def create_organisation() -> Any:
    return _edit_organisation(Organisation(), OrganisationForm())


@bp.route("/<int:organisation_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_DIRECTORY)
def edit_organisation(organisation_id: int) -> Any:
    organisation = queries.get_organisation(organisation_id)
    return _edit_organisation(organisation, organisation_form_of(organisation))


def _edit_organisation(organisation: Organisation, form: OrganisationForm) -> Any:
    if not form.more.data and form.validate_on_submit():
        plan = form.plan()
        if form.carries_out(lambda: services.save_organisation(organisation, plan, by=current_actor())):
            flash(_("Organisme enregistré."))
            return redirect(url_for("directory.list_organisations"), 303)
    form.add_empty_row()
    return render_template("directory/organisation.html", organisation=organisation, form=form), form.status


@bp.post("/<int:organisation_id>/suppression")
@requires(Permission.MANAGE_DIRECTORY)
def remove_organisation(organisation_id: int) -> Response:
    services.remove_organisation(queries.get_organisation(organisation_id), by=current_actor())
    flash(_("Organisme supprimé."))
    return redirect(url_for("directory.list_organisations"), 303)


@bp.get("/personnes")
@requires(Permission.MANAGE_DIRECTORY)
def list_people() -> str:
    text = _asked("q")
    page = queries.list_people(text, page_number())
    template = "directory/_people.html" if "X-Fragment" in request.headers else "directory/people.html"
    return render_template(template, page=page, text=text)


@bp.route("/personnes/nouvelle", methods=["GET", "POST"])
@requires(Permission.MANAGE_DIRECTORY)
def create_person() -> Any:
    return _edit_person(Person(), PersonForm())


@bp.route("/personnes/<int:person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_DIRECTORY)
def edit_person(person_id: int) -> Any:
    person = queries.get_person(person_id)
    return _edit_person(person, person_form_of(person))


def _edit_person(person: Person, form: PersonForm) -> Any:
    if not form.more.data and form.validate_on_submit():
        plan = form.plan()
        if form.carries_out(lambda: services.save_person(person, plan, by=current_actor())):
            flash(_("Personne enregistrée."))
            return redirect(url_for("directory.list_people"), 303)
    form.add_empty_row()
    known = queries.list_organisation_choices()
    page = render_template("directory/person.html", person=person, form=form, organisations=known)
    return page, form.status


@bp.post("/personnes/<int:person_id>/suppression")
@requires(Permission.MANAGE_DIRECTORY)
def remove_person(person_id: int) -> Response:
    services.remove_person(queries.get_person(person_id), by=current_actor())
    flash(_("Personne supprimée de l’annuaire."))
    return redirect(url_for("directory.list_people"), 303)


@bp.route("/thematiques", methods=["GET", "POST"])
@requires(Permission.MANAGE_DIRECTORY)
def edit_themes() -> Any:
    themes = queries.list_themes()
    form = themes_form_of(themes)
    if not form.more.data and form.validate_on_submit():
        plan = form.plan()
        if form.carries_out(lambda: services.save_themes(themes, plan, by=current_actor())):
            flash(_("Thématiques enregistrées."))
            return redirect(url_for("directory.edit_themes"), 303)
    form.add_empty_row()
    return render_template("directory/themes.html", form=form), form.status


def _asked(name: str) -> str:
    return request.args.get(name, "")[:LONGEST_SEARCH]
