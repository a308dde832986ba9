"""The registration form of one meeting of the demonstration, and what people answered."""

from __future__ import annotations

from typing import Any

from eventsapp.core.db import db
from eventsapp.core.permissions import Actor
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Answer, Question, Registration
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.questions import rules
from eventsapp.registrations.questions.plans import READY_MADE, QuestionPlan
from eventsapp.registrations.questions.services.editing import add_question

MEALS = QuestionPlan(
    kind="yes_no",
    label="Déjeunez-vous avec nous ?",
    section="Repas",
    help="Un repas est offert.",
    is_required=True,
)
TRAVEL = QuestionPlan(
    kind="choice",
    label="Comment venez-vous ?",
    section="Votre venue",
    new_options=("En train", "En covoiturage", "En voiture", "À vélo ou à pied"),
)
TOWN = QuestionPlan(kind="commune", label="De quelle commune partez-vous ?", section="Votre venue")
TOWNS = (("59350", "Lille"), ("75056", "Paris"), ("35238", "Rennes"), ("69123", "Lyon"))


def ask_questions(meeting: Meeting, registrations: list[Registration], *, by: Actor) -> None:
    """The meeting asks a few questions, one only of those who stay for lunch, of colleagues registered in one go
    too; everybody has answered."""
    meals = add_question(meeting=meeting, plan=MEALS, by=by)
    diet = add_question(meeting=meeting, plan=_diet(meals), by=by)
    travel, town = (add_question(meeting=meeting, plan=plan, by=by) for plan in (TRAVEL, TOWN))
    image = add_question(meeting=meeting, plan=_image(), by=by)
    get_setup(meeting.id).allows_groups = True
    for number, registration in enumerate(registrations):
        answers: dict[Question, Any] = {meals: number % 4 != 3}
        if number % 4 == 0:
            answers[diet] = [diet.options[number // 4 % len(diet.options)]["key"]]
        if number % 7 != 6:
            answers[travel] = travel.options[number % 3]["key"]
            answers[town] = dict(zip(("code", "name"), TOWNS[number % len(TOWNS)], strict=True))
        if number % 3:
            text = rules.consent_text(image.label, image.help)
            answers[image] = {"version": rules.consent_version(text), "text": text}
        db.session.add_all(
            Answer(registration_id=registration.id, question_id=question.id, value=value)
            for question, value in answers.items()
        )
    db.session.flush()


def _image() -> QuestionPlan:
    ready = READY_MADE["image"].values
    return QuestionPlan(
        kind="consent", label=str(ready["label"]), help=str(ready["help"]), section="Pour finir"
    )


def _diet(meals: Question) -> QuestionPlan:
    ready = READY_MADE["repas"].values
    return QuestionPlan(
        kind="choices",
        label=str(ready["label"]),
        section=MEALS.section,
        new_options=tuple(str(ready["new_options"]).splitlines()),
        shown_if=(meals.id, rules.YES),
        visibility="desk",
        keep_days=30,
    )
