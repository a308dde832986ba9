"""Several people whom somebody registers in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eventsapp.registrations.choices import Choices
from eventsapp.registrations.details import Details
from eventsapp.registrations.questions.answers import GivenAnswers

MOST_COLLEAGUES = 10


@dataclass(frozen=True)
class Colleague:
    """Somebody registered by somebody else. ``answers``: what was answered for them; none: nothing was asked."""

    details: Details
    answers: GivenAnswers | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Who registers whom, and how they attend. ``key`` is the group's reference, made before sending."""

    key: str
    contact_name: str
    contact_email: str
    colleagues: Sequence[Colleague]
    choices: Choices
    accepts_waiting: bool = False
    invitation_id: int | None = None
    locale: str = "fr"
