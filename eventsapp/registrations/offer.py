"""What a meeting offers to somebody who registers: slots of workshops, and the places left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eventsapp.core.i18n import _, format_time, ngettext
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.rules import slots
from eventsapp.registrations import queries, rules
from eventsapp.registrations.models import Question, Registration, RegistrationSetup
from eventsapp.registrations.questions.queries import live_questions
from eventsapp.registrations.wishing import WorkshopStep, wishes_end_at, workshop_step

SLOT = "creneau_"  # how the names of what is asked about one slot begin


@dataclass(frozen=True)
class Slot:
    """Workshops among which one is chosen. ``name`` is that of the form's field."""

    name: str
    hour: str
    ends: str
    sessions: tuple[Session, ...]

    @property
    def label(self) -> str:
        return _("Atelier de %(start)s à %(end)s", start=self.hour, end=self.ends)

    def lasts_as(self, session: Session, zone: str) -> bool:
        """Tell whether the session takes the whole slot: its hours need not be said again."""
        hours = format_time(session.starts_at, zone), format_time(session.ends_at, zone)
        return hours == (self.hour, self.ends)


@dataclass(frozen=True)
class Offer:
    """A meeting as its registration pages show it at one instant."""

    meeting: Meeting
    setup: RegistrationSetup
    seats: queries.Seats
    opening: rules.Opening
    slots: Sequence[Slot]
    questions: Sequence[Question] = ()
    workshop_step: WorkshopStep = WorkshopStep.DIRECT

    @property
    def steps(self) -> int:
        return 2 + bool(self.questions) + bool(self.slots)

    @property
    def workshops_step(self) -> int:
        return 3 if self.questions else 2

    @property
    def is_open(self) -> bool:
        return self.opening in (rules.Opening.OPEN, rules.Opening.WAITING_LIST)

    @property
    def is_for_waiting(self) -> bool:
        """Tell whether whoever registers now, to come, joins the waiting list."""
        return self.opening is rules.Opening.WAITING_LIST

    @property
    def takes_wishes(self) -> bool:
        """Tell whether workshops are ranked now, and given later."""
        return self.workshop_step is WorkshopStep.WISHES

    @property
    def wishes_end_at(self) -> datetime:
        return wishes_end_at(self.meeting, self.setup)

    @property
    def is_full_on_site(self) -> bool:
        """Tell whether every place on site is taken."""
        return self.seats.meeting == 0

    def as_asked(self, mode: str = "") -> Offer:
        """Return what the public form asks of somebody who comes or follows from afar (``mode``).

        No workshop between the end of the wishes and the allocation, nor from afar.
        """
        is_afar = "remote" in (mode, self.setup.attendance)
        return replace(self, slots=()) if is_afar or self.workshop_step is WorkshopStep.CLOSED else self

    def sessions(self, ids: Sequence[int]) -> list[Session]:
        """The workshops of these ids, in the order of the day."""
        return [session for slot in self.slots for session in slot.sessions if session.id in ids]

    def ranked(self, slot: Slot, ids: Sequence[int]) -> list[str]:
        """The titles of the slot's workshops of these ids, in the order of the ids."""
        titles = {session.id: session.title for session in slot.sessions}
        return [titles[id_] for id_ in ids if id_ in titles]

    def is_full(self, session: Session) -> bool:
        """Tell whether nobody else may choose the workshop."""
        return self.seats.sessions[session.id] == 0

    def is_closed(self, session: Session) -> bool:
        """Tell whether the workshop cannot be asked for: whoever waits for the meeting itself only wishes for it."""
        return self.is_full(session) and not self.is_for_waiting

    def may_be_awaited(self, session: Session) -> bool:
        """Tell whether the workshop has a waiting list that can be joined."""
        return self.is_full(session) and bool(self.setup.has_waiting_list)

    @property
    def has_waiting_lists(self) -> bool:
        """Tell whether the waiting list of some workshop can be joined."""
        return any(self.may_be_awaited(session) for slot in self.slots for session in slot.sessions)


def load_offer(meeting: Meeting, *, at: datetime) -> Offer:
    """Return the offer of a meeting: one statement, two when it has questions."""
    return _offer(*queries.load_places(meeting), at)


def load_announced_offer(slug: str, *, reserved_for: Collection[int] | None, at: datetime) -> Offer:
    """Return the offer of the announced meeting of this address, found as ``queries.get_announced_meeting`` does."""
    return _offer(*queries.get_announced_places(slug, reserved_for=reserved_for), at)


def _offer(meeting: Meeting, setup: RegistrationSetup, seats: queries.Seats, at: datetime) -> Offer:
    state = _opening(meeting, setup, seats, at)
    questions = live_questions(meeting.id) if setup.form_version else ()
    step = workshop_step(meeting, setup, at)
    return Offer(meeting, setup, seats, state, workshop_slots(meeting), questions, step)


def offer_to(registration: Registration, *, at: datetime) -> Offer:
    """Return the offer of the meeting to somebody registered: no workshop from afar."""
    offer = load_offer(registration.meeting, at=at)
    return replace(offer, slots=()) if registration.mode == "remote" else offer


def _opening(meeting: Meeting, setup: RegistrationSetup, seats: queries.Seats, at: datetime) -> rules.Opening:
    """Where a meeting is followed from afar, it is never full."""
    on_site = rules.opening_with_places(meeting, at, seats.meeting, has_waiting_list=setup.has_waiting_list)
    is_for_all = setup.attendance == "remote" or (
        setup.attendance == "both" and on_site is rules.Opening.FULL
    )
    return rules.opening(meeting, at) if is_for_all else on_site


def workshop_slots(meeting: Meeting) -> list[Slot]:
    """Return the slots in which workshops are chosen."""
    zone = meeting.time_zone
    return [
        Slot(f"{SLOT}{n}", format_time(x.starts_at, zone), format_time(x.ends_at, zone), x.sessions)
        for n, x in enumerate(slots(meeting.workshops), 1)
    ]


def seats_shown(remaining: int | None, capacity: int | None) -> dict[str, object]:
    """Return what the badge of places left says, for the script that keeps it up to date."""
    if remaining is None or capacity is None:
        return {"tone": "open", "text": _("Places disponibles"), "full": False}
    if remaining == 0:
        return {"tone": "full", "text": _("Complet"), "full": True}
    text = ngettext("%(num)d place restante", "%(num)d places restantes", remaining)
    tone = "last" if remaining <= max(3, capacity // 10) else "open"
    return {"tone": tone, "text": text, "full": False}
