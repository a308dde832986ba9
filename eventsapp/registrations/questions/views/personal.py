"""The answers of whoever holds the signed link, to be changed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.permissions import personal_link
from eventsapp.registrations.links import PURPOSE
from eventsapp.registrations.models import Registration
from eventsapp.registrations.queries import get_by_link, get_setup
from eventsapp.registrations.questions import queries
from eventsapp.registrations.questions.forms.asked import AskedForm, asked_form
from eventsapp.registrations.questions.services import answering
from eventsapp.registrations.questions.views import asking
from eventsapp.registrations.views.personal import changeable
from eventsapp.registrations.views.private import private_blueprint

bp = private_blueprint("my_answers", __name__)
asking.take_files(bp)

Answer = str | tuple[str, int] | Response


@bp.get("/<token>/reponses")
@personal_link(PURPOSE)
def edit(token: str, subject: int, version: int) -> Answer:
    """The answers, to be changed."""
    registration = changeable(subject, version)
    known = asking.known_values(registration.id)
    form = asked_form(queries.live_questions(registration.meeting_id), known)
    return _page(registration, form, token)


@bp.post("/<token>/reponses")
@personal_link(PURPOSE)
def change(token: str, subject: int, version: int) -> Answer:
    """The answers are changed."""
    registration = changeable(subject, version)
    known = asking.known_values(registration.id)
    form = asking.asked_so_far(queries.live_questions(registration.meeting_id), known)
    version_now = get_setup(registration.meeting_id).form_version
    if asking.is_complete_for(form, version_now) and form.carries_out(
        lambda: answering.change_answers(
            registration=registration, answers=form.given(asking.version_sent()), at=now()
        )
    ):
        flash(_("Vos réponses sont enregistrées."), "success")
        return redirect(url_for("my_registration.show", token=token), 303)
    return _page(registration, form, token)


@bp.get("/<token>/reponses/fichiers/<int:file_id>")
@personal_link(PURPOSE)
def download(token: str, subject: int, version: int, file_id: int) -> Response:
    """A file given as an answer."""
    return asking.sent_file(get_by_link(subject, version), file_id)


def _page(registration: Registration, form: AskedForm, token: str) -> Answer:
    page = render_template(
        "registrations/questions/mine.html",
        registration=registration,
        form=form,
        form_version=get_setup(registration.meeting_id).form_version,
        token=token,
    )
    return page, form.status
