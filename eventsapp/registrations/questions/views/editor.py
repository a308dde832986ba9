"""The organisers' page of a meeting's form, and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsapp.core.answers import attempt
from eventsapp.core.clock import now
from eventsapp.core.db import read_only
from eventsapp.core.differences import Difference, differences
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.core.security import row_id
from eventsapp.core.versions import SavedMeanwhile
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting
from eventsapp.registrations.models import QUESTION_KINDS, Question
from eventsapp.registrations.questions import queries, rules
from eventsapp.registrations.questions.errors import QuestionIsGone
from eventsapp.registrations.questions.forms.asked import asked_form
from eventsapp.registrations.questions.forms.editor import (
    QuestionForm,
    TemplateChoiceForm,
    TemplateForm,
    form_of,
    ready_made_form,
)
from eventsapp.registrations.questions.plans import READY_MADE
from eventsapp.registrations.questions.services import editing, templates
from eventsapp.registrations.questions.views import asking

bp = Blueprint(
    "form_editor", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/inscriptions/formulaire"
)
asking.take_files(bp)

MANAGE = Permission.MANAGE_MEETINGS
STEPS = {"up": -1, "down": 1}
Answer = str | tuple[str, int] | Response


@bp.get("")
@requires(MANAGE)
def show_form(meeting_id: int) -> Answer:
    """The questions in their order, and what can be done with them."""
    return _form_page(_meeting(meeting_id), TemplateForm())


@bp.route("/apercu", methods=["GET", "POST"])
@requires(MANAGE)
def preview(meeting_id: int) -> Answer:
    """The questions as people will see them, to be tried: answers are checked, none is kept."""
    read_only()
    meeting = _meeting(meeting_id)
    form = asked_form(queries.live_questions(meeting.id), is_sent=request.method == "POST")
    is_accepted = form.is_submitted() and form.is_complete()
    page = render_template(
        "registrations/questions/preview.html", meeting=meeting, form=form, is_accepted=is_accepted
    )
    return page, form.status


@bp.get("/questions/nouvelle")
@requires(MANAGE)
def show_new_question(meeting_id: int) -> Answer:
    """The form of a new question, empty or prepared for something often asked."""
    ready = READY_MADE.get(request.args.get("modele", ""))
    return _question_page(_meeting(meeting_id), None, ready_made_form(ready.values if ready else {}))


@bp.post("/questions")
@requires(MANAGE)
def add_question(meeting_id: int) -> Answer:
    """The meeting asks one more question."""
    meeting, form = _meeting(meeting_id), QuestionForm()
    if form.validate() and form.carries_out(
        lambda: editing.add_question(meeting=meeting, plan=form.plan(), by=current_actor())
    ):
        flash(_("La question est ajoutée."), "success")
        return _to_form(meeting)
    return _question_page(meeting, None, form)


@bp.get("/questions/<int:question_id>")
@requires(MANAGE)
def edit_question(meeting_id: int, question_id: int) -> Answer:
    """One question, to be changed."""
    meeting, question = _loaded(meeting_id, question_id)
    return _question_page(meeting, question, form_of(question))


@bp.post("/questions/<int:question_id>")
@requires(MANAGE)
def change_question(meeting_id: int, question_id: int) -> Answer:
    """The question is as described; what somebody else did to it meanwhile is shown first."""
    meeting, form = _meeting(meeting_id), QuestionForm()
    question = queries.find_question(meeting.id, question_id)
    if question is None:
        return _gone_page(meeting, form) if form.seen.data else abort(404)
    try:
        is_done = form.validate() and form.carries_out(lambda: _change(question, form))
    except SavedMeanwhile:
        return _conflict_page(meeting, question, form)
    if is_done:
        flash(_("La question est enregistrée."), "success")
        return _to_form(meeting)
    return _question_page(meeting, question, form)


@bp.post("/questions/<int:question_id>/position")
@requires(MANAGE)
def move_question(meeting_id: int, question_id: int) -> Response:
    """The question goes one place up or down."""
    meeting, question = _loaded(meeting_id, question_id)
    step = STEPS.get(request.form.get("direction", ""), 0)
    attempt(lambda: editing.move_question(question=question, step=step, by=current_actor()))
    return _to_form(meeting, question.id)


@bp.post("/questions/<int:question_id>/retrait")
@requires(MANAGE)
def remove_question(meeting_id: int, question_id: int) -> Response:
    """The question is no longer asked."""
    meeting, question = _loaded(meeting_id, question_id)
    if attempt(lambda: editing.remove_question(question=question, by=current_actor(), at=now())):
        flash(_("La question n’est plus posée."), "success")
    return _to_form(meeting)


@bp.post("/questions/<int:question_id>/retour")
@requires(MANAGE)
def restore_question(meeting_id: int, question_id: int) -> Response:
    """A retired question is asked again."""
    meeting, question = _loaded(meeting_id, question_id)
    if attempt(lambda: editing.restore_question(question=question, by=current_actor())):
        flash(_("La question est de nouveau posée."), "success")
    return _to_form(meeting, question.id)


@bp.post("/copie")
@requires(MANAGE)
def apply_template(meeting_id: int) -> Response:
    """The meeting also asks the questions of a template."""
    meeting = _meeting(meeting_id)
    template = queries.get_template(request.form.get("template", 0, type=row_id))
    count = attempt(lambda: templates.apply_template(meeting=meeting, template=template, by=current_actor()))
    if count:
        flash(ngettext("Une question est ajoutée.", "%(num)s questions sont ajoutées.", count), "success")
    return _to_form(meeting)


@bp.post("/modele")
@requires(MANAGE)
def save_template(meeting_id: int) -> Answer:
    """The form is kept as a template."""
    meeting, form = _meeting(meeting_id), TemplateForm()
    if form.validate() and form.carries_out(
        lambda: templates.save_template(
            meeting=meeting, title=form.title.data or "", by=current_actor(), at=now()
        )
    ):
        flash(_("Le modèle « %(title)s » est gardé.", title=form.title.data), "success")
        return _to_form(meeting)
    return _form_page(meeting, form)


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_meeting(meeting_id, current_scope(MANAGE))


def _loaded(meeting_id: int, question_id: int) -> tuple[Meeting, Question]:
    meeting = _meeting(meeting_id)
    return meeting, queries.get_question(meeting.id, question_id)


def _form_page(meeting: Meeting, form: TemplateForm) -> Answer:
    choice, known = TemplateChoiceForm(), queries.list_templates()
    choice.offer(known)
    questions = queries.every_question(meeting.id)
    live = [question for question in questions if question.retired_at is None]
    page = render_template(
        "registrations/questions/form.html",
        meeting=meeting,
        live=live,
        sections=[(title, list(one)) for title, one in groupby(live, lambda one: one.section)],
        retired=[question for question in questions if question.retired_at],
        counts=queries.answer_counts(questions),
        most=queries.MOST_COUNTED,
        kinds=QUESTION_KINDS,
        ready_made=READY_MADE,
        form=form,
        choice=choice,
        has_templates=bool(known),
    )
    return page, form.status


def _change(question: Question, form: QuestionForm) -> None:
    seen = form.seen.data or None
    editing.change_question(question=question, plan=form.plan(), seen=seen, by=current_actor())


def _conflict_page(meeting: Meeting, question: Question, form: QuestionForm) -> Answer:
    """What was typed, and what somebody else saved meanwhile: saving again after having compared is a decision."""
    stored, questions = form_of(question), queries.live_questions(meeting.id)
    for one in (form, stored):
        one.offer(questions, question)
    conflict = differences(form, stored, but=["new_options"])
    form.take_over(stored)
    page, _status = _question_page(meeting, question, form, conflict)
    return page, SavedMeanwhile.status


def _gone_page(meeting: Meeting, form: QuestionForm) -> Answer:
    """What was typed about a question that somebody removed meanwhile: saving asks it anew."""
    form.begin_anew()
    form.refuse(QuestionIsGone())
    page, _status = _question_page(meeting, None, form)
    return page, QuestionIsGone.status


def _question_page(
    meeting: Meeting,
    question: Question | None,
    form: QuestionForm,
    conflict: Sequence[Difference] | None = None,
) -> tuple[str, int]:
    questions = queries.live_questions(meeting.id)
    form.offer(questions, question)
    page = render_template(
        "registrations/questions/question.html",
        meeting=meeting,
        question=question,
        form=form,
        conflict=conflict,
        sections=sorted({one.section for one in questions if one.section}),
        with_options=" ".join(rules.WITH_OPTIONS),
    )
    return page, form.status


def _to_form(meeting: Meeting, question_id: int | None = None) -> Response:
    anchor = f"question-{question_id}" if question_id else None
    return redirect(url_for("form_editor.show_form", meeting_id=meeting.id, _anchor=anchor), 303)
